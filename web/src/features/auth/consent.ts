/** The parameters of an authorization request that the server knows; others are none of ours (RFC 6749 §3.1). */
const KNOWN = [
  "client_id",
  "redirect_uri",
  "response_type",
  "scope",
  "state",
  "nonce",
  "code_challenge",
  "code_challenge_method",
  "prompt",
  "response_mode",
];

export function askedOf(search: string): { [name: string]: string } {
  const given = new URLSearchParams(search);
  return Object.fromEntries(KNOWN.flatMap((name) => (given.has(name) ? [[name, given.get(name) ?? ""]] : [])));
}
