import { useMemo } from "react";
import type { Mailbox } from "../../api/types";

/** Labels of a row, the same array for the same ids, so that lines are not drawn again. */
export function useLabels(labels: Mailbox[], ownMailboxId: string | null): (ids: string[]) => Mailbox[] {
  return useMemo(() => {
    const known = new Map<string, Mailbox[]>();
    return (ids) => {
      const name = ids.join(" ");
      const found = known.get(name) ?? labels.filter((one) => one.id !== ownMailboxId && ids.includes(one.id));
      known.set(name, found);
      return found;
    };
  }, [labels, ownMailboxId]);
}
