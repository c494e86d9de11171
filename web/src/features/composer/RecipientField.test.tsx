import { render, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Addr } from "../../api/types";
import { flushRecipients } from "./pendingRecipients";
import { RecipientField } from "./RecipientField";
import { signInForTest } from "./testing/session";

let addrs: Addr[];

function Harness({ start }: { start: Addr[] }) {
  const [value, setValue] = useState(start);
  addrs = value;
  return (
    <RecipientField
      composerKey="k"
      label="To"
      addrs={value}
      taken={value}
      ownAddresses={["alice@example.org"]}
      calls={1}
      onChange={setValue}
    />
  );
}

const show = (...emails: string[]) => render(<Harness start={emails.map((email) => ({ name: "", email }))} />);
const field = () => screen.getByRole("combobox", { name: "To" });
const emails = () => addrs.map((addr) => addr.email);

beforeEach(() => signInForTest({ "/addresses/": { items: [{ name: "Ada Lovelace", email: "ada@example.org" }] } }));
afterEach(() => vi.unstubAllGlobals());

it("turns typed words into a chip at a comma, at Enter and when one goes on", async () => {
  show();
  await userEvent.type(field(), "a@x.org,b@x.org{Enter}c@x.org");
  await userEvent.tab();
  expect(emails()).toEqual(["a@x.org", "b@x.org", "c@x.org"]);
});

it("takes a pasted list with names", async () => {
  show();
  await userEvent.click(field());
  await userEvent.paste('"Lovelace, Ada" <ada@x.org>; bob@x.org');
  expect(addrs).toEqual([
    { name: "Lovelace, Ada", email: "ada@x.org" },
    { name: "", email: "bob@x.org" },
  ]);
});

it("marks what is no address, and who is outside", () => {
  show("nonsense", "bob@elsewhere.org", "carol@example.org");
  expect(screen.getByRole("button", { name: "nonsense: not an address" })).toBeDefined();
  expect(screen.getByRole("button", { name: /bob@elsewhere.org: outside your organisation/ })).toBeDefined();
  expect(screen.getByRole("button", { name: "carol@example.org" })).toBeDefined();
});

it("removes by Backspace twice, as the first only steps onto the chip", async () => {
  show("a@example.org", "b@example.org");
  await userEvent.type(field(), "{Backspace}");
  expect(document.activeElement?.getAttribute("aria-label")).toBe("b@example.org");
  expect(emails()).toHaveLength(2);
  await userEvent.keyboard("{Backspace}");
  expect(emails()).toEqual(["a@example.org"]);
  expect(document.activeElement).toBe(field());
});

it("walks over chips by arrows, removes by Delete, edits by Enter", async () => {
  show("a@example.org", "b@example.org", "c@example.org");
  await userEvent.type(field(), "{ArrowLeft}{ArrowLeft}{Delete}");
  expect(emails()).toEqual(["a@example.org", "c@example.org"]);
  await userEvent.keyboard("{ArrowLeft}{ArrowRight}");
  expect(document.activeElement).toBe(field());
  await userEvent.keyboard("{ArrowLeft}{Enter}");
  expect(emails()).toEqual(["a@example.org"]);
  expect((field() as HTMLInputElement).value).toBe("c@example.org");
});

it("completes from history, by Enter and by Escape not", async () => {
  show();
  await userEvent.type(field(), "ad");
  const list = await screen.findByRole("listbox");
  expect(within(list).getByRole("option").textContent).toContain("Ada Lovelace");
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("listbox")).toBeNull();
  await userEvent.type(field(), "a");
  await screen.findByRole("listbox");
  await userEvent.keyboard("{Enter}");
  expect(addrs).toEqual([{ name: "Ada Lovelace", email: "ada@example.org" }]);
});

it("gives up half-typed words to a send", async () => {
  show();
  await userEvent.type(field(), "zoe@x.org");
  flushRecipients("k");
  await waitFor(() => expect(emails()).toEqual(["zoe@x.org"]));
});
