/** Keeps the eye where it is: at the end while it is there, else at the row it reads, whatever comes above or below. */
import type { RefObject } from "react";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const NEAR_END = 48;

export type Place = {
  isAtEnd: boolean;
  /** The lowest row in sight, by its key. */
  lowest: string | null;
  onScroll: () => void;
  toEnd: () => void;
  /** To a row, a third below the upper edge. False when it is not drawn. */
  show: (key: string) => boolean;
};

type Mark = { key: string; top: number };

export function usePlace(scroller: RefObject<HTMLDivElement | null>, version: unknown, startKey: string | null): Place {
  const isStuck = useRef(true);
  const mark = useRef<Mark | null>(null);
  const hasStarted = useRef(false);
  const [isAtEnd, setAtEnd] = useState(true);
  const [lowest, setLowest] = useState<string | null>(null);

  const note = useCallback(() => {
    const element = scroller.current;
    if (!element || element.clientHeight === 0) return;
    isStuck.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    setAtEnd(isStuck.current);
    const rows = [...element.querySelectorAll<HTMLElement>("[data-key]")];
    const first = rows.find((row) => row.offsetTop + row.offsetHeight > element.scrollTop);
    const bottom = element.scrollTop + element.clientHeight;
    const last = rows.findLast((row) => row.offsetTop + Math.min(row.offsetHeight, 24) <= bottom);
    mark.current = first?.dataset.key ? { key: first.dataset.key, top: first.offsetTop } : null;
    setLowest(last?.dataset.key ?? null);
  }, [scroller]);

  const show = useCallback(
    (key: string) => {
      const element = scroller.current;
      const row = rowOf(element, key);
      if (!element || !row) return false;
      element.scrollTop = row.offsetTop - element.clientHeight / 3;
      note();
      return true;
    },
    [scroller, note],
  );

  const keep = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const known = mark.current && rowOf(element, mark.current.key);
    if (isStuck.current) element.scrollTop = element.scrollHeight;
    else if (known && mark.current) element.scrollTop += known.offsetTop - mark.current.top;
    note();
  }, [scroller, note]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn has changed
  useLayoutEffect(() => {
    if (hasStarted.current) return keep();
    if (!scroller.current?.querySelector("[data-key]")) return;
    hasStarted.current = true;
    isStuck.current = !(startKey && show(startKey));
    keep();
  }, [version, startKey, keep, show]);

  // Pictures, fonts, a composer that grows.
  useEffect(() => {
    const element = scroller.current;
    const inner = element?.firstElementChild;
    if (!element || !inner) return;
    const observer = new ResizeObserver(() => hasStarted.current && keep());
    observer.observe(element);
    observer.observe(inner);
    return () => observer.disconnect();
  }, [scroller, keep]);

  const toEnd = useCallback(() => {
    isStuck.current = true;
    keep();
  }, [keep]);
  return { isAtEnd, lowest, onScroll: note, toEnd, show };
}

const rowOf = (element: Element | null, key: string) =>
  element?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;
