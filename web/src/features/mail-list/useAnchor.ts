import type { RefObject } from "react";
import { useLayoutEffect, useRef, useState } from "react";
import type { ThreadRow } from "../../api/types";
import { arrivalsAbove, shiftOf } from "../../lib/anchor";

export type Anchor = {
  /** Arrived above what is on screen, and not yet looked at. */
  arrivals: ReadonlySet<string>;
  forget: () => void;
};

const NONE: ReadonlySet<string> = new Set();

/**
 * Moves the scroll with the rows, so that nothing jumps under the hand. At the very top new rows
 * may push the list down, unless the pointer is over it.
 */
export function useAnchor(
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly ThreadRow[],
  { listKey, rowHeight }: { listKey: string; rowHeight: number },
): Anchor {
  const last = useRef<{ listKey: string; ids: string[] }>({ listKey, ids: [] });
  const [arrivals, setArrivals] = useState(NONE);

  useLayoutEffect(() => {
    const element = scroller.current;
    const before = last.current;
    const ids = rows.map((row) => row.id);
    last.current = { listKey, ids };
    if (!element) return;
    if (before.listKey !== listKey) {
      element.scrollTop = 0;
      setArrivals(NONE);
      return;
    }
    if (before.ids.length === 0) return;
    const isHeld = element.scrollTop > 0 || element.matches(":hover");
    if (!isHeld) return;
    const firstVisible = Math.floor(element.scrollTop / rowHeight);
    const shift = shiftOf(before.ids, new Map(ids.map((id, index) => [id, index])), firstVisible);
    if (shift !== 0) element.scrollTop += shift * rowHeight;
    const fresh = arrivalsAbove(before.ids, ids);
    if (fresh.length > 0) setArrivals((known) => new Set([...known, ...fresh]));
  }, [rows, listKey, rowHeight, scroller]);

  return { arrivals, forget: () => setArrivals((known) => (known.size === 0 ? known : NONE)) };
}
