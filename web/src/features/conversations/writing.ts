/** What is being written in each conversation and thread: kept while one goes elsewhere, and as a draft on the server. */
import { create } from "zustand";
import type { ChatFile, Message, NewMessage } from "../../api/chat";
import type { Naming } from "../../lib/chat-text";

export type Upload = {
  key: string;
  filename: string;
  sizeBytes: number;
  state: "uploading" | "done" | "failed";
  progress: number;
  /** For a line that was lost; it goes on by itself. */
  isWaiting: boolean;
  problem: string | null;
  file: File | null;
  stored: ChatFile | null;
};

export type Writing = {
  text: string;
  namings: Naming[];
  replyTo: Message | null;
  editing: Message | null;
  uploads: Upload[];
  importance: NonNullable<NewMessage["importance"]>;
  needsAck: boolean;
};

export const NOTHING: Writing = {
  text: "",
  namings: [],
  replyTo: null,
  editing: null,
  uploads: [],
  importance: "normal",
  needsAck: false,
};

export const placeOf = (conversationId: string, threadKey: string | null) => `${conversationId} ${threadKey ?? ""}`;

export const useWritings = create<{ [place: string]: Writing }>(() => ({}));

export function useWriting(place: string): Writing {
  return useWritings((all) => all[place] ?? NOTHING);
}

export const writingOf = (place: string): Writing => useWritings.getState()[place] ?? NOTHING;

export function write(place: string, changes: Partial<Writing>): void {
  useWritings.setState((all) => ({ [place]: { ...(all[place] ?? NOTHING), ...changes } }));
}

export function patchUpload(place: string, key: string, changes: Partial<Upload>): void {
  const uploads = writingOf(place).uploads.map((one) => (one.key === key ? { ...one, ...changes } : one));
  write(place, { uploads });
}

export const isEmpty = (writing: Writing) => writing.text.trim() === "" && writing.uploads.length === 0;
