import { describe, expect, it } from "vitest";
import type { Changes } from "../api/types";
import type { SocketListeners, StreamPorts, StreamSocket } from "./stream";
import { backOffMs, startStream } from "./stream";

const none = { changed: [], destroyed: [] };
const delta = (since: string, state: string, hasMore = false): Changes => ({
  account_id: "acc",
  since,
  state,
  has_more: hasMore,
  mailboxes: none,
  emails: none,
  threads: none,
  submissions: { changed: [] },
  assignments: { changed: [] },
});
const soon = () => new Promise((resolve) => setTimeout(resolve, 0));

function world() {
  const sockets: (StreamSocket & SocketListeners & { sent: unknown[] })[] = [];
  const seen = { changes: [] as string[], resyncs: [] as string[], connections: [] as string[], asked: [] as string[] };
  const presence = { watched: [] as string[], told: [] as unknown[] };
  const timers = new Map<number, { run: () => void; ms: number }>();
  let lastTimer = 0;
  const answers: Changes[] = [];
  const ports: StreamPorts = {
    fetchTicket: async () => "t",
    openSocket: (_ticket, listeners) => {
      const sent: unknown[] = [];
      const socket = {
        sent,
        send: (text: string) => sent.push(JSON.parse(text)),
        close: () => undefined,
        ...listeners,
      };
      sockets.push(socket);
      return socket;
    },
    fetchChanges: async (since) => {
      seen.asked.push(since);
      return answers.shift() ?? delta(since, since);
    },
    onChanges: (changes) => seen.changes.push(changes.state),
    onResync: (state) => seen.resyncs.push(state),
    onConnection: (connection) => seen.connections.push(connection),
    watched: () => presence.watched,
    onPresence: (people, isWhole) => presence.told.push([people, isWhole]),
    isOnline: () => true,
    random: () => 1,
    setTimer: (run, ms) => {
      lastTimer += 1;
      timers.set(lastTimer, { run, ms });
      return lastTimer;
    },
    clearTimer: (timer) => timers.delete(timer as number),
  };
  const say = (message: unknown) => sockets.at(-1)?.onMessage(JSON.stringify(message));
  const fire = async () => {
    const [id, timer] = [...timers].at(-1) ?? [];
    if (id) timers.delete(id);
    timer?.run();
    await soon();
    return timer?.ms;
  };
  return { ports, sockets, seen, presence, timers, say, fire, answers };
}

describe("the stream", () => {
  it("that outlives a gap in the network is live again", async () => {
    const { ports, sockets, seen } = world();
    const running = startStream("acc", "1", ports);
    await soon();
    running.reconnectNow();
    expect(seen.connections).toEqual([]);
    sockets[0]?.onOpen();
    running.reconnectNow();
    expect(seen.connections).toEqual(["live", "live"]);
    expect(sockets).toHaveLength(1);
  });

  it("watches who is shown, from its opening on and when others are shown", async () => {
    const { ports, sockets, presence, say } = world();
    presence.watched = ["bob@x.test"];
    const running = startStream("acc", "1", ports);
    running.watch();
    await soon();
    sockets[0]?.onOpen();
    expect(sockets[0]?.sent[1]).toEqual({ type: "watch", people: ["bob@x.test"] });
    presence.watched = [];
    running.watch();
    expect(sockets[0]?.sent[2]).toEqual({ type: "watch", people: [] });
    say({ type: "presence", people: { "bob@x.test": true }, is_whole: true });
    expect(presence.told).toEqual([[{ "bob@x.test": true }, true]]);
  });

  it("subscribes from where it was and takes in what is pushed", async () => {
    const { ports, sockets, seen, say } = world();
    startStream("acc", "5", ports);
    await soon();
    sockets[0]?.onOpen();
    expect(sockets[0]?.sent).toEqual([{ type: "subscribe", account: "acc", since: "5" }]);
    say({ type: "changes", ...delta("5", "7") });
    expect(seen.changes).toEqual(["7"]);
    expect(seen.connections.at(-1)).toBe("live");
  });

  it("comes back later and later, from the last state it took in", async () => {
    const { ports, sockets, say, fire, seen } = world();
    startStream("acc", "5", ports);
    await soon();
    sockets[0]?.onOpen();
    say({ type: "changes", ...delta("5", "9") });
    sockets[0]?.onClose();
    expect(seen.connections.at(-1)).toBe("reconnecting");
    expect(await fire()).toBe(300);
    sockets[1]?.onClose();
    expect(await fire()).toBe(600);
    sockets[2]?.onOpen();
    expect(sockets[2]?.sent).toEqual([{ type: "subscribe", account: "acc", since: "9" }]);
  });

  it("fills a gap by asking, as often as there is more", async () => {
    const { ports, sockets, seen, say, answers } = world();
    startStream("acc", "5", ports);
    await soon();
    sockets[0]?.onOpen();
    answers.push(delta("5", "8", true), delta("8", "12"));
    say({ type: "changes", ...delta("10", "12") });
    await soon();
    expect(seen.asked).toEqual(["5", "8"]);
    expect(seen.changes).toEqual(["8", "12"]);
  });

  it("does not go back to an older state", async () => {
    const { ports, sockets, seen, say } = world();
    startStream("acc", "5", ports);
    await soon();
    sockets[0]?.onOpen();
    say({ type: "changes", ...delta("2", "4") });
    expect(seen.changes).toEqual([]);
  });

  it("starts over when too much was missed", async () => {
    const { ports, sockets, seen, say } = world();
    startStream("acc", "5", ports);
    await soon();
    sockets[0]?.onOpen();
    say({ type: "resync", account: "acc", state: "900" });
    say({ type: "changes", ...delta("900", "901") });
    expect(seen.resyncs).toEqual(["900"]);
    expect(seen.changes).toEqual(["901"]);
  });

  it("answers a ping, and gives up a connection that fell silent", async () => {
    const { ports, sockets, timers, say, fire, seen } = world();
    startStream("acc", "5", ports);
    await soon();
    sockets[0]?.onOpen();
    say({ type: "hello", heartbeat_seconds: 10 });
    say({ type: "ping" });
    expect(sockets[0]?.sent.at(-1)).toEqual({ type: "pong" });
    expect([...timers.values()].map((timer) => timer.ms)).toEqual([22_000]);
    await fire();
    expect(seen.connections.at(-1)).toBe("reconnecting");
  });

  it("comes back at once when the server is known to be there, and once only", async () => {
    const { ports, sockets, seen } = world();
    const stream = startStream("acc", "5", ports);
    await soon();
    sockets[0]?.onOpen();
    sockets[0]?.onClose();
    stream.serverIsThere();
    stream.serverIsThere();
    stream.reconnectNow();
    await soon();
    expect(sockets).toHaveLength(2);
    sockets[1]?.onOpen();
    expect(seen.connections.at(-1)).toBe("live");
  });

  it("keeps its pauses when all is answered but the socket", async () => {
    const { ports, sockets, timers } = world();
    const pauses = () => [...timers.values()].map((timer) => timer.ms);
    const stream = startStream("acc", "5", ports);
    await soon();
    for (const pause of [300, 600, 1200, 2400, 3000]) {
      sockets.at(-1)?.onClose();
      expect(pauses()).toEqual([pause]);
      stream.serverIsThere();
      await soon();
    }
    sockets.at(-1)?.onClose();
    stream.reconnectNow();
    await soon();
    sockets.at(-1)?.onClose();
    expect(pauses()).toEqual([300]);
  });

  it("gives up a ticket that never comes, and lets it go when it comes after all", async () => {
    const { ports, sockets, seen, timers, fire } = world();
    let bring: (ticket: string) => void = () => undefined;
    const late = new Promise<string>((resolve) => {
      bring = resolve;
    });
    startStream("acc", "5", { ...ports, fetchTicket: () => late });
    expect([...timers.values()].map((timer) => timer.ms)).toEqual([10_000]);
    await fire();
    expect(seen.connections).toEqual(["reconnecting"]);
    bring("late");
    await soon();
    expect(sockets).toHaveLength(0);
  });

  it("is silent after it was stopped", async () => {
    const { ports, sockets, timers } = world();
    const stream = startStream("acc", "5", ports);
    await soon();
    stream.stop();
    sockets[0]?.onClose();
    expect(timers.size).toBe(0);
  });
});

describe("backOffMs", () => {
  it("stays within three seconds for the first minute, then within ten", () => {
    const waits = Array.from({ length: 40 }, (_, attempt) => backOffMs(attempt, 1));
    const inFirstMinute = waits.filter((_, attempt) => waits.slice(0, attempt).reduce((a, b) => a + b, 0) < 60_000);
    expect(Math.max(...inFirstMinute)).toBe(3_000);
    expect(Math.max(...waits)).toBe(10_000);
  });
  it("spreads clients over half the time", () => expect([backOffMs(2, 0), backOffMs(2, 1)]).toEqual([600, 1200]));

  it("hands on what is told of accounts that one shares, and stays where it is in one's own", async () => {
    const { ports, sockets, seen, say } = world();
    const shared: (string | null)[] = [];
    startStream("acc", "5", { ...ports, onShared: (changes) => shared.push(changes?.state ?? null) });
    await soon();
    sockets[0]?.onOpen();
    say({ type: "changes", ...delta("900", "901"), account_id: "shared" });
    say({ type: "resync", account: "shared", state: "907" });
    expect(shared).toEqual(["901", null]);
    expect(seen.changes).toEqual([]);
    expect(seen.resyncs).toEqual([]);
    say({ type: "changes", ...delta("5", "6") });
    expect(seen.changes).toEqual(["6"]);
  });
});
