import { beforeEach, describe, expect, it } from "vitest";
import { createDraftSaver, type DraftSaver, MAX_WAIT_MS, REST_MS, type SaveStatus } from "./saver";

type Call = { id: string | null; content: string; answer: (id: string) => void; fail: (why: string) => void };

let calls: Call[];
let timers: { run: () => void; at: number }[];
let now: number;
let statuses: SaveStatus[];
let lastId: string | null;
let saver: DraftSaver<string>;

function start(draftId: string | null): void {
  calls = [];
  timers = [];
  statuses = [];
  now = 0;
  lastId = draftId;
  const request = (id: string | null, content: string) =>
    new Promise<{ id: string }>((resolve, reject) => {
      calls.push({ id, content, answer: (fresh) => resolve({ id: fresh }), fail: (why) => reject(new Error(why)) });
    });
  saver = createDraftSaver<string>(
    {
      create: (content) => request(null, content),
      replace: request,
      judge: (failure) => {
        const why = failure instanceof Error ? failure.message : "";
        return why === "offline" || why === "gone" ? why : "failed";
      },
      later: (run, ms) => {
        const timer = { run, at: now + ms };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
      report: (status, id) => {
        statuses.push(status);
        lastId = id;
      },
    },
    draftId,
  );
}

async function pass(ms: number): Promise<void> {
  now += ms;
  for (const timer of timers.filter((one) => one.at <= now)) {
    timers = timers.filter((one) => one !== timer);
    timer.run();
  }
  await settle();
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

const call = (index: number): Call => {
  const one = calls[index];
  if (!one) throw new Error(`there was no request number ${index}`);
  return one;
};

beforeEach(() => start(null));

describe("a draft being written", () => {
  it("is saved once typing rests, with what was typed last", async () => {
    saver.change("H");
    await pass(REST_MS - 1);
    saver.change("Hi");
    await pass(REST_MS - 1);
    expect(calls).toHaveLength(0);
    await pass(1);
    expect(calls.map((c) => c.content)).toEqual(["Hi"]);
    call(0).answer("7");
    await settle();
    expect(statuses.at(-1)).toBe("saved");
    expect(lastId).toBe("7");
  });

  it("is saved now and then even if typing never rests", async () => {
    for (let waited = 0; waited < MAX_WAIT_MS; waited += 500) {
      saver.change(`at ${waited}`);
      await pass(500);
    }
    expect(calls).toHaveLength(1);
  });

  it("follows the new id of each answer", async () => {
    saver.change("one");
    await pass(REST_MS);
    call(0).answer("7");
    await settle();
    saver.change("two");
    await pass(REST_MS);
    call(1).answer("8");
    await settle();
    saver.change("three");
    await pass(REST_MS);
    expect(calls.map((c) => c.id)).toEqual([null, "7", "8"]);
  });

  it("never has two saves on their way, and then saves what came meanwhile", async () => {
    saver.change("one");
    await pass(REST_MS);
    saver.change("two");
    await pass(MAX_WAIT_MS);
    expect(calls).toHaveLength(1);
    call(0).answer("7");
    await settle();
    expect(statuses.at(-1)).toBe("unsaved");
    await pass(REST_MS);
    expect(calls.map((c) => [c.id, c.content])).toEqual([
      [null, "one"],
      ["7", "two"],
    ]);
  });

  it("starts a new draft when the old one was deleted elsewhere", async () => {
    start("7");
    saver.change("x");
    await pass(REST_MS);
    call(0).fail("gone");
    await settle();
    expect(calls.map((c) => c.id)).toEqual(["7", null]);
    call(1).answer("9");
    await settle();
    expect(lastId).toBe("9");
  });
});

describe("a draft without a network", () => {
  it("says so, tries again by itself, and sends the newest content", async () => {
    saver.change("one");
    await pass(REST_MS);
    call(0).fail("offline");
    await settle();
    expect(statuses.at(-1)).toBe("offline");
    await pass(3_000);
    expect(call(1).content).toBe("one");
    call(1).fail("offline");
    await settle();
    saver.change("two");
    await pass(REST_MS);
    expect(call(2).content).toBe("two");
  });

  it("is saved at once when told that the network is back", async () => {
    saver.change("one");
    await pass(REST_MS);
    call(0).fail("offline");
    await settle();
    saver.retry();
    expect(calls).toHaveLength(2);
  });

  it("does not hammer a server that refuses", async () => {
    saver.change("one");
    await pass(REST_MS);
    call(0).fail("invalid");
    await settle();
    expect(statuses.at(-1)).toBe("failed");
    await pass(600_000);
    expect(calls).toHaveLength(1);
    saver.change("two");
    await pass(REST_MS);
    expect(call(1).content).toBe("two");
  });
});

describe("before sending", () => {
  it("flush saves at once and gives the id of the last save", async () => {
    saver.change("one");
    await pass(REST_MS);
    saver.change("two");
    const flushed = saver.flush();
    call(0).answer("7");
    await settle();
    call(1).answer("8");
    expect(await flushed).toBe("8");
  });

  it("flush of something never changed asks nothing", async () => {
    expect(await saver.flush()).toBeNull();
    expect(calls).toHaveLength(0);
  });

  it("flush fails if saving fails, and keeps the content for the next try", async () => {
    saver.change("one");
    const flushed = saver.flush();
    await settle();
    call(0).fail("offline");
    await expect(flushed).rejects.toThrow("offline");
    const again = saver.flush();
    await settle();
    call(1).answer("7");
    expect(await again).toBe("7");
  });

  it("stop waits for the save under way and allows no other", async () => {
    saver.change("one");
    await pass(REST_MS);
    saver.change("two");
    const stopped = saver.stop();
    call(0).answer("7");
    expect(await stopped).toBe("7");
    await pass(600_000);
    expect(calls).toHaveLength(1);
  });
});
