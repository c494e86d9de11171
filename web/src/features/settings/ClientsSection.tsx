import { useQuery } from "@tanstack/react-query";
import { Copy } from "lucide-react";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { showToast } from "../../ui/toasts";
import { healthQuery } from "../auth/health";
import { type ServerEntry, serversFor } from "./servers";
import { useMe } from "./usePreferences";

/** What to type into Thunderbird, Outlook or a phone. */
export function ClientsSection() {
  const me = useMe();
  const { data, isPending } = useQuery(healthQuery);
  if (!me || isPending) return null;
  const servers = serversFor(window.location.hostname, data?.listeners ?? {});
  return (
    <div className="py-3">
      <p className="max-w-prose text-base">
        {t("Any mail program that speaks IMAP works with your mailbox. Choose “IMAP account” there and enter:")}
      </p>
      <dl className="mt-4 grid gap-3 sm:grid-cols-2">
        <Servers title={t("Incoming mail")} entries={servers.filter((one) => one.kind === "incoming")} />
        <Servers title={t("Outgoing mail")} entries={servers.filter((one) => one.kind === "outgoing")} />
        <Card title={t("User name")}>
          <Value label={t("User name")} value={me.email} />
        </Card>
        <Card title={t("Password")}>
          <p className="text-sm">
            {t("An app password, made under Security. Without a second factor also the one you log in with here.")}
          </p>
        </Card>
      </dl>
    </div>
  );
}

function Servers({ title, entries }: { title: string; entries: ServerEntry[] }) {
  const best = entries.find((one) => one.isBest);
  const others = entries.filter((one) => one !== best);
  if (!best) return null;
  return (
    <Card title={`${title} (${best.protocol})`}>
      <Value label={t("Server")} value={best.host} />
      <Value label={t("Port")} value={String(best.port)} />
      <Value label={t("Security")} canCopy={false} value={best.security === "TLS" ? "TLS/SSL" : best.security} />
      {others.map((one) => (
        <p key={one.port} className="tabular mt-1 text-sm text-muted">
          {t("or port {port} with {security}", { port: one.port, security: one.security })}
        </p>
      ))}
    </Card>
  );
}

function Card({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="rounded-md border border-line bg-paper px-3 py-2">
      <dt className="mb-1 text-sm font-semibold">{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Value({ label, value, canCopy = true }: { label: string; value: string; canCopy?: boolean }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      showToast({ message: t("Copied: {value}", { value }), durationMs: 2_000 });
    } catch {
      showToast({ message: t("The browser does not let us copy."), kind: "problem" });
    }
  };
  return (
    <div className="flex min-h-7 items-center gap-2 text-sm">
      <span className="w-20 shrink-0 text-muted">{label}</span>
      <span className="tabular min-w-0 flex-1 truncate font-medium select-all">{value}</span>
      {canCopy && (
        <IconButton icon={Copy} label={t("Copy {value}", { value })} size="small" onClick={() => void copy()} />
      )}
    </div>
  );
}
