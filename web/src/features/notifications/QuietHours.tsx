import { Plus, X } from "lucide-react";
import type { Choices, ChoicesChange, QuietSpan } from "../../api/notifications";
import { cx } from "../../lib/classes";
import { longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { Input } from "../../ui/Input";
import { Row } from "../settings/controls";
import { DAYS, daysInWords, FIRST_SPAN, type Rest, restUntil, withDay } from "./hours";

type Props = { choices: Choices; onChange: (changes: ChoicesChange) => void };

const RESTS: { rest: Rest; label: string }[] = [
  { rest: "hour", label: "For an hour" },
  { rest: "evening", label: "Until 18:00" },
  { rest: "morning", label: "Until 08:00" },
];

export function DoNotDisturb({ choices, onChange }: Props) {
  const until = choices.dnd_until;
  const rest = (one: Rest) => onChange({ dnd_until: restUntil(one, new Date()).toISOString() });
  return (
    <Row
      title={t("Do not disturb")}
      hint={
        until
          ? t("Nothing is shown on devices until {date}.", { date: longDate(until) })
          : t("What is urgent, and your VIPs, still break through.")
      }
    >
      {until ? (
        <Button onClick={() => onChange({ dnd_until: null })}>{t("Disturb me again")}</Button>
      ) : (
        <span className="flex flex-wrap gap-2">
          {RESTS.map((one) => (
            <Button key={one.rest} onClick={() => rest(one.rest)}>
              {t(one.label)}
            </Button>
          ))}
        </span>
      )}
    </Row>
  );
}

export function QuietHours({ choices, onChange }: Props) {
  const spans = choices.quiet_hours;
  const put = (quiet_hours: QuietSpan[]) => onChange({ quiet_hours });
  const change = (place: number, span: QuietSpan) => put(spans.map((one, at) => (at === place ? span : one)));
  return (
    <Row
      at="quiet"
      title={t("Quiet hours")}
      hint={t("Devices keep silent then, in your time zone ({zone}). The list still fills.", {
        zone: choices.time_zone,
      })}
      isStacked
    >
      <ul aria-label={t("Quiet hours")} className="flex w-full flex-col gap-2">
        {spans.map((span, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two spans may be the same, and have no names
          <li key={place}>
            <Span
              span={span}
              onChange={(next) => change(place, next)}
              onRemove={() => put(spans.filter((_, at) => at !== place))}
            />
          </li>
        ))}
      </ul>
      <Button onClick={() => put([...spans, FIRST_SPAN])} className="self-start">
        <Plus size={16} aria-hidden />
        {t("Add quiet hours")}
      </Button>
    </Row>
  );
}

type SpanProps = { span: QuietSpan; onChange: (span: QuietSpan) => void; onRemove: () => void };

function Span({ span, onChange, onRemove }: SpanProps) {
  const name = daysInWords(span.days);
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="sr-only">{name}</legend>
      <span className="flex gap-1">
        {DAYS.map((word, day) => {
          const isOn = span.days.includes(day);
          return (
            <button
              key={word}
              type="button"
              aria-pressed={isOn}
              onClick={() => onChange(withDay(span, day, !isOn))}
              className={cx(
                "h-8 rounded-md border px-2 text-sm",
                isOn ? "border-transparent bg-accent-soft font-medium text-ink" : "border-line-strong text-muted",
              )}
            >
              {t(word)}
            </button>
          );
        })}
      </span>
      <span className="flex items-center gap-2">
        <Clock label={t("Quiet from")} value={span.from} onChange={(from) => onChange({ ...span, from })} />
        <span aria-hidden className="text-muted">
          –
        </span>
        <Clock label={t("Quiet to")} value={span.to} onChange={(to) => onChange({ ...span, to })} />
        <IconButton icon={X} size="small" label={t("Remove quiet hours: {days}", { days: name })} onClick={onRemove} />
      </span>
    </fieldset>
  );
}

type ClockProps = { label: string; value: string; onChange: (value: string) => void };

export function Clock({ label, value, onChange }: ClockProps) {
  return (
    <Input
      type="time"
      aria-label={label}
      value={value}
      onChange={(event) => event.target.value && onChange(event.target.value)}
      className="tabular w-34!"
    />
  );
}
