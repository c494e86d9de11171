/** The List-Unsubscribe header (RFC 2369): addresses in angle brackets, the web's before mail's. */
export type Unsubscribe = { kind: "web"; url: string } | { kind: "mail"; email: string };

export function unsubscribeOf(header: string | null): Unsubscribe | null {
  if (!header) return null;
  const bracketed = [...header.matchAll(/<([^>]+)>/g)].flatMap((match) => match[1]?.trim() ?? []);
  const targets = bracketed.length > 0 ? bracketed : [header.trim()];
  const web = targets.find((target) => /^https:\/\//i.test(target));
  if (web) return { kind: "web", url: web };
  const mail = targets.find((target) => /^mailto:/i.test(target));
  if (!mail) return null;
  const [email = ""] = mail.slice("mailto:".length).split("?");
  return { kind: "mail", email: decode(email) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
