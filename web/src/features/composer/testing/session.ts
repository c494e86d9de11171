/** A signed-in person and a server that answers by path: the network is the only thing faked. */
import { vi } from "vitest";
import { signIn } from "../../../api/session";
import type { Me } from "../../../api/types";

export type Asked = { method: string; path: string; body: unknown; headers: Headers };
type Answer = (asked: Asked) => { status: number; body: unknown } | "offline";

export const ALICE: Me = {
  id: "1",
  email: "alice@example.org",
  name: "Alice",
  accounts: [
    {
      id: "1",
      name: "Alice",
      email: "alice@example.org",
      kind: "local",
      is_own: true,
      right: "admin",
      quota_bytes: null,
      used_bytes: 0,
      state: "1",
    },
  ],
  identities: [
    { id: "11", account_id: "1", name: "Alice", email: "alice@example.org", signature_html: "<p>Alice</p>" },
  ],
  preferences: {},
  imap_off: [],
};

/** Answers each path with the given body, or by a function; everything else is 404. Returns what was asked. */
export async function signInForTest(answers: { [path: string]: unknown | Answer }): Promise<Asked[]> {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const path = url.replace("/api/v1", "").replace(/\?.*/, "");
    if (path === "/auth/session/") return json(200, { access: "token", user: ALICE });
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : null;
    const one = { method: init.method ?? "GET", path, body, headers: new Headers(init.headers) };
    asked.push(one);
    const known = Object.keys(answers).find((pattern) => new RegExp(`^${pattern}$`).test(path));
    if (known === undefined) return json(404, { code: "not_found", detail: "There is nothing here." });
    const answer = answers[known];
    const given = typeof answer === "function" ? (answer as Answer)(one) : { status: 200, body: answer };
    if (given === "offline") throw new TypeError("Failed to fetch");
    return json(given.status, given.body);
  });
  await signIn("alice@example.org", "x");
  return asked;
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}
