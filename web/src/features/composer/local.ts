/**
 * What this device keeps: the newest text of every open composer, and mails waiting to be sent.
 *
 * IndexedDB, because it takes files as they are and survives a crash. Where the browser has none
 * (some private windows) a map in memory stands in, and only a crash can hurt.
 */
import type { ComposerContent, ComposerMode } from "./session";

export type LocalDraft = {
  key: string;
  userId: string;
  mode: ComposerMode;
  content: ComposerContent;
  draftId: string | null;
  quoteLabel: string;
  savedAtMs: number;
};

export type OutboxItem = LocalDraft & {
  idempotencyKey: string;
  /** The draft on the server has the newest content. */
  isCurrent: boolean;
};

type Stores = { drafts: LocalDraft; outbox: OutboxItem };
type StoreName = keyof Stores;

const DATABASE = "posthouse-composer";
const VERSION = 1;
const memory: Record<StoreName, Map<string, LocalDraft | OutboxItem>> = { drafts: new Map(), outbox: new Map() };
let opening: Promise<IDBDatabase | null> | null = null;

function open(): Promise<IDBDatabase | null> {
  opening ??= new Promise((resolve) => {
    if (typeof indexedDB === "undefined") return resolve(null);
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("drafts", { keyPath: "key" });
      request.result.createObjectStore("outbox", { keyPath: "key" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
    request.onblocked = () => resolve(null);
  });
  return opening;
}

async function within<Result>(
  name: StoreName,
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<Result>,
  without: () => Result,
): Promise<Result> {
  const database = await open();
  if (!database) return without();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode);
    const request = act(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("not kept"));
  });
}

/** Replaces what was kept under the same key. Object URLs die with the page, so they are dropped. */
export async function keep<Name extends StoreName>(name: Name, item: Stores[Name]): Promise<void> {
  const attachments = item.content.attachments.map((one) =>
    one.url?.startsWith("blob:") ? { ...one, url: null } : one,
  );
  const plain = { ...item, content: { ...item.content, attachments } };
  await within<IDBValidKey>(
    name,
    "readwrite",
    (store) => store.put(plain),
    () => {
      memory[name].set(item.key, plain);
      return item.key;
    },
  );
}

export async function forget(name: StoreName, key: string): Promise<void> {
  await within<undefined>(
    name,
    "readwrite",
    (store) => store.delete(key),
    () => {
      memory[name].delete(key);
      return undefined;
    },
  );
}

export async function kept<Name extends StoreName>(name: Name, userId: string): Promise<Stores[Name][]> {
  const without = () => [...memory[name].values()] as Stores[Name][];
  const all = await within<Stores[Name][]>(name, "readonly", (store) => store.getAll(), without);
  return all.filter((item) => item.userId === userId).sort((a, b) => a.savedAtMs - b.savedAtMs);
}
