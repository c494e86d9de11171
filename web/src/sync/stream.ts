/**
 * One WebSocket that keeps the account current. It resumes from the last state it took in; a gap
 * is filled by asking for the changes; too large a gap means everything is read again.
 *
 * Everything outside (sockets, tickets, clocks, chance) comes in by `ports`, so that the whole
 * life of a connection runs in a test.
 */
import type { Changes } from "../api/types";
import type { Here } from "./presence";
import { isAtLeast } from "./state";
import type { Connection } from "./status";
import type { Resync, Told } from "./told";

export type SocketListeners = { onOpen: () => void; onMessage: (data: unknown) => void; onClose: () => void };
export type StreamSocket = { send: (text: string) => void; close: () => void };

export type StreamPorts = {
  fetchTicket: () => Promise<string>;
  openSocket: (ticket: string, listeners: SocketListeners) => StreamSocket;
  fetchChanges: (since: string) => Promise<Changes>;
  onChanges: (changes: Changes) => void;
  /** What is told of accounts that one shares; null when too much was missed of one. */
  onShared?: (changes: Changes | null) => void;
  /** Everything known is doubtful; the new state is where to go on from. */
  onResync: (state: string) => void;
  onConnection: (connection: Connection) => void;
  /** Whose coming and going is to be told. */
  watched: () => string[];
  onPresence: (people: Here, isWhole: boolean) => void;
  /** What is said after the mail was subscribed to, each time the line opens. */
  greeting?: () => object[];
  /** What is told of conversations. */
  onTold?: (told: Told) => void;
  isOnline: () => boolean;
  random: () => number;
  setTimer: (run: () => void, ms: number) => unknown;
  clearTimer: (timer: unknown) => void;
};

export type Stream = {
  stop: () => void;
  /** The browser says that things may have changed: at once, and with short pauses again. */
  reconnectNow: () => void;
  /** Something else was answered. Does not shorten the pauses: a proxy may let all pass but sockets. */
  serverIsThere: () => void;
  /** Others are to be watched than were. */
  watch: () => void;
  /** Says something now; lost while the line is down. */
  say: (message: object) => void;
};

const FIRST_DELAY_MS = 300;
/** Most outages are restarts: for the first minute nobody should wait for a server that is back. */
const SHORT_DELAY_MS = 3_000;
const SHORT_ATTEMPTS = 25;
const LONGEST_DELAY_MS = 10_000;
/** A ticket and a socket that take longer never come. */
const OPENING_MS = 10_000;
const DEFAULT_HEARTBEAT_SECONDS = 25;
const MISSED_HEARTBEATS = 2.2;

/** Doubles up to a few seconds, later to ten; the jitter keeps a thousand clients from coming back at once. */
export function backOffMs(attempt: number, random: number): number {
  const longest = attempt < SHORT_ATTEMPTS ? SHORT_DELAY_MS : LONGEST_DELAY_MS;
  return Math.round(Math.min(longest, FIRST_DELAY_MS * 2 ** attempt) * (0.5 + random / 2));
}

type Message =
  | ({ type: "changes" } & Changes)
  | Resync
  | { type: "hello"; heartbeat_seconds: number }
  | { type: "presence"; people: Here; is_whole: boolean }
  | { type: "ping" }
  | { type: "pong" }
  | Told;

function parse(data: unknown): Message | null {
  if (typeof data !== "string") return null;
  try {
    return JSON.parse(data) as Message;
  } catch {
    return null;
  }
}

export function startStream(accountId: string, since: string, ports: StreamPorts): Stream {
  let state = since;
  let socket: StreamSocket | null = null;
  let phase: "waiting" | "opening" | "open" = "waiting";
  let attempt = 0;
  /** The newest opening; what an older one brings is let go. */
  let opening = 0;
  let isStopped = false;
  let retryTimer: unknown;
  let quietTimer: unknown;
  let heartbeatMs = DEFAULT_HEARTBEAT_SECONDS * 1000;

  const take = (changes: Changes) => {
    if (!isAtLeast(changes.state, state)) return;
    state = changes.state;
    ports.onChanges(changes);
  };

  const fill = async () => {
    try {
      let changes = await ports.fetchChanges(state);
      take(changes);
      while (changes.has_more && !isStopped) {
        changes = await ports.fetchChanges(state);
        take(changes);
      }
    } catch {
      drop();
    }
  };

  const dropAfter = (ms: number) => {
    ports.clearTimer(quietTimer);
    quietTimer = ports.setTimer(drop, ms);
  };

  const receive = (message: Message) => {
    if (message.type === "ping") socket?.send(JSON.stringify({ type: "pong" }));
    else if (message.type === "hello") heartbeatMs = message.heartbeat_seconds * 1000;
    else if (message.type === "resync") resync(message);
    else if (message.type === "presence") ports.onPresence(message.people, message.is_whole);
    else if (message.type === "changes" && message.account_id !== accountId) ports.onShared?.(message);
    else if (message.type === "changes") {
      if (isAtLeast(state, message.since)) take(message);
      else void fill();
      attempt = 0;
      ports.onConnection("live");
    } else if (message.type !== "pong") ports.onTold?.(message);
  };

  const resync = (message: Resync) => {
    if (message.account !== undefined && message.account !== accountId) return ports.onShared?.(null);
    if (message.account === undefined) ports.onTold?.(message);
    if (message.account !== undefined && message.state !== undefined) {
      state = message.state;
      ports.onResync(message.state);
    } else if (message.conversation === undefined && message.own === undefined) void fill();
  };

  const connect = async () => {
    ports.clearTimer(retryTimer);
    if (isStopped || phase !== "waiting") return;
    phase = "opening";
    opening += 1;
    const mine = opening;
    dropAfter(OPENING_MS);
    try {
      const ticket = await ports.fetchTicket();
      if (!isStopped && mine === opening) open(ticket);
    } catch {
      if (mine === opening) retryLater();
    }
  };

  const open = (ticket: string) => {
    const opened = ports.openSocket(ticket, {
      onOpen: () => {
        if (socket !== opened) return;
        phase = "open";
        opened.send(JSON.stringify({ type: "subscribe", account: accountId, since: state }));
        for (const said of ports.greeting?.() ?? []) opened.send(JSON.stringify(said));
        if (ports.watched().length > 0) watch();
        ports.onConnection("live");
      },
      onMessage: (data) => {
        if (socket !== opened) return;
        dropAfter(heartbeatMs * MISSED_HEARTBEATS);
        const message = parse(data);
        if (message) receive(message);
      },
      onClose: () => {
        if (socket !== opened) return;
        socket = null;
        retryLater();
      },
    });
    socket = opened;
  };

  const say = (message: object) => {
    if (phase === "open") socket?.send(JSON.stringify(message));
  };

  const watch = () => say({ type: "watch", people: ports.watched() });

  const drop = () => {
    const old = socket;
    socket = null;
    old?.close();
    retryLater();
  };

  const retryLater = () => {
    ports.clearTimer(quietTimer);
    ports.clearTimer(retryTimer);
    phase = "waiting";
    opening += 1;
    if (isStopped) return;
    ports.onConnection(ports.isOnline() ? "reconnecting" : "offline");
    retryTimer = ports.setTimer(() => void connect(), backOffMs(attempt, ports.random()));
    attempt += 1;
  };

  const serverIsThere = () => {
    if (phase === "waiting") void connect();
    else if (phase === "open") ports.onConnection("live"); // it outlived the gap; if it did not, its silence ends it
  };

  void connect();
  return {
    stop: () => {
      isStopped = true;
      ports.clearTimer(retryTimer);
      ports.clearTimer(quietTimer);
      const old = socket;
      socket = null;
      old?.close();
    },
    reconnectNow: () => {
      attempt = 0;
      serverIsThere();
    },
    serverIsThere,
    watch,
    say,
  };
}
