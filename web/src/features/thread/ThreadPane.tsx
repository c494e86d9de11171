import { useQuery } from "@tanstack/react-query";
import { CloudOff, MailX } from "lucide-react";
import { useEffect, useRef } from "react";
import { ApiError, messageOf } from "../../api/error";
import type { WorkView } from "../../api/notes";
import { threadQuery } from "../../api/queries";
import type { Mailbox } from "../../api/types";
import { takeThreadFocus } from "../../commands/attention";
import { runCommand } from "../../commands/registry";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Skeleton } from "../../ui/Skeleton";
import { TeamBar } from "../notes/TeamBar";
import { useNotes } from "../notes/useNotes";
import { WorkBar } from "../notes/WorkBar";
import { ownAddressesOf, useMe } from "../shell/useMail";
import { Emails } from "./Emails";
import { ThreadBar } from "./ThreadBar";
import { ThreadTitle } from "./ThreadTitle";

/** Long enough to tell reading from passing by with j and k. */
const READ_AFTER_MS = 400;

export type ThreadPaneProps = {
  threadId: string;
  box: string;
  mailboxes: Mailbox[];
  /** Opened from a list by whose threads are: it may be another account's, which one's own mailboxes do not fit. */
  team?: { view: WorkView; accountId: string | null };
};

/** Mounted anew for each thread (by key), so that what is folded is its own. */
export function ThreadPane({ threadId, box, mailboxes, team }: ThreadPaneProps) {
  const me = useMe();
  const { data: thread, error, refetch } = useQuery(threadQuery(threadId));
  const notes = useNotes(threadId);
  const hasUnread = thread?.emails.some((email) => !email.is_seen && !email.is_draft) ?? false;
  const wasRead = useRef(false);
  const right = team ? notes.known?.people.find((one) => one.id === me?.id)?.right : "admin";
  const mayMark = right === "write" || right === "admin";
  useEffect(() => {
    if (!hasUnread || wasRead.current || !mayMark) return;
    const timer = setTimeout(() => {
      wasRead.current = true;
      runCommand("read", [threadId]);
    }, READ_AFTER_MS);
    return () => clearTimeout(timer);
  }, [hasUnread, threadId, mayMark]);

  const isHere = thread !== undefined;
  useEffect(() => {
    if (isHere) takeThreadFocus();
  }, [isHere]);

  if (error && !thread) return <ThreadProblem error={error} onRetry={() => void refetch()} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      {team ? <TeamBar {...team} /> : <ThreadBar threadId={threadId} thread={thread} />}
      <div data-print="page" className="min-h-0 flex-1 overflow-y-auto" id="thread-scroll">
        {thread ? (
          <>
            <ThreadTitle thread={thread} mailboxes={mailboxes} box={box} />
            {notes.known && notes.isShared && (
              <WorkBar
                threadId={threadId}
                notes={notes.known}
                conversationId={notes.conversationId}
                meId={me?.id ?? ""}
              />
            )}
            <Emails thread={thread} own={ownAddressesOf(me)} notes={notes} />
          </>
        ) : (
          <ThreadSkeleton />
        )}
      </div>
    </div>
  );
}

function ThreadSkeleton() {
  return (
    <div aria-busy className="flex flex-col gap-5 px-5 py-4">
      <span className="sr-only">{t("Loading")}</span>
      <Skeleton className="h-5 w-2/3" />
      <div className="flex items-center gap-3">
        <Skeleton className="size-9 rounded-full" />
        <Skeleton className="h-3 w-40" />
      </div>
      <Skeleton className="h-3 w-4/5" />
      <Skeleton className="h-3 w-3/4" />
      <Skeleton className="h-3 w-2/4" />
    </div>
  );
}

function ThreadProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <EmptyState
      icon={isGone ? MailX : CloudOff}
      title={isGone ? t("This thread is not here any more") : t("This thread could not be read")}
      text={isGone ? t("It may have been deleted on another device.") : messageOf(error)}
    >
      {isGone ? (
        <Button onClick={() => runCommand("back")}>{t("Back to the list")}</Button>
      ) : (
        <Button onClick={onRetry}>{t("Try again")}</Button>
      )}
    </EmptyState>
  );
}
