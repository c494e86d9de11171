import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Conversation, Counter } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import { signIn } from "../../api/session";
import { conversation, counter } from "../../testing/chat";
import { useToasts } from "../../ui/toasts";
import { dropFolder, isForEver, moveTo, mute, mutedUntil, readAll, renameFolder } from "./placeActs";

let client: QueryClient;
let said: { path: string; body: { [name: string]: unknown } }[] = [];
let refuses = false;

const now = () => client.getQueryData<Conversation[]>(chatKeys.conversations)?.[0] as Conversation;

async function network(url: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const path = String(url).replace("/api/v1", "");
  if (path === "/auth/session/") return Response.json({ access: "token", user: { id: "me" } });
  if (refuses) return Response.json({ code: "conversation_archived", detail: "No." }, { status: 409 });
  const body = init?.body ? JSON.parse(String(init.body)) : {};
  said.push({ path, body });
  if (path.endsWith("/folders/")) return Response.json({ changed: 1 });
  return Response.json({ ...now().me, ...body, own_seq: String(Number(now().me?.own_seq) + 1) });
}

beforeEach(async () => {
  said = [];
  refuses = false;
  vi.stubGlobal("fetch", network);
  await signIn("me@posthouse.test", "secret");
  client = new QueryClient();
  client.setQueryData(chatKeys.conversations, [conversation()]);
  useToasts.setState({ toasts: [] });
});

afterEach(() => vi.unstubAllGlobals());

const undo = () => useToasts.getState().toasts.at(-1)?.action?.run();
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

it("moves at once, and back when it is undone", async () => {
  const moving = moveTo(client, now(), "Work");
  expect(now().me?.folder).toBe("Work");
  await moving;
  expect(said[0]).toEqual({ path: "/conversations/7/me/", body: { folder: "Work", is_favourite: false } });
  undo();
  await settled();
  expect([now().me?.folder, said[1]?.body]).toEqual(["", { folder: "", is_favourite: false }]);
});

it("puts back what the server will not have", async () => {
  refuses = true;
  await mute(client, now(), "ever");
  expect(now().me?.muted_until).toBeNull();
  expect(useToasts.getState().toasts.at(-1)?.kind).toBe("problem");
});

it("mutes until a moment", () => {
  const at = Date.parse("2026-11-28T12:00:00Z");
  expect(mutedUntil("off", at)).toBeNull();
  expect(mutedUntil("hour", at)).toBe("2026-11-28T13:00:00.000Z");
  expect(mutedUntil("day", at)).toBe("2026-11-29T12:00:00.000Z");
  expect([isForEver(mutedUntil("ever", at)), isForEver(mutedUntil("day", at))]).toEqual([true, false]);
});

it("renames a folder where it lies in it, and makes it again when that is undone", async () => {
  await moveTo(client, now(), "Work");
  await renameFolder(client, "Work", "Desk");
  expect(now().me?.folder).toBe("Desk");
  await dropFolder(client, "Desk", [now()]);
  expect(now().me?.folder).toBe("");
  undo();
  await settled();
  expect(now().me?.folder).toBe("Desk");
});

it("reads all of it, badge and mark", async () => {
  client.setQueryData<Counter[]>(chatKeys.counters, [counter("7"), counter("8")]);
  const reading = readAll(client, now());
  expect(client.getQueryData<Counter[]>(chatKeys.counters)?.map((one) => one.conversation_id)).toEqual(["8"]);
  await reading;
  expect(said[0]?.body).toEqual({ number: 1, is_reopened: true });
});
