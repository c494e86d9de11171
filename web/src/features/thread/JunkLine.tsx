import { Ban } from "lucide-react";
import type { Email } from "../../api/types";
import { runCommand } from "../../commands/registry";
import { t } from "../../lib/i18n";
import { useMailboxes } from "../shell/useMail";
import { isRefused, liesIn } from "./whyWords";

/** That an e-mail was taken for junk, and the way back; why is told beside it. */
export function JunkLine({ email }: { email: Email }) {
  const { mailboxes } = useMailboxes();
  const { spam, thread_id } = email;
  if (spam?.verdict !== "junk") return null;
  const isHere = liesIn(email, mailboxes, "junk");
  return (
    <span className="inline-flex items-center gap-1.5 print:hidden">
      <Ban size={13} aria-hidden className="shrink-0" />
      <span>{junkWords(email, isHere)}</span>
      {isHere && (
        <>
          <span aria-hidden>·</span>
          <button
            type="button"
            className="font-medium text-ink underline underline-offset-2"
            onClick={() => runCommand("not-junk", [thread_id])}
          >
            {t("Not junk")}
          </button>
        </>
      )}
    </span>
  );
}

function junkWords(email: Email, isHere: boolean): string {
  if (isRefused(email)) return t("Refused; its sender was told");
  return isHere ? t("Taken for junk") : t("Was taken for junk");
}
