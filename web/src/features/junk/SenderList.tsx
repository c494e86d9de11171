import { useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { messageOf } from "../../api/error";
import { junk, type Sender, sendersKey, sendersQuery, type Whose } from "../../api/junk";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { Input } from "../../ui/Input";
import { Select } from "../../ui/Select";
import { showToast } from "../../ui/toasts";
import { Waiting } from "../settings/Waiting";

const LISTS: { value: Sender["list"]; label: string }[] = [
  { value: "block", label: "Never let in" },
  { value: "allow", label: "Always let in" },
];
const NAMES: { [whose in Whose]: string } = { own: "Senders", all: "Everybody's senders" };

/** Addresses and domains that are always or never let into the inbox. */
export function SenderList({ whose }: { whose: Whose }) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(sendersQuery(whose));
  const [value, setValue] = useState("");
  const [list, setList] = useState<Sender["list"]>("block");
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const change = async (act: () => Promise<unknown>) => {
    try {
      await act();
      setValue("");
    } catch (problem) {
      showToast({ message: t("Not changed. {why}", { why: messageOf(problem) }), kind: "problem" });
    }
    await client.invalidateQueries({ queryKey: sendersKey(whose) });
  };
  const add = (event: FormEvent) => {
    event.preventDefault();
    void change(() => junk.list(whose, value, list));
  };
  return (
    <>
      {data.items.length > 0 && (
        <ul aria-label={t(NAMES[whose])} className="border-t border-line first:border-t-0">
          {data.items.map((one) => (
            <li key={one.id} className="flex items-center gap-3 border-t border-line py-1.5 first:border-t-0">
              <span className="min-w-0 flex-1 text-sm [overflow-wrap:anywhere]">{one.value}</span>
              <span className={cx("shrink-0 text-xs", one.list === "block" ? "text-danger" : "text-ok")}>
                {t(one.list === "block" ? "Never let in" : "Always let in")}
              </span>
              <IconButton
                icon={X}
                size="small"
                label={t("Take {sender} off the list", { sender: one.value })}
                onClick={() => void change(() => junk.unlist(one.id))}
              />
            </li>
          ))}
        </ul>
      )}
      <form
        onSubmit={add}
        aria-label={t(NAMES[whose])}
        className="flex flex-wrap items-center gap-2 border-t border-line py-3 first:border-t-0"
      >
        <Input
          aria-label={t("Address or domain")}
          placeholder={t("Address or domain")}
          maxLength={320}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={value}
          onChange={(event) => setValue(event.target.value)}
          className="flex-1 basis-48"
        />
        <Select
          aria-label={t("What is done with its mail")}
          value={list}
          options={LISTS.map((one) => ({ ...one, label: t(one.label) }))}
          onChange={setList}
          className="h-9"
        />
        <Button type="submit" disabled={!value.trim()}>
          {t("Add")}
        </Button>
      </form>
    </>
  );
}
