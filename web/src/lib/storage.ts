/** A small drawer in IndexedDB for plain values. Where the browser has none, nothing is kept. */
const DATABASE = "posthouse";
const STORE = "kept";

let opening: Promise<IDBDatabase | null> | null = null;

function open(): Promise<IDBDatabase | null> {
  opening ??= new Promise((resolve) => {
    if (typeof indexedDB === "undefined") return resolve(null);
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
    request.onblocked = () => resolve(null);
  });
  return opening;
}

export async function readStored<Value>(key: string): Promise<Value | null> {
  const database = await open();
  if (!database) return null;
  return new Promise((resolve) => {
    const request = database.transaction(STORE).objectStore(STORE).get(key);
    request.onsuccess = () => resolve((request.result as Value | undefined) ?? null);
    request.onerror = () => resolve(null);
  });
}

/** Best effort: a full disk or a closed database loses the copy, never the original. */
export async function writeStored(key: string, value: unknown): Promise<void> {
  await change((store) => store.put(value, key));
}

/** Every value whose key begins so, in the order of the keys. */
export async function readAllStored<Value>(prefix: string): Promise<Value[]> {
  const database = await open();
  if (!database) return [];
  return new Promise((resolve) => {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const request = database.transaction(STORE).objectStore(STORE).getAll(range);
    request.onsuccess = () => resolve(request.result as Value[]);
    request.onerror = () => resolve([]);
  });
}

export async function deleteStored(key: string): Promise<void> {
  await change((store) => store.delete(key));
}

export async function clearStored(): Promise<void> {
  await change((store) => store.clear());
}

async function change(act: (store: IDBObjectStore) => unknown): Promise<void> {
  const database = await open();
  if (!database) return;
  await new Promise<void>((resolve) => {
    const transaction = database.transaction(STORE, "readwrite");
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => resolve();
    transaction.onabort = () => resolve();
    act(transaction.objectStore(STORE));
  });
}
