/** Asks the server as nobody: no token, and none is looked for. */
import type { Answer, Body } from "./call";
import { errorFromResponse, offlineError } from "./error";
import type { Operations } from "./generated/schema";

/** The operations without parts in their paths, which are all that nobody may ask. */
type Plain = Exclude<keyof Operations, `${string}{${string}`>;

export async function callOpen<Name extends Plain>(
  name: Name,
  ...[body]: Body<Name> extends undefined ? [] : [Body<Name>]
): Promise<Answer<Name>> {
  const [method = "", path = ""] = name.split(" ");
  const response = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  }).catch(() => {
    throw offlineError();
  });
  if (!response.ok) throw await errorFromResponse(response);
  return (response.status === 204 ? undefined : await response.json()) as Answer<Name>;
}
