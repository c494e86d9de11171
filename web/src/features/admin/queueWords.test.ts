import { describe, expect, it } from "vitest";
import type { StopShape, WaitingShape } from "../../api/generated/schema";
import { outcomeWords, stateWords, whyStopped } from "./queueWords";

const waiting: WaitingShape = {
  id: "1",
  submission_id: "2",
  sender: "ann@here.test",
  recipient: "zoe@there.test",
  destination: "there.test",
  state: "retrying",
  held_by: null,
  attempts: 2,
  queued_at: "2026-11-28T01:00:00.000Z",
  next_attempt_at: null,
  host: null,
  tls: null,
  verified_by: null,
  answer: null,
  reason: null,
};
const stop: StopShape = {
  id: "1",
  user_id: "2",
  email: "ann@here.test",
  reason: "many_new",
  new_recipients: 101,
  failures: 20,
  complaints: 1,
  held: 7,
  created_at: "2026-11-28T01:00:00.000Z",
  ended_at: null,
  outcome: null,
};

describe("what waits", () => {
  it("says who holds it before how often it was tried", () => {
    expect(stateWords(waiting)).toBe("2 tries in vain");
    expect(stateWords({ ...waiting, attempts: 0, state: "queued" })).toBe("Not tried yet");
    expect(stateWords({ ...waiting, state: "held", held_by: "stop" })).toBe("Held: sender stopped");
  });
});

describe("a stop", () => {
  it("says what was counted", () => {
    expect(whyStopped(stop)).toBe("Wrote to 101 people for the first time within two hours.");
    expect(whyStopped({ ...stop, reason: "many_failures" })).toBe("20 mails came back within a day.");
    expect(whyStopped({ ...stop, reason: "complaints" })).toBe("1 reader called it spam.");
  });
});

describe("an act on many", () => {
  it("tells of those that could not be changed", () => {
    expect(outcomeWords("hold", [{ status: 200 }, { status: 200 }])).toBe("2 mails are held.");
    expect(outcomeWords("retry", [{ status: 200 }, { status: 409 }])).toBe(
      "1 mail is tried now. 1 had changed meanwhile.",
    );
    expect(outcomeWords("give_up", [{ status: 404 }])).toBe("1 had changed meanwhile.");
  });
});
