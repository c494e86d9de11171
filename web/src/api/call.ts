/** Asks the server by an operation's name; what goes in and comes out is as openapi.json says. */
import { type Query, type RequestOptions, request } from "./client";
import type { Operations } from "./generated/schema";

const BASE = "/api/v1";

export type Operation = Extract<keyof Operations, `${string} ${typeof BASE}/${string}`>;
export type Answer<Name extends keyof Operations> = Operations[Name]["answer"];
export type Body<Name extends keyof Operations> = Operations[Name]["body"];
export type Asked<Name extends keyof Operations> = Operations[Name]["query"];

type PartsOf<Path extends string> = Path extends `${string}{${infer Part}}${infer Rest}` ? Part | PartsOf<Rest> : never;

/** What an operation must be given, and nothing else: the parts of its path, its query, its body. */
type Given<Name extends Operation> = ([PartsOf<Name>] extends [never]
  ? { path?: undefined }
  : { path: { [part in PartsOf<Name>]: string } }) &
  (Asked<Name> extends undefined ? { query?: undefined } : { query?: Asked<Name> }) &
  (Body<Name> extends undefined ? { body?: undefined } : { body: Body<Name> }) & { signal?: AbortSignal };

export type GivenArgs<Name extends Operation> =
  Record<never, never> extends Given<Name> ? [Given<Name>?] : [Given<Name>];

export function call<Name extends Operation>(name: Name, ...[given]: GivenArgs<Name>): Promise<Answer<Name>> {
  const [method = "", path = ""] = name.split(" ");
  const { path: parts, query, body, signal } = (given ?? {}) as Loose;
  const options: RequestOptions = { body, ...(query ? { query } : {}), ...(signal ? { signal } : {}) };
  return request<Answer<Name>>(method, filled(path.slice(BASE.length), parts ?? {}), options);
}

type Loose = { path?: { [part: string]: string }; query?: Query; body?: unknown; signal?: AbortSignal };

/** `/users/{user_id}/` with the parts in their places. */
export function filled(path: string, parts: { [part: string]: string }): string {
  return path.replace(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(parts[part] ?? ""));
}
