import { expect, it } from "vitest";
import { extensions, switched } from "./imap-extensions";

it("names first what a mail program is known to get wrong, with the program", () => {
  const { known, others } = extensions([]);
  expect(known.map(({ name }) => name)).toEqual(["IMAP4rev2", "UIDONLY", "QRESYNC", "ESEARCH"]);
  for (const { hint } of known) expect(hint).toMatch(/Outlook|iPhone|Nextcloud/);
  expect(others.every(({ isOn, isDisabled }) => isOn && !isDisabled)).toBe(true);
});

it("switches one and leaves the others", () => {
  expect(switched(["NOTIFY"], "MOVE", false)).toEqual(["MOVE", "NOTIFY"]);
  expect(switched(["MOVE", "NOTIFY"], "NOTIFY", true)).toEqual(["MOVE"]);
  expect(switched(["MOVE"], "MOVE", false)).toEqual(["MOVE"]);
  expect(extensions(["MOVE"]).others.find(({ name }) => name === "MOVE")?.isOn).toBe(false);
});

it("has no QRESYNC without CONDSTORE", () => {
  const qresync = extensions(["CONDSTORE"]).known.find(({ name }) => name === "QRESYNC");
  expect(qresync).toMatchObject({ isOn: false, isDisabled: true });
});
