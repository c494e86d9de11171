/** What fits the letters after an @ or a colon: people who are in it first, then all others, groups, and everybody. */
import { useQuery } from "@tanstack/react-query";
import type { Participant } from "../../api/chat";
import type { Naming, Trigger } from "../../lib/chat-text";
import { t } from "../../lib/i18n";
import { matchScore } from "../../lib/match";
import { useSettled } from "../../lib/settled";
import { someGroupsQuery } from "../admin/queries";
import { emojiFor } from "./emoji";
import { colleaguesQuery } from "./PeopleField";

export type Suggestion = { key: string; title: string; hint: string; sign?: string; insert: string; naming?: Naming };

const MOST = 8;
const WIDE: Suggestion[] = [
  { key: "here", title: "@here", hint: t("Who is here at this moment"), insert: "@here " },
  { key: "channel", title: "@channel", hint: t("Everybody, here or not"), insert: "@channel " },
];

export function useSuggestions(
  trigger: Trigger | null,
  participants: readonly Participant[],
  meId: string,
): Suggestion[] {
  const typed = trigger?.sign === "@" ? trigger.typed : "";
  const q = useSettled(typed, 120).trim();
  const others = useQuery({ ...colleaguesQuery(q), enabled: q.length > 0, placeholderData: (before) => before }).data;
  const groups = useQuery({ ...someGroupsQuery, enabled: trigger?.sign === "@" }).data;
  if (!trigger) return [];
  if (trigger.sign === ":")
    return emojiFor(trigger.typed, MOST).map(({ sign, name }) => ({
      key: sign,
      title: name,
      hint: "",
      sign,
      insert: `${sign} `,
    }));
  const fits = (name: string) => matchScore(name, trigger.typed) > 0;
  const inside = participants.filter((one) => one.user_id && one.user_id !== meId && fits(one.name));
  const known = new Set(participants.map((one) => one.user_id));
  const outside = (others ?? []).filter((one) => !known.has(one.id) && one.id !== meId && fits(one.name));
  return [
    ...inside.map((one) => suggested({ kind: "user", id: one.user_id ?? "", name: one.name }, "")),
    ...WIDE.filter((one) => one.key.startsWith(trigger.typed.toLowerCase())),
    ...(groups ?? [])
      .filter((one) => fits(one.name))
      .map((one) => suggested({ kind: "group", id: one.id, name: one.name }, t("Group"))),
    ...outside.map((one) => suggested({ kind: "user", id: one.id, name: one.name }, t("not in this conversation"))),
  ].slice(0, MOST);
}

const suggested = (naming: Naming, hint: string): Suggestion => ({
  key: `${naming.kind}-${naming.id}`,
  title: naming.name,
  hint,
  insert: `@${naming.name} `,
  naming,
});
