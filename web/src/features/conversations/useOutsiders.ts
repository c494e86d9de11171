/** Who takes part by e-mail, and what of theirs is held. */
import { useQuery } from "@tanstack/react-query";
import type { Conversation } from "../../api/chat";
import type { Held, Outsider } from "../../api/outside";
import { heldQuery, outsidersQuery } from "../../api/outside";

const NOBODY: Outsider[] = [];
const NOTHING: Held[] = [];

export const isAdminOf = ({ me }: Conversation): boolean => me?.role === "owner" || me?.role === "admin";

/** Nobody outside is ever in a direct conversation. */
export function useOutsiders({ id, kind }: Conversation): { outsiders: Outsider[]; isUnknown: boolean } {
  const query = useQuery({ ...outsidersQuery(id), enabled: kind !== "direct" });
  return { outsiders: query.data ?? NOBODY, isUnknown: query.isError && !query.data };
}

/** For its admins; of others nothing is asked. */
export function useHeld(conversation: Conversation) {
  const { outsiders } = useOutsiders(conversation);
  const query = useQuery({ ...heldQuery(conversation.id), enabled: isAdminOf(conversation) && outsiders.length > 0 });
  return { held: query.data ?? NOTHING, outsiders };
}
