import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { messageOf } from "../../api/error";
import type { Rules } from "../../api/generated/schema";
import { RULES_KEY, type Rule, rules, rulesQuery } from "../../api/rules";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { showToast } from "../../ui/toasts";
import { NotProven, withStepUp } from "../security/stepUp";
import { Card } from "../settings/Card";
import { Waiting } from "../settings/Waiting";
import { Retention } from "./Retention";
import { RuleRow } from "./RuleRow";

const LINK_BUTTON =
  "inline-flex h-8 items-center rounded-md border border-line-strong bg-raised px-3 text-sm font-medium hover:bg-hover";

export function RulesSection() {
  return (
    <>
      <Card
        title={t("Rules for mail that comes in")}
        hint={t("Asked from the top. The first that files an e-mail says where it lies; labels and stars add up.")}
        at="rules"
      >
        <List />
      </Card>
      <Card
        title={t("How long mail is kept")}
        hint={t("From Trash and Junk it then goes for good, from other mailboxes to Trash.")}
        at="retention"
      >
        <Retention />
      </Card>
    </>
  );
}

function List() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(rulesQuery);
  const [dragged, setDragged] = useState<string | null>(null);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const items = data.items;
  const drop = (to: number) => {
    const rule = items.find(({ id }) => id === dragged);
    setDragged(null);
    if (rule) move(rule, to);
  };
  const change = async (shown: Rule[], act: () => Promise<unknown>) => {
    await client.cancelQueries({ queryKey: RULES_KEY });
    client.setQueryData<Rules>(RULES_KEY, { items: shown });
    try {
      await act();
    } catch (problem) {
      client.setQueryData<Rules>(RULES_KEY, { items });
      if (!(problem instanceof NotProven))
        showToast({ message: t("Not changed. {why}", { why: messageOf(problem) }), kind: "problem" });
    }
    await client.invalidateQueries({ queryKey: RULES_KEY });
  };
  const turn = (rule: Rule, isOn: boolean) =>
    void change(
      items.map((one) => (one.id === rule.id ? { ...one, is_enabled: isOn } : one)),
      () => withStepUp(() => rules.change(rule.id, { is_enabled: isOn })),
    );
  const move = (rule: Rule, to: number) => {
    const others = items.filter((one) => one.id !== rule.id);
    const shown = [...others.slice(0, to), rule, ...others.slice(to)];
    void change(shown, () => rules.change(rule.id, { position: to + 1 }));
  };
  return (
    <>
      {items.length > 0 && (
        <ol aria-label={t("Rules")}>
          {items.map((rule, index) => (
            <RuleRow
              key={rule.id}
              rule={rule}
              index={index}
              count={items.length}
              onTurn={(isOn) => turn(rule, isOn)}
              onMove={(to) => move(rule, to)}
              onDragStart={() => setDragged(rule.id)}
              onDrop={dragged !== null ? () => drop(index) : null}
            />
          ))}
        </ol>
      )}
      <div className={cx("flex items-center gap-3 py-3", items.length > 0 && "border-t border-line")}>
        <Link to="/settings/rules/$ruleId" params={{ ruleId: "new" }} className={LINK_BUTTON}>
          {t("Add a rule")}
        </Link>
        {items.length === 0 && <p className="text-sm text-muted">{t("None yet: all mail comes to the inbox.")}</p>}
      </div>
    </>
  );
}
