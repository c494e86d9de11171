/** Who is typing, who looks: told while it is so and kept nowhere. */
import { create } from "zustand";

const TYPING_MS = 6_000;
const SAY_EVERY_MS = 4_000;

/** `answersMail`: not a message here, but an answer to the mail that these notes are on. */
type Typing = { user: string; thread: string | null; until: number; answersMail: boolean };
type Talk = { typing: { [conversation: string]: Typing[] }; looking: { conversation: string; people: string[] } };

export const useTalk = create<Talk>(() => ({ typing: {}, looking: { conversation: "", people: [] } }));

let say: (message: object) => void = () => undefined;
let saidAt = 0;
let saidWhere = "";
let looksAt: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

export function talkBy(send: ((message: object) => void) | null): void {
  say = send ?? (() => undefined);
  if (!send) useTalk.setState({ typing: {}, looking: { conversation: "", people: [] } });
}

export function takeTyping(
  conversation: string,
  thread: string | null,
  user: string,
  isTyping: boolean,
  answersMail = false,
): void {
  useTalk.setState(({ typing }) => {
    const others = (typing[conversation] ?? []).filter((one) => one.user !== user);
    const until = Date.now() + TYPING_MS;
    return {
      typing: { ...typing, [conversation]: isTyping ? [...others, { user, thread, until, answersMail }] : others },
    };
  });
  clearTimeout(timer);
  timer = setTimeout(forgetOld, TYPING_MS + 100);
}

function forgetOld(): void {
  const now = Date.now();
  useTalk.setState(({ typing }) => ({
    typing: Object.fromEntries(
      Object.entries(typing).map(([id, some]) => [id, some.filter((one) => one.until > now)] as const),
    ),
  }));
}

export function takeLooking(conversation: string, people: string[]): void {
  useTalk.setState({ looking: { conversation, people } });
}

/** It is on the screen now, and no other is. */
export function look(conversation: string | null): void {
  looksAt = conversation;
  say({ type: "look", conversation });
}

/** After the line came back. */
export function lookAgain(): object[] {
  return looksAt === null ? [] : [{ type: "look", conversation: looksAt }];
}

export function sayTyping(conversation: string, thread: string | null, isTyping: boolean, answersMail = false): void {
  const where = `${conversation} ${thread} ${isTyping} ${answersMail}`;
  const now = Date.now();
  if (where === saidWhere && (!isTyping || now - saidAt < SAY_EVERY_MS)) return;
  saidWhere = where;
  saidAt = now;
  say({ type: "typing", conversation, thread, is_typing: isTyping, ...(answersMail ? { answers_mail: true } : {}) });
}
