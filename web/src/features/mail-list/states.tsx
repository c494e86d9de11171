import { useNavigate } from "@tanstack/react-router";
import { CloudOff, Inbox, Search, Star } from "lucide-react";
import { messageOf } from "../../api/error";
import type { Mailbox } from "../../api/types";
import { runCommand } from "../../commands/registry";
import { t } from "../../lib/i18n";
import type { MailSearch } from "../../lib/place";
import { mailboxName, SEARCH, STARRED } from "../../lib/place";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { mailboxIcon } from "../rail/icons";
import { SkeletonLine } from "./ThreadGrid";

const MANY = Array.from({ length: 16 }, (_, index) => index);

export function ListSkeleton({ rowHeight }: { rowHeight: number }) {
  return (
    <div aria-busy className="min-h-0 flex-1 overflow-hidden">
      <span className="sr-only">{t("Loading")}</span>
      {MANY.map((index) => (
        <div key={index} className="border-b border-line/60" style={{ height: rowHeight }}>
          <SkeletonLine />
        </div>
      ))}
    </div>
  );
}

export function ListProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <EmptyState icon={CloudOff} title={t("This list could not be read")} text={messageOf(error)}>
      <Button onClick={onRetry}>{t("Try again")}</Button>
    </EmptyState>
  );
}

/** The index of words is being made: it begins with the newest mail. */
export function NotAllYet() {
  return (
    <p role="status" className="border-b border-line bg-sunken px-3 py-1 text-xs text-muted">
      {t("What is older is still being made ready for search, so some may be missing here.")}
    </p>
  );
}

export function NothingHere({ box, mailbox, search }: { box: string; mailbox: Mailbox | null; search: MailSearch }) {
  const navigate = useNavigate();
  if (search.unread) {
    const { unread: _, ...rest } = search;
    const showAll = () => void navigate({ to: "/mail/$box", params: { box }, search: rest });
    return (
      <EmptyState icon={Inbox} title={t("Everything here is read")}>
        <Button onClick={showAll}>{t("Show all mail")}</Button>
      </EmptyState>
    );
  }
  if (box === SEARCH) {
    const text = t("Fewer words find more. Try from: or subject: to look in one place.");
    return <EmptyState icon={Search} title={t("Nothing found for “{q}”", { q: search.q ?? "" })} text={text} />;
  }
  if (box === STARRED) {
    return (
      <EmptyState
        icon={Star}
        title={t("No starred mail")}
        text={t("Star a thread with s, and it waits for you here.")}
      />
    );
  }
  return <EmptyMailbox mailbox={mailbox} />;
}

function EmptyMailbox({ mailbox }: { mailbox: Mailbox | null }) {
  const icon = mailbox ? mailboxIcon(mailbox) : Inbox;
  if (mailbox?.role === "inbox") {
    return (
      <EmptyState icon={icon} title={t("Your inbox is empty")} text={t("New mail will be here as it comes in.")}>
        <Button onClick={() => runCommand("compose")}>{t("Write a mail")}</Button>
      </EmptyState>
    );
  }
  const texts: { [role: string]: string } = {
    drafts: t("Mail you have begun waits here until you send it."),
    sent: t("Mail you send will be here, with word of its delivery."),
    archive: t("Press e on a thread to keep it here, out of the inbox."),
    junk: t("Mail taken for junk will be here. Look now and then for what was not."),
    trash: t("Mail you throw away will be here until it is deleted for good."),
  };
  const name = mailbox ? mailboxName(mailbox) : t("This list");
  const text = mailbox?.role ? texts[mailbox.role] : t("Press l on a thread to label it, or v to move it here.");
  return <EmptyState icon={icon} title={t("{name} is empty", { name })} {...(text ? { text } : {})} />;
}
