/** Reads and changes one's preferences: shown at once, sent, put back with a word when the server refuses. */
import { useSyncExternalStore } from "react";
import { api } from "../../api/client";
import { messageOf } from "../../api/error";
import type { ImapOffEnum } from "../../api/generated/schema";
import { onSession, replaceUser, sessionUser } from "../../api/session";
import type { Identity, Me } from "../../api/types";
import { t } from "../../lib/i18n";
import { showToast } from "../../ui/toasts";
import { type Preferences, preferencesOf } from "./preferences";

export function useMe(): Me | null {
  return useSyncExternalStore(onSession, sessionUser);
}

export function usePreferences(): Preferences {
  return preferencesOf(useMe());
}

/** One after another, since each sends the whole object and a late answer must not undo a newer choice. */
let queue: Promise<unknown> = Promise.resolve();

export function changePreferences(changes: Partial<Preferences> & Me["preferences"]): Promise<void> {
  const before = sessionUser();
  if (!before) return Promise.resolve();
  replaceUser({ ...before, preferences: { ...before.preferences, ...changes } });
  return inTurn(async () => {
    const wanted = sessionUser()?.preferences;
    await api.patch<Me>("/me/", { preferences: wanted });
  }).catch((failure: unknown) => {
    const now = sessionUser();
    const old = Object.fromEntries(Object.keys(changes).map((name) => [name, before.preferences[name]]));
    if (now) replaceUser({ ...now, preferences: { ...now.preferences, ...old } });
    tell(failure);
  });
}

/** Which of IMAP's extensions one's mail programs are not offered. */
export function changeImapOff(off: ImapOffEnum[]): Promise<void> {
  const before = sessionUser();
  if (!before) return Promise.resolve();
  replaceUser({ ...before, imap_off: off });
  return inTurn(async () => {
    await api.patch<Me>("/me/", { imap_off: off });
  }).catch((failure: unknown) => {
    const now = sessionUser();
    if (now?.imap_off === off) replaceUser({ ...now, imap_off: before.imap_off });
    tell(failure);
  });
}

/** Resolves with true when the server took it. */
export async function changeName(name: string): Promise<boolean> {
  try {
    const me = await inTurn(() => api.patch<Me>("/me/", { name }));
    replaceUser(me);
    return true;
  } catch (failure) {
    tell(failure);
    return false;
  }
}

export async function changeIdentity(
  id: string,
  changes: { name?: string; signature_html?: string },
): Promise<boolean> {
  try {
    const changed = await inTurn(() => api.patch<Identity>(`/identities/${id}/`, changes));
    const me = sessionUser();
    if (me)
      replaceUser({ ...me, identities: me.identities.map((one) => (one.id === id ? { ...one, ...changed } : one)) });
    return true;
  } catch (failure) {
    tell(failure);
    return false;
  }
}

function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const turn = queue.then(work);
  queue = turn.catch(() => undefined);
  return turn;
}

function tell(failure: unknown): void {
  showToast({ message: t("Not changed. {why}", { why: messageOf(failure) }), kind: "problem" });
}
