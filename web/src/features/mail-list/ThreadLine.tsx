// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a table, whose rows lay themselves out
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus stays on the grid, which names its active row
import type { LucideIcon } from "lucide-react";
import { Archive, CornerUpLeft, Inbox, Mail, MailOpen, Paperclip, RotateCcw, Star, Trash2 } from "lucide-react";
import type { MouseEvent } from "react";
import { memo } from "react";
import type { Addr, Mailbox, MailboxRole, ThreadRow } from "../../api/types";
import { commandOf, runCommand } from "../../commands/registry";
import { selectRange, toggleSelected } from "../../commands/view";
import { cx } from "../../lib/classes";
import { fullDate, shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { peopleLine } from "../../lib/people";
import { Avatar } from "../../ui/Avatar";
import { IconButton } from "../../ui/IconButton";
import { LineText } from "./LineText";

export type LineShape = "one" | "two" | "phone";

export type ThreadLineProps = {
  row: ThreadRow;
  index: number;
  shape: LineShape;
  labels: Mailbox[];
  own: ReadonlySet<string>;
  /** In Sent and Drafts the others are whom it went to. */
  showsRecipients: boolean;
  /** Of the list one is in: it decides what a row offers. */
  role: MailboxRole | null;
  isOpen: boolean;
  isFocused: boolean;
  isSelected: boolean;
  isSelecting: boolean;
  idOfAll: () => string[];
  onOpen: (id: string) => void;
  onPoint: (id: string) => void;
};

export const rowDomId = (id: string) => `thread-${id}`;

export const ThreadLine = memo(function ThreadLine(props: ThreadLineProps) {
  const { row, index, shape, isOpen, isFocused, isSelected, isSelecting } = props;
  const isUnread = row.unread_count > 0;
  const click = (event: MouseEvent) => {
    if (event.shiftKey) {
      event.preventDefault();
      selectRange(props.idOfAll(), row.id);
    } else if (event.metaKey || event.ctrlKey) toggleSelected(row.id);
    else props.onOpen(row.id);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid holds the focus and takes the keys for its rows
    <div
      role="row"
      id={rowDomId(row.id)}
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      data-shape={shape}
      data-open={isOpen || undefined}
      onClick={click}
      onPointerEnter={() => props.onPoint(row.id)}
      className={cx(
        "thread-line relative h-full cursor-default select-none",
        isFocused && "before:absolute before:inset-y-1 before:left-0 before:w-[3px] before:rounded-r before:bg-accent",
      )}
    >
      <Gutter {...props} isUnread={isUnread} isSelecting={isSelecting} />
      <div
        role="gridcell"
        className={cx("who flex min-w-0 items-baseline gap-1", isUnread ? "font-semibold" : "text-ink")}
      >
        <Who {...props} isUnread={isUnread} />
      </div>
      <LineText row={row} labels={props.labels} />
      <Meta {...props} isUnread={isUnread} />
    </div>
  );
});

type PartProps = ThreadLineProps & { isUnread: boolean };

function Gutter({ row, own, isSelected, isSelecting, isUnread, shape }: PartProps) {
  const isOther = (sender: Addr) => !own.has(sender.email.toLowerCase());
  const person = row.senders.findLast(isOther) ?? row.senders.at(-1) ?? { name: "", email: "" };
  const tick = (event: MouseEvent) => {
    event.stopPropagation();
    toggleSelected(row.id);
  };
  return (
    <div role="gridcell" className="gutter group/gutter relative grid h-full place-items-center">
      {shape === "phone" && <Avatar person={person} size={36} className="face absolute" />}
      {isUnread && (
        <span
          className={cx(
            "size-2 rounded-full bg-accent",
            shape === "phone" ? "absolute top-3 -left-2.5" : "group-hover/gutter:hidden",
            isSelecting && shape !== "phone" && "hidden",
          )}
        >
          <span className="sr-only">{t("Unread")}</span>
        </span>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the key is x, on the grid */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a wider place for the finger around the tick box */}
      <span
        onClick={tick}
        className={cx(
          "absolute inset-0 grid place-items-center",
          isSelecting || isSelected ? "" : shape === "phone" ? "opacity-0" : "opacity-0 group-hover/gutter:opacity-100",
        )}
      >
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isSelected}
          readOnly
          aria-label={t("Select {subject}", { subject: row.subject || t("(no subject)") })}
          className={cx("accent-(--accent)", shape === "phone" ? "size-5" : "size-3.5")}
        />
      </span>
    </div>
  );
}

function Who({ row, own, showsRecipients, isUnread }: PartProps) {
  const others = showsRecipients ? otherThan(own, row.recipients, row.senders) : row.senders;
  const line = peopleLine(others, { own, me: t("me") });
  return (
    <>
      <span dir="auto" className="truncate">
        {(showsRecipients ? t("To: {who}", { who: line }) : line) || t("(nobody)")}
      </span>
      {row.has_draft && !showsRecipients && <span className="shrink-0 font-normal text-accent">{t("Draft")}</span>}
      {row.email_count > 1 && (
        <span className={cx("tabular shrink-0 text-xs font-normal", isUnread ? "text-ink" : "text-muted")}>
          {row.email_count}
          <span className="sr-only"> {t("e-mails")}</span>
        </span>
      )}
    </>
  );
}

/** Whom it went to; where the newest came back to oneself, whom one talks with. */
function otherThan(own: ReadonlySet<string>, recipients: Addr[], senders: Addr[]): Addr[] {
  const isOther = (person: Addr) => !own.has(person.email.toLowerCase());
  if (recipients.some(isOther)) return recipients;
  const others = senders.filter(isOther);
  return others.length > 0 ? others : recipients;
}

function Meta({ row, isUnread, role, shape }: PartProps) {
  const when = row.placed_at ?? row.last_at;
  return (
    <div role="gridcell" className="meta relative flex h-full items-center justify-end gap-1.5">
      <span className="facts flex items-center gap-1.5 text-muted">
        {row.is_answered && <CornerUpLeft size={13} aria-label={t("Answered")} />}
        {row.has_attachment && <Paperclip size={13} aria-label={t("Has attachments")} />}
        {row.is_flagged && <Star size={14} aria-label={t("Starred")} className="fill-star text-star" />}
        <time
          dateTime={when}
          title={fullDate(when)}
          className={cx("min-w-11 text-right text-xs whitespace-nowrap", isUnread && "font-semibold text-ink")}
        >
          {shortDate(when)}
        </time>
      </span>
      {shape !== "phone" && <Actions row={row} role={role} />}
    </div>
  );
}

/** What takes a thread out of a list with the least regret. Sent mail and drafts stay where they are. */
const AWAY: { [role in MailboxRole]?: { id: string; icon: LucideIcon } | null } = {
  junk: { id: "not-junk", icon: RotateCcw },
  trash: { id: "inbox", icon: Inbox },
  archive: { id: "inbox", icon: Inbox },
  sent: null,
  drafts: null,
};

function awayFrom(role: MailboxRole | null): { id: string; icon: LucideIcon } | null {
  return role !== null && role in AWAY ? (AWAY[role] ?? null) : { id: "archive", icon: Archive };
}

function Actions({ row, role }: { row: ThreadRow; role: MailboxRole | null }) {
  const run = (command: string) => (event: MouseEvent) => {
    event.stopPropagation();
    runCommand(command, [row.id]);
  };
  const isUnread = row.unread_count > 0;
  const button = { size: "small" as const, tabIndex: -1 };
  const away = awayFrom(role);
  const trash = commandOf(role === "trash" ? "destroy" : "trash");
  return (
    <span className="actions absolute -right-1.5 h-full items-center pl-1">
      {away && (
        <IconButton
          icon={away.icon}
          label={commandOf(away.id).title}
          keys={commandOf(away.id).keys[0]}
          {...button}
          onClick={run(away.id)}
        />
      )}
      <IconButton icon={Trash2} label={trash.title} keys="#" {...button} onClick={run(trash.id)} />
      <IconButton
        icon={isUnread ? MailOpen : Mail}
        label={isUnread ? t("Mark as read") : t("Mark as unread")}
        {...button}
        onClick={run(isUnread ? "read" : "unread")}
      />
      <IconButton
        icon={Star}
        label={row.is_flagged ? t("Remove star") : t("Star")}
        keys="s"
        aria-pressed={row.is_flagged}
        {...button}
        iconClassName={row.is_flagged ? "fill-star text-star" : ""}
        onClick={run(row.is_flagged ? "unstar" : "star")}
      />
    </span>
  );
}
