import { useEffect } from "react";

/** Tells the page how many folded windows lie over its lower edge, so that nothing ends under them (list.css). */
export function useDockRoom(folded: number): void {
  useEffect(() => {
    const { style } = document.documentElement;
    style.setProperty("--folded", String(folded));
    return () => {
      style.removeProperty("--folded");
    };
  }, [folded]);
}
