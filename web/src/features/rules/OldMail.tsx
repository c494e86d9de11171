import { useQuery, useQueryClient } from "@tanstack/react-query";
import { messageOf } from "../../api/error";
import { isAtWork, RULES_KEY, type Rule, type Run, rules, runQuery } from "../../api/rules";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/toasts";
import { ConfirmButton } from "../security/ConfirmButton";
import { Row } from "../settings/controls";

/** The rule applied to the mail that is here already, how far that is, and the way back. */
export function OldMail({ rule }: { rule: Rule }) {
  const client = useQueryClient();
  const id = rule.last_run?.id ?? "";
  const { data } = useQuery({
    ...runQuery(id),
    enabled: id !== "",
    ...(rule.last_run ? { initialData: rule.last_run } : {}),
  });
  const run = id ? data : undefined;
  const start = async (act: () => Promise<Run>) => {
    try {
      const begun = await act();
      client.setQueryData(runQuery(begun.id).queryKey, begun);
      await client.invalidateQueries({ queryKey: RULES_KEY });
    } catch (error) {
      showToast({ message: messageOf(error), kind: "problem" });
    }
  };
  const isBusy = run !== undefined && isAtWork(run);
  return (
    <Row title={t("Mail that is here already")} hint={run ? wordsOf(run) : t("The rule as it is saved.")}>
      <div className="flex items-center gap-2">
        {run?.can_undo && <Button onClick={() => void start(() => rules.undo(run.id))}>{t("Undo")}</Button>}
        {isBusy ? (
          <progress
            aria-label={t("Progress")}
            max={Math.max(1, run.total)}
            value={run.state === "running" ? run.looked_at : run.put_back}
            className="w-32 accent-(--accent)"
          />
        ) : (
          <ConfirmButton
            label={t("Apply")}
            name={t("Apply to old mail")}
            confirmKind="primary"
            question={t("Everything outside Drafts, Sent, Junk and Trash is looked at. It can be undone for 30 days.")}
            onConfirmed={() => void start(() => rules.apply(rule.id))}
          />
        )}
      </div>
    </Row>
  );
}

function wordsOf(run: Run): string {
  switch (run.state) {
    case "running":
      return t("{n} of {all} looked at, {changed} changed.", {
        n: run.looked_at,
        all: Math.max(run.total, run.looked_at),
        changed: run.changed,
      });
    case "undoing":
      return t("{n} put back.", { n: run.put_back });
    case "undone":
      return plural(run.put_back, "Undone: {n} e-mail is as it was.", "Undone: {n} e-mails are as they were.");
    case "done":
      return plural(run.changed, "{n} e-mail was changed.", "{n} e-mails were changed.");
  }
}
