import { useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { messageOf } from "../../api/error";
import { type NewRule, notifications, RULES_KEY, type Rule, rulesQuery } from "../../api/notifications";
import type { Mailbox } from "../../api/types";
import { t } from "../../lib/i18n";
import { mailboxName } from "../../lib/place";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { Input } from "../../ui/Input";
import { Select } from "../../ui/Select";
import { showToast } from "../../ui/toasts";
import { Waiting } from "../settings/Waiting";
import { useMailboxes } from "../shell/useMail";
import { LEVELS, levelWords, nameOf, SOURCES, type Source } from "./words";

/** People, words and mailboxes that one hears of in another way than of the rest. */
export function Rules() {
  const client = useQueryClient();
  const { mailboxes } = useMailboxes();
  const { data, error, refetch } = useQuery(rulesQuery);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const act = async (doing: () => Promise<unknown>) => {
    try {
      await doing();
    } catch (problem) {
      showToast({ message: t("Not changed. {why}", { why: messageOf(problem) }), kind: "problem" });
    }
    await client.invalidateQueries({ queryKey: RULES_KEY });
  };
  return (
    <>
      {data.items.length > 0 && (
        <ul aria-label={t("Rules")} className="border-t border-line first:border-t-0">
          {data.items.map((rule) => (
            <Line
              key={rule.id}
              rule={rule}
              mailboxes={mailboxes}
              onRemove={() => void act(() => notifications.deleteRule(rule.id))}
            />
          ))}
        </ul>
      )}
      <NewRuleForm mailboxes={mailboxes} onPut={(rule) => act(() => notifications.putRule(rule))} />
    </>
  );
}

type LineProps = { rule: Rule; mailboxes: readonly Mailbox[]; onRemove: () => void };

function Line({ rule, mailboxes, onRemove }: LineProps) {
  const name = nameOf(rule, mailboxes);
  return (
    <li className="flex flex-wrap items-center gap-x-3 border-t border-line py-1.5 first:border-t-0">
      <span dir="auto" className="min-w-0 flex-1 basis-40 text-sm [overflow-wrap:anywhere]">
        {name}
      </span>
      <span className="shrink-0 text-xs text-muted">{levelWords(rule)}</span>
      <IconButton icon={X} size="small" label={t("Remove the rule for {name}", { name })} onClick={onRemove} />
    </li>
  );
}

type FormProps = { mailboxes: readonly Mailbox[]; onPut: (rule: NewRule) => Promise<void> };

function NewRuleForm({ mailboxes, onPut }: FormProps) {
  const [source, setSource] = useState<Source>("person");
  const [value, setValue] = useState("");
  const [level, setLevel] = useState<NewRule["level"]>("urgent");
  const choose = (next: Source) => {
    setSource(next);
    setValue(next === "mailbox" ? (mailboxes[0]?.id ?? "") : "");
  };
  const put = (event: FormEvent) => {
    event.preventDefault();
    void onPut({ source, value, level }).then(() => setValue(source === "mailbox" ? value : ""));
  };
  return (
    <form
      onSubmit={put}
      aria-label={t("New rule")}
      className="flex flex-wrap items-center gap-2 border-t border-line py-3 first:border-t-0"
    >
      <Select aria-label={t("About")} value={source} options={SOURCES} onChange={choose} className="h-9" />
      {source === "mailbox" ? (
        <Select
          aria-label={t("Mailbox")}
          value={value}
          options={mailboxes.map((one) => ({ value: one.id, label: mailboxName(one) }))}
          onChange={setValue}
          className="h-9 flex-1 basis-40"
        />
      ) : (
        <Input
          aria-label={source === "person" ? t("Address or @domain") : t("Word")}
          placeholder={source === "person" ? t("Address or @domain") : t("Word")}
          maxLength={320}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={value}
          onChange={(event) => setValue(event.target.value)}
          className="flex-1 basis-40"
        />
      )}
      <Select aria-label={t("How you are told")} value={level} options={LEVELS} onChange={setLevel} className="h-9" />
      <Button type="submit" disabled={!value.trim()}>
        {t("Add")}
      </Button>
    </form>
  );
}
