import { useNavigate } from "@tanstack/react-router";
import {
  Ellipsis,
  FileCode,
  Forward,
  ListFilter,
  Mail,
  MessagesSquare,
  Paperclip,
  Printer,
  Reply,
  ReplyAll,
} from "lucide-react";
import { Suspense, useState } from "react";
import type { Addr, Email } from "../../api/types";
import { compose } from "../../commands/compose";
import { runCommand } from "../../commands/registry";
import { cx } from "../../lib/classes";
import { fullDate, longDate, shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { nameOf } from "../../lib/people";
import { useIsHere } from "../../sync/presence";
import { Avatar } from "../../ui/Avatar";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuItem, MenuLine } from "../../ui/Menu";
import { useMayTalk } from "../conversations/useConversations";
import { likenessOfEmail } from "../rules/likeness";
import { Attachments, listedAttachments } from "./Attachments";
import { DeliveryLine } from "./DeliveryLine";
import { Details } from "./Details";
import { FiledLine } from "./FiledLine";
import { JunkLine } from "./JunkLine";
import { ListLine } from "./ListLine";
import { MailBody } from "./MailBody";
import { OriginalDialog } from "./OriginalDialog";
import { printEmail } from "./print";
import { ReceiptLine } from "./ReceiptLine";
import { ForgeryWarning, TrustLine } from "./TrustLine";
import { Why } from "./Why";

const ForwardMail = onDemand(async () => (await import("../conversations/ForwardMail")).ForwardMail);

export type EmailCardProps = { email: Email; own: ReadonlySet<string>; isOpen: boolean; onToggle: () => void };

const NOBODY: Addr = { name: "", email: "" };

export function EmailCard({ email, own, isOpen, onToggle }: EmailCardProps) {
  if (!isOpen) return <FoldedEmail email={email} onOpen={onToggle} />;
  return <OpenEmail email={email} own={own} onFold={onToggle} />;
}

type OpenEmailProps = { email: Email; own: ReadonlySet<string>; onFold: () => void };

function OpenEmail({ email, own, onFold }: OpenEmailProps) {
  const sender = email.from[0] ?? NOBODY;
  const isHere = useIsHere(sender.email);
  return (
    <article
      aria-label={t("From {who}, {when}", { who: nameOf(sender), when: longDate(email.received_at) })}
      data-email={email.id}
      className="border-b border-line px-5 py-4 last:border-b-0 max-sm:px-4"
    >
      <header className="flex items-start gap-3">
        <Avatar person={sender} size={36} isHere={isHere} />
        <div className="min-w-0 flex-1">
          <button
            type="button"
            onClick={onFold}
            aria-expanded
            title={t("Fold")}
            className="flex max-w-full items-baseline gap-2 text-left"
          >
            <span className="truncate font-semibold">{nameOf(sender) || t("(nobody)")}</span>
            {sender.name && <span className="truncate text-xs text-muted max-sm:hidden">{sender.email}</span>}
          </button>
          <div>
            <Details email={email} own={own} />
          </div>
        </div>
        <time
          dateTime={email.received_at}
          title={fullDate(email.received_at)}
          className="mt-0.5 shrink-0 text-xs text-muted"
        >
          {longDate(email.received_at)}
        </time>
        <EmailMenu email={email} />
      </header>
      <ForgeryWarning authentication={email.authentication} />
      <div className="mt-2 flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted empty:hidden">
        <TrustLine authentication={email.authentication} />
        <ListLine email={email} />
        <FiledLine filing={email.filed_by} />
        <JunkLine email={email} />
        <Why email={email} />
      </div>
      <ReceiptLine email={email} />
      <div className="mt-4">
        <MailBody email={email} />
        <Attachments attachments={listedAttachments(email.attachments, email.has_html)} />
        {email.delivery && <DeliveryLine deliveries={email.delivery} />}
      </div>
    </article>
  );
}

function FoldedEmail({ email, onOpen }: { email: Email; onOpen: () => void }) {
  const sender = email.from[0] ?? NOBODY;
  const isUnread = !email.is_seen;
  const isHere = useIsHere(sender.email);
  const open = () => (email.is_draft ? compose({ mode: "new", draft: email }) : onOpen());
  return (
    <button
      type="button"
      onClick={open}
      aria-expanded={email.is_draft ? undefined : false}
      data-email={email.id}
      className="flex h-11 w-full items-center gap-3 border-b border-line px-5 text-left text-sm last:border-b-0 hover:bg-hover max-sm:px-4"
    >
      <Avatar person={sender} size={24} isHere={isHere} className="mx-1.5" />
      <span className={cx("w-32 shrink-0 truncate max-sm:w-24", isUnread && "font-semibold")}>
        {email.is_draft ? <span className="text-accent">{t("Draft")}</span> : nameOf(sender)}
      </span>
      <span className="flex min-w-0 flex-1">
        <span dir="auto" className="truncate text-muted">
          {email.preview || t("(no text)")}
        </span>
      </span>
      {email.has_attachment && (
        <Paperclip size={14} aria-label={t("Has attachments")} className="shrink-0 text-muted" />
      )}
      <time dateTime={email.received_at} title={fullDate(email.received_at)} className="shrink-0 text-xs text-muted">
        {shortDate(email.received_at)}
      </time>
    </button>
  );
}

function EmailMenu({ email }: { email: Email }) {
  const [showsOriginal, setShowsOriginal] = useState(false);
  const [isSaying, setSaying] = useState(false);
  const mayTalk = useMayTalk();
  const navigate = useNavigate();
  const filter = () =>
    void navigate({ to: "/settings/rules/$ruleId", params: { ruleId: "new" }, search: likenessOfEmail(email) });
  const answer = (mode: "reply" | "replyAll" | "forward") => () => compose({ mode, email, placement: "inline" });
  return (
    <div className="-mt-1 flex shrink-0 items-center print:hidden">
      <IconButton
        icon={Reply}
        label={t("Reply")}
        keys="r"
        size="small"
        className="max-sm:hidden"
        onClick={answer("reply")}
      />
      <Menu
        label={t("More about this mail")}
        align="end"
        trigger={<IconButton icon={Ellipsis} label={t("More about this mail")} size="small" />}
      >
        <MenuItem icon={Reply} keys="r" onSelect={answer("reply")}>
          {t("Reply")}
        </MenuItem>
        <MenuItem icon={ReplyAll} keys="a" onSelect={answer("replyAll")}>
          {t("Reply to all")}
        </MenuItem>
        <MenuItem icon={Forward} keys="f" onSelect={answer("forward")}>
          {t("Forward")}
        </MenuItem>
        {mayTalk && (
          <MenuItem icon={MessagesSquare} onSelect={() => requestAnimationFrame(() => setSaying(true))}>
            {t("Say it in a conversation …")}
          </MenuItem>
        )}
        <MenuLine />
        <MenuItem icon={Mail} keys="shift+u" onSelect={() => runCommand("unread", [email.thread_id])}>
          {t("Mark as unread")}
        </MenuItem>
        <MenuItem icon={ListFilter} onSelect={filter}>
          {t("Filter messages like this")}
        </MenuItem>
        <MenuItem icon={Printer} onSelect={() => printEmail(email.id)}>
          {t("Print")}
        </MenuItem>
        <MenuItem icon={FileCode} onSelect={() => setShowsOriginal(true)}>
          {t("Show original")}
        </MenuItem>
      </Menu>
      {isSaying && (
        <Suspense fallback={null}>
          <ForwardMail email={email} onClose={() => setSaying(false)} />
        </Suspense>
      )}
      {showsOriginal && <OriginalDialog emailId={email.id} onClose={() => setShowsOriginal(false)} />}
    </div>
  );
}
