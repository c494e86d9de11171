import { Ban } from "lucide-react";
import type { Email } from "../../api/types";
import { runCommand } from "../../commands/registry";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Popover } from "../../ui/Popover";
import { weightText } from "../junk/levels";
import { useMailboxes } from "../shell/useMail";

type Spam = NonNullable<Email["spam"]>;

const LINK = "font-medium text-ink underline underline-offset-2";

/** That an e-mail was taken for junk, why, and the way back. */
export function JunkLine({ email }: { email: Email }) {
  const { mailboxes } = useMailboxes();
  const { spam, thread_id } = email;
  if (spam?.verdict !== "junk") return null;
  const isHere = mailboxes.some(({ id, role }) => role === "junk" && email.mailbox_ids.includes(id));
  return (
    <p className="mt-2 flex min-w-0 flex-wrap items-center gap-x-1.5 gap-y-1 text-xs text-muted print:hidden">
      <Ban size={13} aria-hidden className="shrink-0" />
      <span>{isHere ? t("Taken for junk") : t("Was taken for junk")}</span>
      <span aria-hidden>·</span>
      <Why spam={spam} />
      {isHere && (
        <>
          <span aria-hidden>·</span>
          <button type="button" className={LINK} onClick={() => runCommand("not-junk", [thread_id])}>
            {t("Not junk")}
          </button>
        </>
      )}
    </p>
  );
}

function Why({ spam }: { spam: Spam }) {
  const question = t("Why is this here?");
  return (
    <Popover
      label={question}
      className="w-[420px]"
      trigger={
        <button type="button" className={LINK}>
          {question}
        </button>
      }
    >
      <h3 className="text-sm font-semibold">{t("What the filter saw when it arrived")}</h3>
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
      <p className="mt-3 border-t border-line pt-2 text-xs text-muted">
        {t("{score} points in all. Take it out of Junk, and the filter learns from it.", {
          score: weightText(spam.score),
        })}
      </p>
    </Popover>
  );
}
