/** Unfolded windows must fit side by side: opening one more folds the oldest. */
import { useEffect } from "react";
import { patchComposer, useComposers } from "./state";

const WINDOW_PX = 572;
const MARGIN_PX = 32;

export function placesFor(widthPx: number): number {
  return Math.max(1, Math.floor((widthPx - MARGIN_PX) / WINDOW_PX));
}

function fold(): void {
  const { order, composers, activeKey } = useComposers.getState();
  const open = order.filter((key) => {
    const composer = composers[key];
    return composer?.placement === "dock" && !composer.minimised && !composer.isHidden;
  });
  const surplus = open.length - placesFor(window.innerWidth);
  for (const key of open.filter((one) => one !== activeKey).slice(0, Math.max(0, surplus))) {
    patchComposer(key, { minimised: true, full: false });
  }
}

export function useFolding(): void {
  useEffect(() => {
    window.addEventListener("resize", fold);
    const stop = useComposers.subscribe((now, before) => {
      if (now.order !== before.order || now.activeKey !== before.activeKey) fold();
    });
    return () => {
      window.removeEventListener("resize", fold);
      stop();
    };
  }, []);
}
