import { StickyNote } from "lucide-react";
import type { ChatThread, Message, Participant } from "../../api/chat";
import { fullDate, longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { systemWords } from "../conversations/systemWords";
import { Note } from "./Note";
import { NoteAnswers } from "./NoteAnswers";
import { answerNote } from "./noting";

export type NoteGroupProps = {
  notes: Message[];
  /** Answers to notes, by the note. */
  threads: { [rootId: string]: ChatThread };
  people: readonly Participant[];
  meId: string;
  isAdmin: boolean;
  nameOf: (id: string) => string;
  onEdit: () => void;
};

/** Notes beside one another, in a colour that no mail has. */
export function NoteGroup({ notes, ...common }: NoteGroupProps) {
  const said = notes.filter((one) => one.kind === "text");
  return (
    <section aria-label={t("Notes")} data-print="none" className="border-b border-line">
      {said.length > 0 && (
        <p className="flex items-center gap-1.5 border-l-4 border-star bg-note px-4 pt-2 text-xs font-medium text-warn">
          <StickyNote size={13} aria-hidden />
          {t("Only people with this mailbox see this")}
        </p>
      )}
      {notes.map((note) =>
        note.kind === "system" ? (
          <Line key={note.id} note={note} nameOf={common.nameOf} />
        ) : (
          <Said key={note.id} note={note} {...common} />
        ),
      )}
    </section>
  );
}

function Line({ note, nameOf }: { note: Message; nameOf: (id: string) => string }) {
  return (
    <p className="border-l-4 border-star bg-note px-4 py-1 text-xs text-muted">
      <span dir="auto">{systemWords(note, nameOf)}</span>{" "}
      <time dateTime={note.created_at} title={fullDate(note.created_at)}>
        {longDate(note.created_at)}
      </time>
    </p>
  );
}

type SaidProps = Omit<NoteGroupProps, "notes"> & { note: Message };

/** A note and what was answered to it. */
function Said({ note, threads, people, ...common }: SaidProps) {
  return (
    <div
      data-note={note.id}
      data-note-root={note.id}
      data-timeline
      className="border-l-4 border-star bg-note px-4 py-2"
    >
      <Note note={note} {...common} onAnswer={() => answerNote(note.id)} />
      <NoteAnswers root={note} thread={threads[note.id] ?? null} people={people} {...common} />
    </div>
  );
}
