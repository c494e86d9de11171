import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noteKeys } from "../api/notes";
import type { Changes } from "../api/types";
import { changes, emailRow, threadRow } from "../testing/make";
import { isListStale, writeDesks } from "./desks";

const told = (facts: Partial<Changes> = {}) => changes({ account_id: "shared", ...facts });
const assigned = { assignments: { changed: [{ thread_id: "7", version: 2 }] } };
const list = (view: "mine" | "open", accountId: string, ids: string[] = []) => ({
  view,
  accountId,
  items: ids.map((id) => ({ thread: { id } })),
});

describe("which lists are stale", () => {
  it("are those of the account, and one's own over all", () => {
    expect(isListStale(list("open", "shared"), told(assigned), "own")).toBe(true);
    expect(isListStale(list("mine", ""), told(assigned), "own")).toBe(true);
    expect(isListStale(list("open", ""), told(assigned), "own")).toBe(false);
    expect(isListStale(list("mine", "other"), told(assigned), "own")).toBe(false);
    expect(isListStale(list("open", ""), told({ ...assigned, account_id: "own" }), "own")).toBe(true);
  });

  it("are by mail those that show its thread, or may from now on", () => {
    const changed = { threads: { changed: [threadRow({ id: "7" })], destroyed: [] } };
    const read = { ...changed, emails: { changed: [emailRow({ is_seen: true })], destroyed: [] } };
    const unread = { ...changed, emails: { changed: [emailRow({ is_seen: false })], destroyed: [] } };
    expect(isListStale(list("open", "shared"), told(read), "own")).toBe(true);
    expect(isListStale(list("mine", "", ["7"]), told(read), "own")).toBe(true);
    expect(isListStale(list("mine", "", ["8"]), told(read), "own")).toBe(false);
    expect(isListStale(list("mine", "", ["8"]), told(unread), "own")).toBe(true);
    expect(isListStale(list("open", "shared"), told(), "own")).toBe(false);
  });
});

describe("reading them again", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is done once for what comes together, and the assignment is asked for at once", () => {
    const client = new QueryClient();
    const key = noteKeys.list("open", "shared");
    client.setQueryData(key, { items: [], hasMore: false });
    client.setQueryData(noteKeys.assignment("7"), { version: 1 });
    const asked = vi.spyOn(client, "invalidateQueries");
    writeDesks(client, told(assigned), "own");
    writeDesks(client, told(assigned), "own");
    expect(client.getQueryState(noteKeys.assignment("7"))?.isInvalidated).toBe(true);
    expect(client.getQueryState(key)?.isInvalidated).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(client.getQueryState(key)?.isInvalidated).toBe(true);
    expect(asked.mock.calls.filter(([one]) => JSON.stringify(one?.queryKey) === JSON.stringify(key))).toHaveLength(1);
  });
});
