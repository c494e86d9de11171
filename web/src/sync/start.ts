/** Joins the stream to the query cache for as long as somebody is signed in. */
import type { QueryClient } from "@tanstack/react-query";
import { api, onAnswer } from "../api/client";
import { ApiError } from "../api/error";
import { noteKeys } from "../api/notes";
import { keys } from "../api/queries";
import { sessionUser } from "../api/session";
import type { Account, Changes } from "../api/types";
import { openActs, sendWaiting, settleActs, startActs, stopActs } from "./act-queue";
import { writeChanges, writeOpenThreads } from "./cache";
import { startConversations } from "./conversations";
import { writeDesks } from "./desks";
import { notificationsMessage, takeNotifications } from "./notifications";
import { askPresenceBy, forgetPresence, takePresence, watched } from "./presence";
import { setConnection, useSyncStatus } from "./status";
import type { SocketListeners, Stream, StreamSocket } from "./stream";
import { startStream } from "./stream";

const CHANGES_PER_CALL = 500;
/** Of accounts that one shares; the server takes more, but so many messages at once. */
const MOST_SHARED = 40;
const syncKey = (accountId: string) => ["sync", accountId] as const;

/** Gives back what stops it. */
export function startSync(client: QueryClient, account: Account): () => void {
  const since = client.getQueryData<string>(syncKey(account.id)) ?? account.state;
  const reach = (state: string) => {
    client.setQueryData(syncKey(account.id), state);
    settleActs(state);
  };
  const resync = (state: string) => {
    void client.invalidateQueries({ queryKey: keys.mailboxes(account.id) });
    void client.invalidateQueries({ queryKey: keys.allThreadLists });
    void client.invalidateQueries({ queryKey: keys.allThreads });
    reach(state);
  };
  let wasOpen = false;
  void startActs(client);
  const conversations = startConversations(client);
  const stream = startStream(account.id, since, {
    fetchTicket: async () => (await api.post<{ ticket: string }>("/auth/ticket/")).ticket,
    openSocket,
    fetchChanges: (state) => fetchChanges(account.id, state).catch((error) => giveUpChanges(error, account.id, resync)),
    onChanges: (changes) => {
      writeChanges(client, changes, openActs());
      writeDesks(client, changes, account.id);
      reach(changes.state);
    },
    onShared: (changes) => {
      if (!changes) return readSharedAgain(client);
      writeOpenThreads(client, changes);
      writeDesks(client, changes, account.id);
    },
    onResync: resync,
    onConnection: (connection) => {
      setConnection(connection);
      if (connection !== "live") return forgetPresence();
      void sendWaiting();
      conversations.goOn();
      void client.refetchQueries({ type: "active", predicate: (query) => query.state.status === "error" });
    },
    watched,
    onPresence: takePresence,
    greeting: () => {
      // They are told from now on: what happened while the line was down is read again.
      if (wasOpen) readSharedAgain(client);
      wasOpen = true;
      return [...sharedMessages(account.id), ...conversations.greeting(), notificationsMessage()];
    },
    onTold: (told) => {
      conversations.take(told);
      takeNotifications(client, told);
    },
    isOnline: () => navigator.onLine,
    random: Math.random,
    setTimer: (run, ms) => window.setTimeout(run, ms),
    clearTimer: (timer) => window.clearTimeout(timer as number | undefined),
  });
  askPresenceBy(stream.watch);
  conversations.sayBy(stream.say);
  const stopListening = listenToBrowser(stream);
  return () => {
    askPresenceBy(null);
    stopListening();
    stream.stop();
    conversations.stop();
    stopActs();
  };
}

const sharedMessages = (ownId: string) =>
  (sessionUser()?.accounts ?? [])
    .filter((one) => one.id !== ownId)
    .slice(0, MOST_SHARED)
    .map((one) => ({ type: "subscribe", account: one.id }));

function readSharedAgain(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: noteKeys.lists });
  void client.invalidateQueries({ queryKey: noteKeys.assignments });
}

function openSocket(ticket: string, listeners: SocketListeners): StreamSocket {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  const url = `${scheme}://${window.location.host}/api/v1/stream/`;
  const socket = new WebSocket(url, ["posthouse.v1", `ticket.${ticket}`]);
  socket.onopen = listeners.onOpen;
  socket.onmessage = (event) => listeners.onMessage(event.data);
  socket.onclose = listeners.onClose;
  return { send: (text) => socket.send(text), close: () => socket.close() };
}

function fetchChanges(account: string, since: string): Promise<Changes> {
  return api.get<Changes>("/changes/", { query: { account, since, limit: CHANGES_PER_CALL } });
}

/** 410: the server has forgotten that far back. All is read again, from its state of now. */
async function giveUpChanges(error: unknown, accountId: string, resync: (state: string) => void): Promise<Changes> {
  if (!(error instanceof ApiError) || error.status !== 410) throw error;
  const { state } = await api.get<{ state: string }>("/mailboxes/", { query: { account: accountId } });
  resync(state);
  const nothing = { changed: [], destroyed: [] };
  const none = { changed: [] };
  const empty = { mailboxes: nothing, emails: nothing, threads: nothing, submissions: none, assignments: none };
  return { account_id: accountId, since: state, state, has_more: false, ...empty };
}

function listenToBrowser(stream: Stream): () => void {
  const back = () => stream.reconnectNow();
  const away = () => setConnection("offline");
  const seen = () => document.visibilityState === "visible" && stream.reconnectNow();
  // Asked only while in doubt: being live reads again what failed, which answers again.
  const answered = () => useSyncStatus.getState().connection !== "live" && stream.serverIsThere();
  const stopHearing = onAnswer(answered);
  window.addEventListener("online", back);
  window.addEventListener("focus", back);
  window.addEventListener("offline", away);
  document.addEventListener("visibilitychange", seen);
  return () => {
    stopHearing();
    window.removeEventListener("online", back);
    window.removeEventListener("focus", back);
    window.removeEventListener("offline", away);
    document.removeEventListener("visibilitychange", seen);
  };
}
