import { beforeEach, describe, expect, it } from "vitest";
import { clearSelection, selectRange, toggleSelected, useView } from "./view";

const ids = ["a", "b", "c", "d"];
const selected = () => [...useView.getState().selected].toSorted().join("");

describe("selection", () => {
  beforeEach(() => {
    clearSelection();
    useView.setState({ focusedId: null });
  });

  it("toggles one row", () => {
    toggleSelected("b");
    expect(selected()).toBe("b");
    toggleSelected("b");
    expect(selected()).toBe("");
  });

  it("takes a range from the last one ticked, either way", () => {
    toggleSelected("c");
    selectRange(ids, "a");
    expect(selected()).toBe("abc");
    selectRange(ids, "d");
    expect(selected()).toBe("abcd");
  });

  it("starts a range at the cursor when nothing is ticked", () => {
    useView.setState({ focusedId: "b" });
    selectRange(ids, "d");
    expect(selected()).toBe("bcd");
  });

  it("takes one row when there is nowhere to start", () => {
    selectRange(ids, "b");
    expect(selected()).toBe("b");
  });
});
