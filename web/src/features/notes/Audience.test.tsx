import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { Audience } from "./Audience";

afterEach(cleanup);

it("says which of the two it is, and changes only to the other", async () => {
  const onReply = vi.fn();
  const onNote = vi.fn();
  render(
    <Audience kind="note" onReply={onReply} onNote={onNote}>
      Only people with this mailbox
    </Audience>,
  );
  expect(screen.getByRole("group", { name: "Who gets it" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Note" }).getAttribute("aria-pressed")).toBe("true");
  expect(screen.getByRole("button", { name: "Reply" }).getAttribute("aria-pressed")).toBe("false");
  await userEvent.click(screen.getByRole("button", { name: "Reply" }));
  expect(onReply).toHaveBeenCalledOnce();
  expect(onNote).not.toHaveBeenCalled();
});
