import { ChevronDown } from "lucide-react";
import type { Addr, Email } from "../../api/types";
import { sizeText } from "../../lib/bytes";
import { fullDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { addressText, recipientsLine } from "../../lib/people";
import { Popover } from "../../ui/Popover";

/** "to me, Bob": opens on everything the head of the mail says. */
export function Details({ email, own }: { email: Email; own: ReadonlySet<string> }) {
  const others = [...email.to, ...email.cc];
  const line = recipientsLine(others, { own, me: t("me") });
  return (
    <Popover
      label={t("Details of this mail")}
      className="w-[480px]"
      trigger={
        <button
          type="button"
          className="-ml-1 flex max-w-full items-center gap-0.5 rounded px-1 text-xs text-muted hover:bg-hover hover:text-ink"
        >
          <span className="truncate">{line ? t("to {who}", { who: line }) : t("to nobody")}</span>
          <ChevronDown size={12} aria-hidden className="shrink-0" />
          <span className="sr-only">{t("Details")}</span>
        </button>
      }
    >
      <dl className="grid max-h-96 grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 overflow-y-auto text-sm select-text">
        <Row name={t("From")} people={email.from} />
        <Row name={t("To")} people={email.to} />
        <Row name={t("Cc")} people={email.cc} />
        <Row name={t("Bcc")} people={email.bcc} />
        <Row name={t("Reply to")} people={email.reply_to} />
        <Fact name={t("Date")} value={fullDate(email.sent_at ?? email.received_at)} />
        {email.sent_at && <Fact name={t("Received")} value={fullDate(email.received_at)} />}
        <Fact name={t("Subject")} value={email.subject} />
        <Fact name={t("Size")} value={sizeText(email.size_bytes)} />
        {email.message_id && <Fact name={t("Message-ID")} value={email.message_id} />}
      </dl>
    </Popover>
  );
}

function Row({ name, people }: { name: string; people: Addr[] }) {
  if (people.length === 0) return null;
  return <Fact name={name} value={people.map(addressText).join("\n")} />;
}

function Fact({ name, value }: { name: string; value: string }) {
  if (!value) return null;
  return (
    <>
      <dt className="text-right text-muted">{name}</dt>
      <dd className="[overflow-wrap:anywhere] whitespace-pre-line">{value}</dd>
    </>
  );
}
