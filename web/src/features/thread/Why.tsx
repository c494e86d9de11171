import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleQuestionMark } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { junkQuery } from "../../api/junk";
import type { Email } from "../../api/types";
import { runCommand } from "../../commands/registry";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Popover } from "../../ui/Popover";
import { weightText } from "../junk/levels";
import { likenessOfEmail } from "../rules/likeness";
import { useMailboxes } from "../shell/useMail";
import { Checks } from "./Checks";
import { SenderActs } from "./SenderActs";
import { isTold, liesIn, placeWords, scoreWords } from "./whyWords";

const LINK =
  "inline-flex h-7 items-center rounded-md border border-line-strong bg-raised px-2.5 text-sm font-medium hover:bg-hover";

/** "Why is this here?": what was checked, what the filter saw, what filed it; beside each what takes it back. */
export function Why({ email }: { email: Email }) {
  const [isOpen, setOpen] = useState(false);
  if (!isTold(email)) return null;
  const question = t("Why is this here?");
  return (
    <Popover
      label={question}
      className="max-h-(--radix-popover-content-available-height) w-[460px] overflow-y-auto"
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          className="inline-flex items-center gap-1.5 underline underline-offset-2 hover:text-ink print:hidden"
        >
          <CircleQuestionMark size={13} aria-hidden className="shrink-0" />
          {question}
        </button>
      }
    >
      <Place email={email} onDone={() => setOpen(false)} />
      {email.authentication && (
        <Part title={t("What was checked when it arrived")}>
          <Checks authentication={email.authentication} />
        </Part>
      )}
      {email.spam && <Filter email={email} spam={email.spam} onDone={() => setOpen(false)} />}
    </Popover>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mt-3 border-t border-line pt-3 first:mt-0 first:border-t-0 first:pt-0">
      <h3 id={id} className="text-sm font-semibold">
        {title}
      </h3>
      {children}
    </section>
  );
}

type PlaceProps = { email: Email; onDone: () => void };

function Place({ email, onDone }: PlaceProps) {
  const { mailboxes } = useMailboxes();
  const { filed_by: filing, thread_id } = email;
  const isAway = filing !== null && !liesIn(email, mailboxes, "inbox");
  const moveBack = () => {
    onDone();
    runCommand("inbox", [thread_id]);
  };
  return (
    <Part title={t("Where it lies")}>
      <p className="mt-1 text-sm [overflow-wrap:anywhere] select-text">{placeWords(email, mailboxes)}</p>
      <div className="mt-2 flex flex-wrap gap-2">
        {isAway && (
          <Button size="small" onClick={moveBack}>
            {t("Move back to the inbox")}
          </Button>
        )}
        {filing?.name && (
          <Link to="/settings/rules/$ruleId" params={{ ruleId: filing.rule_id }} className={LINK}>
            {t("Change the rule")}
          </Link>
        )}
        {!filing && (
          <Link
            to="/settings/rules/$ruleId"
            params={{ ruleId: "new" }}
            search={likenessOfEmail(email)}
            className={LINK}
          >
            {t("Make a rule for mail like this")}
          </Link>
        )}
      </div>
    </Part>
  );
}

type FilterProps = { email: Email; spam: NonNullable<Email["spam"]>; onDone: () => void };

function Filter({ email, spam, onDone }: FilterProps) {
  const { mailboxes } = useMailboxes();
  const junk = useQuery(junkQuery).data;
  const isJunk = liesIn(email, mailboxes, "junk");
  const threshold = junk?.account_id === email.account_id ? junk.threshold : null;
  const takeBack = () => {
    onDone();
    if (!runCommand("not-junk", [email.thread_id])) runCommand("inbox", [email.thread_id]);
  };
  const report = () => {
    onDone();
    runCommand("junk", [email.thread_id]);
  };
  return (
    <Part title={t("What the junk filter saw when it arrived")}>
      {spam.signals.length === 0 && <p className="mt-1 text-sm">{t("Nothing that speaks for or against it.")}</p>}
      <ul className="mt-2 space-y-2 text-sm select-text">
        {spam.signals.map((one) => (
          <li key={one.name} className="flex gap-3">
            <span
              className={cx(
                "w-12 shrink-0 text-right font-medium tabular-nums",
                one.weight > 0 ? "text-danger" : "text-ok",
              )}
            >
              {weightText(one.weight)}
            </span>
            <span className="min-w-0 [overflow-wrap:anywhere]">{one.words}</span>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-xs text-muted">
        {scoreWords(spam.score, threshold)} {t("It learns from what you put into Junk and take out of it.")}
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        {isJunk ? (
          <Button size="small" onClick={takeBack}>
            {t("Not junk")}
          </Button>
        ) : (
          <Button size="small" onClick={report}>
            {t("Report as junk")}
          </Button>
        )}
        <SenderActs email={email} isJunk={isJunk} onTakeBack={takeBack} />
      </div>
    </Part>
  );
}
