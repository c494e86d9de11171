/** On which thread a note is being written, and on which one is wanted by a key. */
import { create } from "zustand";

type Noting = { threadId: string | null; wantedId: string | null };

export const useNoting = create<Noting>(() => ({ threadId: null, wantedId: null }));

export const writeNote = (threadId: string | null) => useNoting.setState({ threadId, wantedId: null });

/** The thread itself opens the field, since there may be no place for notes yet. */
export const wantNote = (wantedId: string | null) => useNoting.setState({ wantedId });
