/** Half-typed addresses: before a send, each recipient field turns its words into a chip. */
const fields = new Map<string, Set<() => void>>();

export function onFlush(key: string, commit: () => void): () => void {
  const commits = fields.get(key) ?? new Set();
  fields.set(key, commits.add(commit));
  return () => {
    commits.delete(commit);
    if (commits.size === 0) fields.delete(key);
  };
}

export function flushRecipients(key: string): void {
  for (const commit of [...(fields.get(key) ?? [])]) commit();
}
