/** Oneself as colleagues see one: read, and changed at once, with the old back where the server refuses. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { messageOf } from "../../api/error";
import { type Myself, type MyselfChange, myself, myselfQuery } from "../../api/myself";
import { replaceUser, sessionUser } from "../../api/session";
import { t } from "../../lib/i18n";
import { showToast } from "../../ui/toasts";

const KEY = myselfQuery.queryKey;

export function useMyself() {
  return useQuery(myselfQuery);
}

/** How many changes are under way: only the last answer is the whole truth. */
let pending = 0;

export type ChangeMyself = {
  /** For switches and choices: shown at once, put back with a word when it is refused. */
  change: (changes: MyselfChange) => Promise<void>;
  /** For forms: throws what the server finds wrong. */
  save: (changes: MyselfChange) => Promise<void>;
};

export function useChangeMyself(): ChangeMyself {
  const client = useQueryClient();
  const send = async (changes: MyselfChange) => {
    pending += 1;
    try {
      const answer = await myself.change(changes);
      if (pending === 1) client.setQueryData(KEY, answer);
      const me = sessionUser();
      if (me && changes.name !== undefined) replaceUser({ ...me, name: answer.name });
    } finally {
      pending -= 1;
    }
  };
  const change = async (changes: MyselfChange) => {
    const before = client.getQueryData(KEY);
    await client.cancelQueries({ queryKey: KEY, exact: true });
    if (before) client.setQueryData(KEY, laidOver(before, changes));
    try {
      await send(changes);
    } catch (error) {
      if (before)
        client.setQueryData(KEY, (now) => now && laidOver(now, valuesOf(before, Object.keys(changes) as Name[])));
      showToast({ message: t("Not changed. {why}", { why: messageOf(error) }), kind: "problem" });
    }
  };
  return { change, save: send };
}

type Name = keyof MyselfChange & keyof Myself;

function laidOver(now: Myself, changes: MyselfChange): Myself {
  const { notifications, status, ...plain } = changes;
  return {
    ...now,
    ...plain,
    ...(notifications ? { notifications: { ...now.notifications, ...notifications } } : {}),
    ...(status !== undefined ? { status: status && { text: "", emoji: "", until: null, ...status } } : {}),
  };
}

function valuesOf(one: Myself, names: Name[]): MyselfChange {
  return Object.fromEntries(names.map((name) => [name, one[name]]));
}
