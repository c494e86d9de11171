/** Reports about a domain, in words. */
import { plural, t } from "../../lib/i18n";

export function shareWords({ messages, aligned }: { messages: number; aligned: number }): string {
  const all = plural(messages, "{n} mail named the domain.", "{n} mails named the domain.");
  if (aligned === messages) return `${all} ${t("All are proved to be of it.")}`;
  const open = messages - aligned;
  const rest = plural(
    open,
    "{n} is not: of a server that you have not named, a forwarder, or somebody who pretends.",
    "{n} are not: of servers that you have not named, forwarders, or somebody who pretends.",
  );
  return `${all} ${plural(aligned, "{n} is proved to be of it,", "{n} are proved to be of it,")} ${rest}`;
}

const KINDS: Record<string, string> = {
  "starttls-not-supported": t("no TLS was offered"),
  "certificate-host-mismatch": t("the certificate is for another name"),
  "certificate-expired": t("the certificate has expired"),
  "certificate-not-trusted": t("the certificate is from nobody whom they trust"),
  "validation-failure": t("the connection could not be checked"),
  "tlsa-invalid": t("the TLSA record does not fit"),
  "dnssec-invalid": t("the DNS is not signed rightly"),
  "dane-required": t("DANE was wanted and is not there"),
  "sts-policy-fetch-error": t("the MTA-STS policy could not be fetched"),
  "sts-policy-invalid": t("the MTA-STS policy is not right"),
  "sts-webpki-invalid": t("the certificate of the MTA-STS policy is not right"),
};

type Failing = { kind: string; server: string | null; sessions: number };

export function failureWords({ kind, server, sessions }: Failing): string {
  const words = { why: KINDS[kind] ?? kind, server: server ?? "" };
  const what = server ? t("{server}: {why}", words) : t("{why}", words);
  return `${what} (${plural(sessions, "{n} connection", "{n} connections")})`;
}
