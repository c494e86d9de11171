import type { Entry } from "../../api/generated/schema";
import { actWords, doorWords } from "../../lib/acts";
import { fullDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { FactsDialog } from "./FactsDialog";

/** One line of the log with all that it holds. */
export function AuditEntry({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const facts = Object.entries(entry.facts).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const parts: (readonly [string, string | null])[] = [
    [t("Act"), entry.act],
    [t("Outcome"), entry.outcome === "ok" ? t("Done") : t("Refused")],
    [t("When"), fullDate(entry.at)],
    [t("Who"), entry.actor_email],
    [t("Really"), entry.real_actor_id],
    [t("Door"), doorWords(entry.via)],
    [t("From"), entry.ip],
    [t("Program"), entry.client],
    [t("On"), [entry.object_kind, entry.object_id].filter(Boolean).join(" ") || null],
    ...facts.map(([name = "", value = ""]) => [name, value] as const),
    [t("Line"), entry.sequence],
    [t("Hash"), entry.hash],
    [t("Hash before"), entry.previous],
  ];
  return <FactsDialog title={actWords(entry.act)} facts={parts} onClose={onClose} />;
}
