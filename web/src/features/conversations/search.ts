/** What an address of a conversation may say beside which it is. */
export type ConversationSearch = {
  /** A message by its number. */
  at?: number;
  /** A thread by its id, or one that is to begin below a message. */
  thread?: string;
  root?: string;
  details?: true;
};

const idOf = (raw: unknown) => (/^\d{1,19}$/.test(String(raw)) ? String(raw) : null);

export function searchOf(raw: Record<string, unknown>): ConversationSearch {
  const at = Number(raw.at);
  const thread = idOf(raw.thread);
  const root = idOf(raw.root);
  return {
    ...(Number.isSafeInteger(at) && at > 0 ? { at } : {}),
    ...(thread ? { thread } : root ? { root } : {}),
    ...(raw.details === true ? { details: true } : {}),
  };
}
