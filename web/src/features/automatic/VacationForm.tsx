import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import { automatic, type Vacation, type VacationChange, vacationQuery } from "../../api/automatic";
import { longDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { type Problems, problemsOf } from "../../lib/problems";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Input";
import { SelectField } from "../../ui/SelectField";
import { TextAreaField } from "../../ui/TextArea";
import { showToast } from "../../ui/toasts";
import { SwitchRow } from "../settings/controls";
import { Waiting } from "../settings/Waiting";
import { isTurned, momentsOf, periodOf } from "./period";

const DAYS = [1, 3, 7, 14, 30];

export function VacationForm() {
  const { data, error, refetch } = useQuery(vacationQuery);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  return <Form vacation={data} />;
}

/** What is on, in words: on now, begins then, is over. */
function stateOf({ is_enabled: isOn, is_active: isActive, from_at: from, until_at: until }: Vacation): string {
  if (!isOn) return t("Off: nobody is answered.");
  if (isActive) return until ? t("On until {when}.", { when: longDate(until) }) : t("On until you switch it off.");
  if (from && new Date(from) > new Date()) return t("Begins {when}.", { when: longDate(from) });
  return t("Over since {when}.", { when: until ? longDate(until) : "" });
}

function Form({ vacation }: { vacation: Vacation }) {
  const client = useQueryClient();
  const [subject, setSubject] = useState(vacation.subject);
  const [text, setText] = useState(vacation.text);
  const [days, setDays] = useState(vacation.days);
  const [period, setPeriod] = useState(periodOf(vacation));
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);
  const send = async (changes: VacationChange, done: string) => {
    setBusy(true);
    setProblems({});
    try {
      client.setQueryData(vacationQuery.queryKey, await automatic.changeVacation(changes));
      showToast({ message: done, durationMs: 3_000 });
    } catch (failure) {
      setProblems(problemsOf(failure, ["subject", "text", "until_at"]));
    }
    setBusy(false);
  };
  const content = { subject: subject.trim(), text, days, ...momentsOf(period) };
  const turned = isTurned(period) ? t("It ends before it begins.") : undefined;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!turned) void send(content, t("Saved."));
  };
  const turn = (isOn: boolean) => {
    if (!isOn) void send({ is_enabled: false }, t("Nobody is answered any more."));
    else if (!text.trim()) setProblems({ text: t("Say something first.") });
    else if (!turned) void send({ ...content, is_enabled: true }, t("Whoever writes is answered."));
  };
  const options = [...new Set([...DAYS, days])].sort((a, b) => a - b);
  return (
    <>
      <SwitchRow title={t("Answer for me")} hint={stateOf(vacation)} isOn={vacation.is_enabled} onChange={turn} />
      <form onSubmit={save} noValidate className="flex flex-col gap-4 border-t border-line py-4">
        <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
          <Field
            label={t("First day away")}
            hint={t("Empty: from now on.")}
            type="date"
            value={period.first}
            onChange={(event) => setPeriod({ ...period, first: event.target.value })}
          />
          <Field
            label={t("Last day away")}
            hint={t("Empty: until you switch it off.")}
            error={turned ?? problems.until_at}
            type="date"
            value={period.last}
            onChange={(event) => setPeriod({ ...period, last: event.target.value })}
          />
        </div>
        <Field
          label={t("Subject")}
          error={problems.subject}
          placeholder={t("Auto: and the subject of their mail")}
          maxLength={200}
          value={subject}
          onChange={(event) => setSubject(event.target.value)}
        />
        <TextAreaField
          label={t("What they are told")}
          error={problems.text}
          rows={6}
          maxLength={20_000}
          placeholder={t("I am away until … In urgent cases write to …")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <SelectField
          label={t("The same person again")}
          value={String(days)}
          options={options.map((one) => ({
            value: String(one),
            label: plural(one, "after a day at the earliest", "after {n} days at the earliest"),
          }))}
          onChange={(value) => setDays(Number(value))}
          className="self-start"
        />
        {problems[""] && (
          <Banner tone="danger" icon={CircleAlert}>
            {problems[""]}
          </Banner>
        )}
        <Button type="submit" kind="primary" className="self-start" isBusy={isBusy}>
          {t("Save")}
        </Button>
      </form>
    </>
  );
}
