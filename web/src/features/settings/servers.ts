/** What to type into another mail program, in the order its form asks (RFC 8314: TLS from the start is best). */
import type { Health, ListenerName } from "../auth/health";

export type ServerEntry = {
  kind: "incoming" | "outgoing";
  protocol: "IMAP" | "SMTP";
  security: "TLS" | "STARTTLS";
  host: string;
  port: number;
  isBest: boolean;
};

const USUAL: { [name in ListenerName]: number } = { imaps: 993, imap: 143, submissions: 465, submission: 587 };

/** With no word from the server the registered ports stand; a listener it does not name is off. */
export function serversFor(host: string, listeners: Health["listeners"]): ServerEntry[] {
  const hasWord = Object.keys(listeners).length > 0;
  const entry = (name: ListenerName): ServerEntry[] => {
    const port = hasWord ? listeners[name] : USUAL[name];
    if (!port) return [];
    const isIncoming = name.startsWith("imap");
    const isTls = name.endsWith("s");
    return [
      {
        kind: isIncoming ? "incoming" : "outgoing",
        protocol: isIncoming ? "IMAP" : "SMTP",
        security: isTls ? "TLS" : "STARTTLS",
        host,
        port,
        isBest: isTls,
      },
    ];
  };
  const all = [...entry("imaps"), ...entry("imap"), ...entry("submissions"), ...entry("submission")];
  const hasBest = (kind: ServerEntry["kind"]) => all.some((one) => one.kind === kind && one.isBest);
  return all.map((one) => ({ ...one, isBest: one.isBest || !hasBest(one.kind) }));
}
