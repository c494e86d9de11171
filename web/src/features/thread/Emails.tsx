import { Suspense, useEffect, useMemo, useRef, useState } from "react";
import type { Thread } from "../../api/types";
import { newestSent } from "../../commands/writing";
import type { Piece } from "../../lib/folding";
import { openAtFirst, piecesOf } from "../../lib/folding";
import { plural } from "../../lib/i18n";
import { interleave } from "../../lib/interleave";
import { onDemand } from "../../lib/on-demand";
import { usePeopleShown } from "../../sync/presence";
import { useOpenDrafts } from "../composer/useOpenDrafts";
import { writeNote } from "../notes/noting";
import type { Notes } from "../notes/useNotes";
import { participantsOf } from "../notes/useNotes";
import { useMe } from "../shell/useMail";
import { EmailCard } from "./EmailCard";

const AnswerArea = onDemand(async () => (await import("../notes/AnswerArea")).AnswerArea);
const NoteGroup = onDemand(async () => (await import("../notes/NoteGroup")).NoteGroup);

const timeOf = (piece: Piece) => (piece.kind === "email" ? piece.email : piece.emails[0])?.received_at ?? "";

export function Emails({ thread, own, notes }: { thread: Thread; own: ReadonlySet<string>; notes: Notes }) {
  const meId = useMe()?.id ?? "";
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
  const people = notes.known?.people ?? [];
  const participants = useMemo(() => participantsOf(notes.known), [notes.known]);
  const nameOf = (id: string) => people.find((one) => one.id === id)?.name ?? "";
  const isAdmin = people.some((one) => one.id === meId && one.right === "admin");
  return (
    <>
      <div ref={list}>
        {interleave(pieces, notes.messages, timeOf).map((one) =>
          one.kind === "notes" ? (
            <Suspense key={one.key} fallback={null}>
              <NoteGroup
                {...{ notes: one.notes, threads: notes.threads, people: participants, meId, isAdmin, nameOf }}
                onEdit={() => writeNote(thread.id)}
              />
            </Suspense>
          ) : one.mail.kind === "email" ? (
            <EmailCard
              key={one.mail.email.id}
              email={one.mail.email}
              own={own}
              isOpen={isOpen(one.mail.email)}
              onToggle={() => one.mail.kind === "email" && flip(one.mail.email)}
            />
          ) : (
            <button
              key="more"
              type="button"
              onClick={() => setShowsAll(true)}
              className="flex h-9 w-full items-center justify-center border-b border-line bg-sunken text-xs font-medium text-muted hover:bg-hover hover:text-ink"
            >
              {plural(one.mail.emails.length, "{n} more e-mail", "{n} more e-mails")}
            </button>
          ),
        )}
      </div>
      {newest && (
        <div data-print="none" className="px-5 pt-3 pb-8 max-sm:px-4">
          <Suspense fallback={<div className="h-8" />}>
            <AnswerArea thread={thread} email={newest} notes={notes} meId={meId} />
          </Suspense>
        </div>
      )}
    </>
  );
}
