import { render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { Picker } from "./Picker";

const items = [
  { id: "archive", title: "Archive" },
  { id: "trash", title: "Move to trash" },
  { id: "go", title: "Go to Archive" },
];

function open() {
  const onPick = vi.fn();
  const onClose = vi.fn();
  render(
    <Picker title="Commands" placeholder="What?" items={items} emptyText="None." onPick={onPick} onClose={onClose} />,
  );
  return { onPick, onClose };
}

it("narrows as one types and takes the first with Enter", async () => {
  const { onPick } = open();
  await userEvent.type(screen.getByRole("combobox", { name: "What?" }), "arch");
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["Archive", "Go to Archive"]);
  await userEvent.keyboard("{Enter}");
  expect(onPick).toHaveBeenCalledWith("archive", "arch");
});

it("goes round with the arrows", async () => {
  const { onPick } = open();
  await userEvent.click(screen.getByRole("combobox"));
  await userEvent.keyboard("{ArrowUp}{Enter}");
  expect(onPick).toHaveBeenCalledWith("go", "");
});

it("says when nothing fits, and closes on Escape", async () => {
  const { onPick, onClose } = open();
  await userEvent.type(screen.getByRole("combobox"), "zzz{Enter}");
  expect(screen.getByText("None.")).toBeDefined();
  expect(onPick).not.toHaveBeenCalled();
  await userEvent.keyboard("{Escape}");
  expect(onClose).toHaveBeenCalled();
});
