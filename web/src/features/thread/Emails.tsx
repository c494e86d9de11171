import { Suspense, useEffect, useRef, useState } from "react";
import type { Thread } from "../../api/types";
import { newestSent } from "../../commands/writing";
import { openAtFirst, piecesOf } from "../../lib/folding";
import { plural } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { usePeopleShown } from "../../sync/presence";
import { useOpenDrafts } from "../composer/useOpenDrafts";
import { EmailCard } from "./EmailCard";

const InlineReply = onDemand(async () => (await import("../composer/InlineReply")).InlineReply);

export function Emails({ thread, own }: { thread: Thread; own: ReadonlySet<string> }) {
  const [first] = useState(() => openAtFirst(thread.emails));
  const [known] = useState(() => new Set(thread.emails.map((email) => email.id)));
  const [flipped, setFlipped] = useState<{ [id: string]: boolean }>({});
  const [showsAll, setShowsAll] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  // What comes in while the thread is read stands open.
  const isOpen = (email: { id: string; is_draft: boolean }) =>
    flipped[email.id] ?? (first.has(email.id) || (!known.has(email.id) && !email.is_draft));
  const flip = (email: { id: string; is_draft: boolean }) => setFlipped({ ...flipped, [email.id]: !isOpen(email) });

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the thread is opened
  useEffect(() => {
    const [target] = first;
    if (!target || first.size === thread.emails.length) return;
    list.current?.querySelector(`[data-email="${CSS.escape(target)}"]`)?.scrollIntoView({ block: "start" });
  }, []);

  const senders = thread.emails.map((email) => email.from[0]?.email ?? "");
  usePeopleShown([...new Set(senders)].filter((email) => !own.has(email.toLowerCase())));

  const written = useOpenDrafts(thread.emails);
  const emails = thread.emails.filter((email) => !written.has(email.id));
  const pieces = showsAll ? emails.map((email) => ({ kind: "email" as const, email })) : piecesOf(emails, isOpen);
  const newest = newestSent(thread.emails);
  return (
    <>
      <div ref={list}>
        {pieces.map((piece) =>
          piece.kind === "email" ? (
            <EmailCard
              key={piece.email.id}
              email={piece.email}
              own={own}
              isOpen={isOpen(piece.email)}
              onToggle={() => flip(piece.email)}
            />
          ) : (
            <button
              key="more"
              type="button"
              onClick={() => setShowsAll(true)}
              className="flex h-9 w-full items-center justify-center border-b border-line bg-sunken text-xs font-medium text-muted hover:bg-hover hover:text-ink"
            >
              {plural(piece.emails.length, "{n} more e-mail", "{n} more e-mails")}
            </button>
          ),
        )}
      </div>
      {newest && (
        <div data-print="none" className="px-5 pt-3 pb-8 max-sm:px-4">
          <Suspense fallback={<div className="h-8" />}>
            <InlineReply email={newest} threadEmails={thread.emails} />
          </Suspense>
        </div>
      )}
    </>
  );
}
