import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ListFilter } from "lucide-react";
import { useState } from "react";
import { messageOf } from "../../api/error";
import { RULES_KEY, type Rule, type RuleContent, rules, rulesQuery } from "../../api/rules";
import { t } from "../../lib/i18n";
import { type Problems, problemsOf } from "../../lib/problems";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { showToast } from "../../ui/toasts";
import { ConfirmButton } from "../security/ConfirmButton";
import { NotProven, withStepUp } from "../security/stepUp";
import { Card } from "../settings/Card";
import { Row } from "../settings/controls";
import { SettingsBody } from "../settings/SettingsBody";
import { Waiting } from "../settings/Waiting";
import { contentOf, draftOf, newDraft, type RuleDraft } from "./draft";
import type { Likeness } from "./likeness";
import { OldMail } from "./OldMail";
import { Preview } from "./Preview";
import { RuleForm } from "./RuleForm";
import { nameFor } from "./words";

const BACK = { to: "/settings/rules", label: "Rules" };

export function RulePage({ id, likeness }: { id: string; likeness: Likeness }) {
  const { data, error, refetch } = useQuery(rulesQuery);
  const navigate = useNavigate();
  const back = () => void navigate({ to: "/settings/$section", params: { section: "rules" } });
  const rule = data?.items.find((one) => one.id === id);
  if (id === "new")
    return (
      <SettingsBody title={t("New rule")} back={BACK} isWide>
        <Editor rule={null} start={newDraft(likeness)} onDone={back} />
      </SettingsBody>
    );
  if (data && !rule)
    return (
      <EmptyState icon={ListFilter} title={t("There is no such rule")} text={t("It may have been removed.")}>
        <Button onClick={back}>{t("To the rules")}</Button>
      </EmptyState>
    );
  return (
    <SettingsBody title={rule?.name ?? t("Rule")} back={BACK} isWide>
      {rule ? (
        <Editor key={rule.id} rule={rule} start={draftOf(rule)} onDone={back} />
      ) : (
        <Waiting error={error} onRetry={() => void refetch()} />
      )}
    </SettingsBody>
  );
}

type EditorProps = { rule: Rule | null; start: RuleDraft; onDone: () => void };

function Editor({ rule, start, onDone }: EditorProps) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(start);
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);
  const save = async (content: RuleContent) => {
    setBusy(true);
    setProblems({});
    const body = { name: draft.name.trim() || nameFor(content), ...content };
    try {
      await withStepUp(() => (rule ? rules.change(rule.id, body) : rules.add(body)));
      await client.invalidateQueries({ queryKey: RULES_KEY });
      showToast({ message: rule ? t("Rule saved.") : t("Rule added."), durationMs: 3_000 });
      onDone();
    } catch (error) {
      if (!(error instanceof NotProven)) setProblems(problemsOf(error, ["name"]));
      setBusy(false);
    }
  };
  const remove = async () => {
    if (!rule) return;
    try {
      await rules.remove(rule.id);
      onDone();
      await client.invalidateQueries({ queryKey: RULES_KEY });
    } catch (error) {
      showToast({ message: messageOf(error), kind: "problem" });
    }
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-8 xl:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="min-w-0">
        <RuleForm
          draft={draft}
          problems={problems}
          isBusy={isBusy}
          content={contentOf(draft)}
          onChange={setDraft}
          onSave={(content) => void save(content)}
          onCancel={onDone}
        />
        {rule && (
          <Card title={t("This rule")}>
            <OldMail rule={rule} />
            <Row title={t("Remove")} hint={t("What it did to mail stays.")}>
              <ConfirmButton
                label={t("Remove")}
                name={t("Remove the rule")}
                question={t("{name} will not be asked any more.", { name: rule.name })}
                onConfirmed={() => void remove()}
              />
            </Row>
          </Card>
        )}
      </div>
      <Preview draft={draft} />
    </div>
  );
}
