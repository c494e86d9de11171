import { describe, expect, it } from "vitest";
import { interleave } from "./interleave";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 8, minute)).toISOString();
const mail = (minute: number) => ({ id: `mail${minute}`, at: at(minute) });
const note = (minute: number) => ({ id: `note${minute}`, created_at: at(minute) });
const shown = (mails: number[], notes: number[]) =>
  interleave(mails.map(mail), notes.map(note), (one) => one.at).map((one) =>
    one.kind === "mail" ? one.mail.id : one.notes.map((each) => each.id).join("+"),
  );

describe("interleave", () => {
  it("puts each note behind the mail that was there when it was written", () => {
    expect(shown([10, 20, 30], [15, 25, 35])).toEqual(["mail10", "note15", "mail20", "note25", "mail30", "note35"]);
  });
  it("makes one group of notes beside one another", () => {
    expect(shown([10, 20], [11, 12, 21])).toEqual(["mail10", "note11+note12", "mail20", "note21"]);
  });
  it("takes the same moment for an answer", () => {
    expect(shown([10], [10])).toEqual(["mail10", "note10"]);
  });
  it("keeps notes from before all mails, and without any", () => {
    expect(shown([10], [5])).toEqual(["note5", "mail10"]);
    expect(shown([], [5])).toEqual(["note5"]);
    expect(shown([10, 20], [])).toEqual(["mail10", "mail20"]);
  });
  it("keeps mails in their own order, also where their times are not", () => {
    expect(shown([20, 10], [15])).toEqual(["mail20", "mail10", "note15"]);
  });
});
