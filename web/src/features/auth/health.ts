/** What the server says of itself to anyone: whether it is a demonstration, and where mail clients connect. */
import { queryOptions } from "@tanstack/react-query";

export type DemoAccount = { email: string; password: string };
export type ListenerName = "imap" | "imaps" | "submission" | "submissions";

export type Health = {
  demo: { accounts: DemoAccount[] } | null;
  listeners: { [name in ListenerName]?: number };
};

const LISTENERS: ListenerName[] = ["imap", "imaps", "submission", "submissions"];

/** Takes what it knows from the answer; what is missing or odd counts as not said. */
export function healthOf(answer: unknown): Health {
  const { demo, listeners } = asRecord(answer);
  const accounts = asList(asRecord(demo).accounts).flatMap((one) => {
    const { email, password } = asRecord(one);
    return typeof email === "string" && typeof password === "string" ? [{ email, password }] : [];
  });
  const ports = asRecord(listeners);
  const known = LISTENERS.flatMap((name) => {
    const port = ports[name];
    return typeof port === "number" ? [[name, port] as const] : [];
  });
  return { demo: accounts.length > 0 ? { accounts } : null, listeners: Object.fromEntries(known) };
}

export const healthQuery = queryOptions({
  queryKey: ["health"],
  // No token is sent: this is asked before anyone is signed in.
  queryFn: async ({ signal }) => healthOf(await (await fetch("/api/v1/health/", { signal })).json()),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
