/** What is being written to colleagues on a thread, a note or an answer to one, and what is wanted by a key. */
import { create } from "zustand";

type Noting = {
  /** The mail thread that a note is written on. */
  threadId: string | null;
  wantedId: string | null;
  /** The note that is answered: never while another is written, so that there is one field. */
  rootId: string | null;
  /** On which thread an answer is wanted, and to which note; without one to the last. */
  wantedAnswer: { threadId: string; rootId: string | null } | null;
};

const NOTHING: Noting = { threadId: null, wantedId: null, rootId: null, wantedAnswer: null };

export const useNoting = create<Noting>(() => NOTHING);

export const writeNote = (threadId: string | null) => useNoting.setState({ ...NOTHING, threadId });

export const answerNote = (rootId: string | null) => useNoting.setState({ ...NOTHING, rootId });

/** The thread itself opens the field, since there may be no place for notes yet. */
export const wantNote = (wantedId: string | null) => useNoting.setState({ wantedId });

/** To the note that has the focus, or stands around it. */
export const wantAnswer = (threadId: string) =>
  useNoting.setState({ wantedAnswer: { threadId, rootId: focusedRoot() } });

const focusedRoot = () => document.activeElement?.closest<HTMLElement>("[data-note-root]")?.dataset.noteRoot ?? null;
