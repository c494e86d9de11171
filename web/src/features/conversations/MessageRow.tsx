import { Forward, Mail, MessagesSquare, Pin, Star } from "lucide-react";
import type { ReactNode } from "react";
import { memo } from "react";
import type { ChatThread, Message } from "../../api/chat";
import { plainLine } from "../../lib/chat-text";
import { cx } from "../../lib/classes";
import { fullDate, shortDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { useIsHere } from "../../sync/presence";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Acknowledge } from "./Acknowledge";
import { unfold } from "./blocked";
import { focusMessage, hoverMessage, rowDomId, useChatView } from "./chatView";
import { Files } from "./Files";
import { IMPORTANCE, MessageBar } from "./MessageBar";
import { MessageBody } from "./MessageBody";
import { PersonName } from "./PersonName";
import { Previews } from "./Previews";
import { Reactions } from "./Reactions";
import { systemWords } from "./systemWords";
import type { MessageVerbs } from "./useMessageVerbs";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const timeOf = (iso: string) => clock.format(new Date(iso));

export type MessageRowProps = {
  message: Message;
  isHead: boolean;
  meId: string;
  quoted: Message | null;
  /** In a thread all that is said answers its first message. */
  hidesQuote: boolean;
  thread: ChatThread | undefined;
  isStarred: boolean;
  /** The one that the tab key comes to. */
  isStop: boolean;
  isFound: boolean;
  /** It is of somebody whom one has blocked, and stands folded. */
  isFolded: boolean;
  nameOf: (id: string) => string;
  onShow: (message: Message) => void;
  verbs: MessageVerbs;
};

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, isHead, meId, isStop, isFound, isFolded } = props;
  const isActive = useChatView((view) => view.hoveredId === message.id || view.focusedId === message.id);
  const isSystem = message.kind === "system";
  return (
    <article
      id={rowDomId(message.id)}
      data-key={message.id}
      aria-label={labelOf(props)}
      tabIndex={isStop ? 0 : -1}
      onFocus={() => focusMessage(message.id)}
      onPointerEnter={() => hoverMessage(message.id)}
      onPointerLeave={() => hoverMessage(null)}
      className={cx(
        "message-row relative flex gap-3 px-4",
        isHead ? "mt-2 pt-1" : "",
        isActive ? "bg-hover" : isFound ? "bg-accent-soft" : "",
      )}
    >
      {isSystem ? <SystemLine {...props} /> : isFolded ? <Folded message={message} /> : <Said {...props} />}
      {isActive && message.deleted_at === null && !isFolded && (
        <MessageBar message={message} verbs={props.verbs} isStarred={props.isStarred} meId={meId} />
      )}
    </article>
  );
});

function labelOf({ message, nameOf, isFolded }: MessageRowProps): string {
  const when = timeOf(message.created_at);
  if (isFolded) return `${FOLDED}, ${when}`;
  if (message.kind === "system") return `${systemWords(message, nameOf)}, ${when}`;
  const said = message.deleted_at ? t("deleted") : plainLine(message.text) || t("a file");
  const how = message.author.email ? `, ${t("by e-mail")}` : "";
  return `${message.author.name}${how}, ${when}: ${said}`;
}

const FOLDED = t("A message of somebody you blocked");

function Folded({ message }: { message: Message }) {
  return (
    <p className="flex w-full items-center gap-2 py-0.5 pl-12 text-xs text-muted">
      <span className="italic">{FOLDED}</span>
      <Button size="small" kind="ghost" onClick={() => unfold(message.id)}>
        {t("Show")}
      </Button>
    </p>
  );
}

function SystemLine({ message, nameOf }: MessageRowProps) {
  return (
    <p className="w-full py-0.5 pl-12 text-xs text-muted">
      <span dir="auto">{systemWords(message, nameOf)}</span>{" "}
      <time dateTime={message.created_at} title={fullDate(message.created_at)}>
        {timeOf(message.created_at)}
      </time>
    </p>
  );
}

function Said(props: MessageRowProps) {
  const { message, isHead, meId, nameOf } = props;
  return (
    <>
      <Gutter message={message} isHead={isHead} />
      <div className="min-w-0 flex-1 py-0.5">
        {isHead && <Head {...props} />}
        {message.deleted_at ? (
          <p className="text-sm text-muted italic">{t("This message was deleted")}</p>
        ) : (
          <>
            <Quote {...props} />
            {message.forwarded_from && (
              <p className="flex items-center gap-1 text-xs text-muted">
                <Forward size={13} aria-hidden />
                {t("Forwarded from {who}", { who: message.forwarded_from.name || t("somebody") })}
              </p>
            )}
            <MessageBody html={message.html} meId={meId} />
            {message.edited_at && (
              <button
                type="button"
                onClick={() => props.verbs.run("revisions", message)}
                title={fullDate(message.edited_at)}
                className="rounded text-xs text-muted hover:underline"
              >
                {t("(edited)")}
              </button>
            )}
            <Previews message={message} canRemove={props.verbs.can("delete", message)} />
            <Files message={message} />
            <Acknowledge message={message} meId={meId} />
            <Reactions message={message} meId={meId} nameOf={nameOf} />
          </>
        )}
        <ThreadLink {...props} />
      </div>
    </>
  );
}

function Gutter({ message, isHead }: { message: Message; isHead: boolean }) {
  const { author } = message;
  const isHere = useIsHere(author.id ?? "");
  return (
    <div className="w-9 shrink-0 pt-0.5">
      {isHead ? (
        <Avatar person={{ name: author.name, email: author.email ?? author.id ?? "" }} size={36} isHere={isHere} />
      ) : (
        <time
          dateTime={message.created_at}
          title={fullDate(message.created_at)}
          className="block pt-0.5 text-right text-[10px] text-muted opacity-0 [.message-row:hover_&]:opacity-100"
        >
          {timeOf(message.created_at)}
        </time>
      )}
    </div>
  );
}

function Head({ message, isStarred }: MessageRowProps) {
  const mark = IMPORTANCE[message.importance];
  return (
    <p className="flex min-w-0 items-baseline gap-2">
      <PersonName id={message.author.id} name={message.author.name} className="truncate text-sm font-semibold" />
      {message.author.email && <ByMail address={message.author.email} />}
      <time dateTime={message.created_at} title={fullDate(message.created_at)} className="shrink-0 text-xs text-muted">
        {timeOf(message.created_at)}
      </time>
      {mark && (
        <span className={cx("flex shrink-0 items-center gap-1 text-xs font-semibold", mark.className)}>
          <mark.icon size={13} aria-hidden />
          {mark.title}
        </span>
      )}
      <Marks message={message} isStarred={isStarred} />
    </p>
  );
}

/** Of somebody outside: a name alone can be anybody's, the address is what was asked in. */
function ByMail({ address }: { address: string }) {
  return (
    <span
      title={address}
      className="flex min-w-0 items-center gap-1 self-center rounded bg-warn-soft px-1.5 text-xs text-warn"
    >
      <Mail size={12} aria-hidden className="shrink-0" />
      <span className="shrink-0">{t("by e-mail")}</span>
      <span className="truncate">{address}</span>
    </span>
  );
}

function Marks({ message, isStarred }: { message: Message; isStarred: boolean }): ReactNode {
  return (
    <>
      {message.pinned_at && <Pin size={13} aria-label={t("Pinned")} className="shrink-0 self-center text-muted" />}
      {isStarred && <Star size={13} aria-label={t("Starred")} className="shrink-0 self-center fill-star text-star" />}
    </>
  );
}

function Quote({ message, quoted, hidesQuote, onShow }: MessageRowProps) {
  if (!message.reply_to || hidesQuote) return null;
  return (
    <button
      type="button"
      disabled={!quoted}
      onClick={() => quoted && onShow(quoted)}
      className="mb-0.5 flex max-w-full min-w-0 gap-1.5 rounded border-l-2 border-line-strong bg-sunken px-2 py-0.5 text-left text-xs"
    >
      <span className="shrink-0 font-semibold">{quoted?.author.name ?? t("An earlier message")}</span>
      <span dir="auto" className="truncate text-muted">
        {quoted ? (quoted.deleted_at ? t("deleted") : plainLine(quoted.text) || t("a file")) : ""}
      </span>
    </button>
  );
}

function ThreadLink({ message, thread, verbs }: MessageRowProps) {
  if (!thread || thread.reply_count === 0) return null;
  return (
    <button
      type="button"
      onClick={() => verbs.run("thread", message)}
      className="mt-1 flex max-w-full items-center gap-1.5 rounded-md border border-line bg-raised px-2 py-1 text-xs hover:bg-hover max-sm:min-h-9"
    >
      <MessagesSquare size={13} aria-hidden className="shrink-0 text-muted" />
      <span className="font-semibold text-accent">{plural(thread.reply_count, "{n} answer", "{n} answers")}</span>
      {thread.title && (
        <span dir="auto" className="truncate">
          {thread.title}
        </span>
      )}
      <span className="shrink-0 text-muted">{shortDate(thread.last_at)}</span>
      {thread.resolved_at && <span className="shrink-0 text-ok">{t("Done")}</span>}
    </button>
  );
}
