import { type FormEvent, useState } from "react";
import type { Myself } from "../../api/myself";
import { longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { type Problems, problemsOf } from "../../lib/problems";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/Input";
import { Select } from "../../ui/Select";
import { showToast } from "../../ui/toasts";
import { Row } from "./controls";
import { type Ending, endOf } from "./status";
import { useChangeMyself } from "./useMyself";

const ENDINGS: { value: Ending; label: string }[] = [
  { value: "never", label: "Until I clear it" },
  { value: "30m", label: "For 30 minutes" },
  { value: "1h", label: "For an hour" },
  { value: "4h", label: "For four hours" },
  { value: "today", label: "Today" },
  { value: "week", label: "This week" },
];

/** A few words of what one is doing, which may end by themselves. */
export function StatusRow({ status }: { status: Myself["status"] }) {
  return (
    <Row title={t("Status")} at="status" hint={statusHint(status)} isStacked>
      <StatusForm status={status} />
    </Row>
  );
}

export function statusHint(status: Myself["status"]): string {
  if (status?.until) return t("Shown until {when}.", { when: longDate(status.until) });
  return t("A few words beside your name: in a meeting, on the road.");
}

type Wanted = { text: string; emoji: string; until: string | null } | null;

export function StatusForm({ status, onDone }: { status: Myself["status"]; onDone?: () => void }) {
  const { save } = useChangeMyself();
  const [text, setText] = useState(status?.text ?? "");
  const [emoji, setEmoji] = useState(status?.emoji ?? "");
  const [ending, setEnding] = useState<Ending>("never");
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);
  const send = async (wanted: Wanted, done: string) => {
    setBusy(true);
    setProblems({});
    try {
      await save({ status: wanted });
      showToast({ message: done, durationMs: 3_000 });
      if (!wanted) {
        setText("");
        setEmoji("");
      }
      onDone?.();
    } catch (error) {
      setProblems(problemsOf(error, ["status"]));
    }
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send({ text: text.trim(), emoji: emoji.trim(), until: endOf(ending, new Date()) }, t("Status set."));
  };
  const problem = problems.status ?? problems[""];
  return (
    <>
      <form onSubmit={submit} className="flex flex-wrap items-center gap-2">
        <Input
          aria-label={t("Emoji")}
          placeholder="☕"
          maxLength={16}
          value={emoji}
          onChange={(event) => setEmoji(event.target.value)}
          className="w-14! shrink-0 text-center"
        />
        <Input
          aria-label={t("Status")}
          aria-invalid={problem ? true : undefined}
          placeholder={t("What are you doing?")}
          maxLength={100}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="w-auto! flex-1 basis-44"
        />
        <Select
          aria-label={t("How long")}
          value={ending}
          options={ENDINGS.map(({ value, label }) => ({ value, label: t(label) }))}
          onChange={setEnding}
          className="h-9"
        />
        <Button type="submit" className="h-9" isBusy={isBusy} disabled={!text.trim() && !emoji.trim()}>
          {t("Set")}
        </Button>
        {status && (
          <Button kind="ghost" className="h-9" onClick={() => void send(null, t("Status cleared."))}>
            {t("Clear")}
          </Button>
        )}
      </form>
      {problem && <p className="text-sm text-danger">{problem}</p>}
    </>
  );
}
