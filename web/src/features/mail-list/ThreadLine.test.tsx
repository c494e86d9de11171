// biome-ignore-all lint/a11y/useSemanticElements: as in the line itself
import { render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { clearSelection, useView } from "../../commands/view";
import { threadRow } from "../../testing/make";
import type { ThreadLineProps } from "./ThreadLine";
import { ThreadLine } from "./ThreadLine";

const onOpen = vi.fn();

function line(facts: Partial<ThreadLineProps> = {}) {
  const props: ThreadLineProps = {
    row: threadRow({ id: "b", unread_count: 1, is_flagged: true, has_attachment: true }),
    index: 1,
    shape: "two",
    labels: [],
    own: new Set(["me@x.org"]),
    showsRecipients: false,
    role: "inbox",
    isOpen: false,
    isFocused: false,
    isSelected: false,
    isSelecting: false,
    idOfAll: () => ["a", "b", "c"],
    onOpen,
    onPoint: () => undefined,
    ...facts,
  };
  render(
    <div role="grid">
      <ThreadLine {...props} />
    </div>,
  );
  return screen.getByRole("row");
}

beforeEach(() => {
  onOpen.mockClear();
  clearSelection();
  useView.setState({ focusedId: null });
});

it("says who, what, and that it is unread, starred and has attachments", () => {
  const row = line();
  expect(row.textContent).toContain("Bob");
  expect(row.textContent).toContain("Hello");
  expect(row.textContent).toContain("Unread");
  expect(screen.getByLabelText("Starred")).toBeDefined();
  expect(screen.getByLabelText("Has attachments")).toBeDefined();
});

it("tells the time that gives it its place in the list", () => {
  const row = line({ row: threadRow({ placed_at: "2026-11-20T06:00:00.000Z", last_at: "2026-11-21T07:00:00.000Z" }) });
  expect(row.querySelector("time")?.dateTime).toBe("2026-11-20T06:00:00.000Z");
});

it("opens on a click, selects with its box, and takes a range with shift", async () => {
  const user = userEvent.setup();
  const row = line();
  await user.click(row);
  expect(onOpen).toHaveBeenCalledWith("b");
  await user.click(screen.getByRole("checkbox", { name: "Select Hello" }));
  expect([...useView.getState().selected]).toEqual(["b"]);
  useView.setState({ anchorId: "a" });
  await user.keyboard("{Shift>}");
  await user.click(row);
  await user.keyboard("{/Shift}");
  expect([...useView.getState().selected].toSorted()).toEqual(["a", "b"]);
  expect(onOpen).toHaveBeenCalledTimes(1);
});

it("names whom sent mail went to, not oneself", () => {
  const me = { name: "Me", email: "me@x.org" };
  const dora = { name: "Dora Li", email: "dora@x.org" };
  expect(
    line({ showsRecipients: true, row: threadRow({ senders: [dora, me], recipients: [me] }) }).textContent,
  ).toContain("To: Dora Li");
});

it("offers what makes sense in its list", () => {
  line({ role: "junk" });
  expect(screen.getByRole("button", { name: "Not junk" })).toBeDefined();
  expect(screen.queryByRole("button", { name: "Archive" })).toBeNull();
});

it("marks the words that a search found", () => {
  const snippet = {
    email_id: "e1",
    subject: [
      { text: "The ", is_match: false },
      { text: "<b>kraken</b>", is_match: true },
    ],
    text: [{ text: "deep", is_match: true }],
  };
  const row = line({ row: threadRow({ subject: "Re: The kraken", preview: "Old", snippet }) });
  expect([...row.querySelectorAll("mark")].map((mark) => mark.textContent)).toEqual(["<b>kraken</b>", "deep"]);
  expect(row.textContent).not.toContain("Old");
});
