import type { RefObject } from "react";
import { useLayoutEffect, useRef, useState } from "react";
import type { Places } from "../../lib/anchor";
import { arrivalsAbove, shiftOf } from "../../lib/anchor";
import type { Entry } from "../../lib/entries";

export type Anchor = {
  /** Came in above what is on screen, and not yet looked at. */
  unseen: ReadonlySet<string>;
  /** The last that came in, wherever one looks; for those who hear the list. */
  arrivals: readonly Entry[];
  forget: () => void;
};

export type AnchorOptions = { rows: readonly Entry[]; places: Places; listKey: string; rowHeight: number };

const NONE: ReadonlySet<string> = new Set();
const NO_ROWS: readonly Entry[] = [];

/**
 * Moves the scroll with the rows, so that nothing jumps under the hand. At the very top new rows
 * may push the list down, unless the pointer is over it.
 */
export function useAnchor(scroller: RefObject<HTMLDivElement | null>, options: AnchorOptions): Anchor {
  const { rows, places, listKey, rowHeight } = options;
  const last = useRef<{ listKey: string; rows: readonly Entry[]; places: Places } | null>(null);
  const [unseen, setUnseen] = useState(NONE);
  const [arrivals, setArrivals] = useState(NO_ROWS);

  useLayoutEffect(() => {
    const element = scroller.current;
    const before = last.current;
    last.current = { listKey, rows, places };
    if (!element || !before) return;
    if (before.listKey !== listKey) {
      element.scrollTop = 0;
      setUnseen(NONE);
      return;
    }
    const fresh = arrivalsAbove(before.places, rows);
    if (fresh.length > 0) setArrivals(fresh);
    const isHeld = element.scrollTop > 0 || element.matches(":hover");
    if (!isHeld) return;
    const shift = shiftOf(before.rows, places, Math.floor(element.scrollTop / rowHeight));
    if (shift !== 0) element.scrollTop += shift * rowHeight;
    if (fresh.length > 0) setUnseen((known) => new Set([...known, ...fresh.map((row) => row.id)]));
  }, [rows, places, listKey, rowHeight, scroller]);

  return { unseen, arrivals, forget: () => setUnseen((known) => (known.size === 0 ? known : NONE)) };
}
