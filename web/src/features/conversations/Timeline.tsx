import { useQueryClient } from "@tanstack/react-query";
import { ArrowDown, CloudOff } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Conversation, Message } from "../../api/chat";
import { plainLine } from "../../lib/chat-text";
import { plural, t } from "../../lib/i18n";
import type { Row } from "../../lib/timeline";
import { reopenAt } from "../../sync/timelines";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { isFolded, useBlocked, useUnfolded } from "./blocked";
import { useChatView } from "./chatView";
import { focusRowOf } from "./focus";
import { MessageRow } from "./MessageRow";
import { PendingRow } from "./PendingRow";
import { DayLine, NewLine, TimelineSkeleton } from "./parts";
import { markSeen } from "./reading";
import { SeenLine } from "./SeenLine";
import { useKeys } from "./useKeys";
import { useMessageVerbs } from "./useMessageVerbs";
import { usePlace } from "./usePlace";
import { usePending, useStars, useTimeline } from "./useTimeline";

const READ_AHEAD = 800;

export type TimelineProps = {
  conversation: Conversation;
  threadId: string | null;
  /** Where a thread begins, if the address names it by that. */
  rootId: string | null;
  label: string;
  /** Opens at this number, and shows which it is. */
  at: number | null;
  readNumber: number | null;
  start: number | null;
  meId: string;
  nameOf: (id: string) => string;
  onBack: () => void;
};

export function Timeline(props: TimelineProps) {
  const { conversation, threadId, rootId, label, at, readNumber, start, meId, nameOf } = props;
  const client = useQueryClient();
  const scroller = useRef<HTMLDivElement>(null);
  const timeline = useTimeline({ conversationId: conversation.id, threadId, start, readNumber, meId });
  const { rows, messages, byId, threads, hasOlder, hasNewer, read } = timeline;
  const pending = usePending(conversation.id, threadId, rootId, messages);
  const stars = useStars(conversation.id);
  const blocked = useBlocked(conversation.kind);
  const unfolded = useUnfolded();
  const verbs = useMessageVerbs(conversation, rootId ?? threadId, threads);
  const version = useMemo(() => ({ rows, pending }), [rows, pending]);
  const startKey = at === null ? keyOfNew(rows) : (messages.find((one) => one.number >= at)?.id ?? null);
  const place = usePlace(scroller, version, startKey);
  const focusedId = useChatView((view) => view.focusedId);
  const stopId = focusedId && byId.has(focusedId) ? focusedId : (messages.at(-1)?.id ?? null);
  const unseen = useSeen(props, messages, place.lowest, place.isAtEnd);

  const quotedIn = ({ reply_to }: Message) => {
    const quoted = reply_to ? byId.get(reply_to) : undefined;
    return quoted && !isFolded(quoted, blocked, unfolded) ? quoted : null;
  };
  const { show } = place;
  const showMessage = useCallback(
    (message: Message) => {
      if (show(message.id)) focusRowOf(message.id);
    },
    [show],
  );
  useKeys({
    scroller,
    messages,
    verbs,
    place: { conversationId: conversation.id, threadKey: rootId ?? threadId },
    onBack: props.onBack,
  });

  const onScroll = () => {
    place.onScroll();
    const element = scroller.current;
    if (!element || timeline.problem) return;
    if (hasOlder && element.scrollTop < READ_AHEAD) void read("older");
    if (hasNewer && element.scrollHeight - element.scrollTop - element.clientHeight < READ_AHEAD) void read("newer");
  };
  const toNewest = async () => {
    if (hasNewer) await reopenAt(client, conversation.id, threadId, null);
    requestAnimationFrame(() => place.toEnd());
  };
  // Who sends goes along with what was sent.
  const count = pending.length;
  const before = useRef(count);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a message that is added moves
  useEffect(() => {
    if (count > before.current) void toNewest();
    before.current = count;
  }, [count]);

  if (timeline.error)
    return (
      <EmptyState
        icon={CloudOff}
        title={t("This conversation could not be read")}
        text={String((timeline.error as Error).message)}
      >
        <Button onClick={timeline.retry}>{t("Try again")}</Button>
      </EmptyState>
    );
  if (!timeline.isReady) return <TimelineSkeleton />;
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-label={label}
        aria-live="off"
        tabIndex={messages.length === 0 ? 0 : -1}
        onScroll={onScroll}
        className="relative h-full overflow-y-auto [overflow-anchor:none] focus-visible:outline-none"
      >
        <div className="flex min-h-full flex-col justify-end pt-6 pb-2">
          {hasOlder && <p className="p-3 text-center text-xs text-muted">{t("Loading older messages")}</p>}
          {!hasOlder && threadId === null && hasBefore(conversation) && (
            <p className="p-3 text-center text-xs text-muted">
              {t("What was said before you came is shown to those who were here.")}
            </p>
          )}
          {!hasOlder && rows.length === 0 && pending.length === 0 && (
            <p className="p-6 text-center text-sm text-muted">
              {t("Nothing was said here yet. The first word is yours.")}
            </p>
          )}
          {rows.map((row) =>
            row.kind === "day" ? (
              <DayLine key={row.key} date={row.date} />
            ) : row.kind === "new" ? (
              <NewLine key={row.key} />
            ) : (
              <MessageRow
                key={row.key}
                message={row.message}
                isHead={row.isHead}
                meId={meId}
                quoted={quotedIn(row.message)}
                isFolded={isFolded(row.message, blocked, unfolded)}
                hidesQuote={threadId !== null && row.message.reply_to === messages[0]?.id}
                thread={threadId ? undefined : threads[row.message.id]}
                isStarred={stars[row.message.id] ?? false}
                isStop={row.message.id === stopId}
                isFound={at !== null && row.message.number === at}
                nameOf={nameOf}
                onShow={showMessage}
                verbs={verbs}
              />
            ),
          )}
          {pending.map((one) => (
            <PendingRow key={one.clientId} pending={one} />
          ))}
          {threadId === null && !hasNewer && pending.length === 0 && (
            <SeenLine conversation={conversation} messages={messages} meId={meId} />
          )}
        </div>
      </div>
      {(!place.isAtEnd || hasNewer) && <ToEnd count={unseen} onClick={() => void toNewest()} />}
      <Announcer messages={messages.filter((one) => !isFolded(one, blocked, unfolded))} meId={meId} />
      {timeline.problem && (
        <button
          type="button"
          onClick={() => void read(hasNewer ? "newer" : "older")}
          className="absolute inset-x-0 bottom-0 bg-danger-soft p-2 text-sm text-danger"
        >
          {t("{why} Try again", { why: timeline.problem })}
        </button>
      )}
    </div>
  );
}

/** Something was said that is not shown to who came later. */
const hasBefore = ({ me, visibility }: Conversation) => (me?.shown_after ?? 0) > 0 && visibility === "private";

const keyOfNew = (rows: readonly Row<Message>[]) => (rows.some((row) => row.kind === "new") ? "new" : null);

/** Says what one has seen, and counts what came below since. */
function useSeen(props: TimelineProps, messages: readonly Message[], lowest: string | null, isAtEnd: boolean): number {
  const client = useQueryClient();
  const { conversation, threadId } = props;
  const seen = messages.find((one) => one.id === lowest)?.number ?? (isAtEnd ? messages.at(-1)?.number : undefined);
  const [isLooking, setLooking] = useState(() => document.visibilityState === "visible" && document.hasFocus());
  useEffect(() => {
    const look = () => setLooking(document.visibilityState === "visible" && document.hasFocus());
    const on = ["focus", "blur"] as const;
    for (const name of on) window.addEventListener(name, look);
    document.addEventListener("visibilitychange", look);
    return () => {
      for (const name of on) window.removeEventListener(name, look);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  const furthest = useRef(0);
  const isFirst = useRef(true);
  const isIn = conversation.me !== null;
  useEffect(() => {
    if (!isIn || !isLooking || seen === undefined) return;
    if (seen <= furthest.current && !isFirst.current) return;
    markSeen(client, { conversationId: conversation.id, threadId, number: seen, isReopened: isFirst.current });
    furthest.current = Math.max(furthest.current, seen);
    isFirst.current = false;
  }, [client, conversation.id, threadId, seen, isLooking, isIn]);
  return messages.filter((one) => one.number > (seen ?? 0) && one.author.id !== props.meId).length;
}

function ToEnd({ count, onClick }: { count: number; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="absolute bottom-3 left-1/2 z-10 flex h-8 -translate-x-1/2 animate-[slide-up_140ms] items-center gap-1.5 rounded-full bg-accent pr-3.5 pl-3 text-xs font-semibold text-on-accent shadow-raised"
    >
      <ArrowDown size={14} aria-hidden />
      {count > 0 ? plural(count, "{n} new message", "{n} new messages") : t("To the newest")}
    </button>
  );
}

/** Tells screen readers what others wrote; what was loaded is not told. */
function Announcer({ messages, meId }: { messages: readonly Message[]; meId: string }) {
  const newest = messages.at(-1);
  const first = useRef(newest?.number ?? 0);
  const isNews =
    newest !== undefined && newest.number > first.current && newest.author.id !== meId && !newest.deleted_at;
  return (
    <p aria-live="polite" className="sr-only">
      {isNews ? `${newest.author.name}: ${plainLine(newest.text)}` : ""}
    </p>
  );
}
