import { describe, expect, it } from "vitest";
import type { Fault, Sending } from "./pieces";
import { sendInPieces } from "./pieces";

class Lost extends Error {}
class Gone extends Error {}
class Refused extends Error {}

/** A server that keeps what comes; `faults` are met by the calls in turn, and `keeps` bytes of a lost piece arrive. */
function server(faults: (Error | null)[] = [], keeps = 0) {
  const files = new Map<string, number[]>();
  const asked: string[] = [];
  const next = (what: string) => {
    asked.push(what);
    return faults.shift() ?? null;
  };
  const line: Sending["line"] = {
    begin: async () => {
      const fault = next("begin");
      if (fault) throw fault;
      const where = `place ${files.size + 1}`;
      files.set(where, []);
      return where;
    },
    offsetOf: async (where) => {
      const fault = next("offset");
      if (fault) throw fault;
      const held = files.get(where);
      if (!held) throw new Gone();
      return held.length;
    },
    add: async (where, from, to) => {
      const fault = next(`${from}-${to}`);
      const held = files.get(where);
      if (!held) throw new Gone();
      if (held.length !== from) throw new Error("wrong offset");
      const bytes = Array.from({ length: to - from }, (_, index) => from + index);
      held.push(...(fault ? bytes.slice(0, keeps) : bytes));
      if (fault) throw fault;
    },
  };
  return { files, asked, line };
}

function send(line: Sending["line"], more: Partial<Sending> = {}) {
  const judge = (fault: unknown): Fault => (fault instanceof Lost ? "again" : fault instanceof Gone ? "gone" : "stop");
  const nothing = () => undefined;
  return sendInPieces({
    size: 10,
    pieceBytes: 4,
    line,
    judge,
    pause: async () => undefined,
    where: null,
    onPlace: nothing,
    onWaiting: nothing,
    ...more,
  });
}

const whole = Array.from({ length: 10 }, (_, index) => index);

describe("what goes up in pieces", () => {
  it("comes whole and in order", async () => {
    const { files, asked, line } = server();
    expect(files.get(await send(line))).toEqual(whole);
    expect(asked).toEqual(["begin", "0-4", "4-8", "8-10"]);
  });

  it("goes on where a lost line left it, also in the middle of a piece", async () => {
    const { files, asked, line } = server([null, null, new Lost(), new Lost()], 3);
    const waiting: boolean[] = [];
    expect(files.get(await send(line, { onWaiting: (is) => waiting.push(is) }))).toEqual(whole);
    expect(asked).toEqual(["begin", "0-4", "4-8", "offset", "offset", "7-10"]);
    expect(waiting).toEqual([false, true, true, false]);
  });

  it("does not send again what came though its answer was lost", async () => {
    const { files, asked, line } = server([null, null, null, new Lost()], 2);
    expect(files.get(await send(line))).toEqual(whole);
    expect(asked.at(-1)).toBe("offset");
  });

  it("goes on from an earlier try", async () => {
    const { files, asked, line } = server();
    files.set("mine", [0, 1, 2, 3, 4, 5]);
    expect(await send(line, { where: "mine" })).toBe("mine");
    expect(asked).toEqual(["offset", "6-10"]);
  });

  it("begins anew when the place has gone, and only once", async () => {
    const { files, line } = server();
    const places: (string | null)[] = [];
    expect(files.get(await send(line, { where: "gone", onPlace: (one) => places.push(one) }))).toEqual(whole);
    expect(places).toEqual([null, "place 1"]);
    await expect(send(server([new Gone(), new Gone()]).line)).rejects.toBeInstanceOf(Gone);
  });

  it("stops at what no patience helps", async () => {
    const { asked, line } = server([null, new Refused()]);
    await expect(send(line)).rejects.toBeInstanceOf(Refused);
    expect(asked).toHaveLength(2);
  });

  it("waits longer and longer, and stops when nobody wants it any more", async () => {
    const tries: number[] = [];
    const pause = async (count: number) => {
      tries.push(count);
      if (count === 2) throw new Refused();
    };
    const { line } = server(Array.from({ length: 9 }, () => new Lost()));
    await expect(send(line, { pause })).rejects.toBeInstanceOf(Refused);
    expect(tries).toEqual([0, 1, 2]);
  });
});
