/** A finger that rests asks for a menu, also where the browser has no word for that. */
import type { MouseEvent, TouchEvent } from "react";
import { useRef } from "react";

const LONG_MS = 500;
const STILL_PX = 10;

type At = { x: number; y: number };

export function useLongPress(ask: (at: At) => unknown) {
  const state = useRef<{ timer: ReturnType<typeof setTimeout> | undefined; from: At; isAsked: boolean }>({
    timer: undefined,
    from: { x: 0, y: 0 },
    isAsked: false,
  });
  const end = () => clearTimeout(state.current.timer);
  return {
    onTouchStart: (event: TouchEvent) => {
      const touch = event.touches[0];
      end();
      if (!touch || event.touches.length > 1) return;
      const from = { x: touch.clientX, y: touch.clientY };
      const timer = setTimeout(() => {
        state.current.isAsked = true;
        ask(from);
      }, LONG_MS);
      state.current = { timer, from, isAsked: false };
    },
    onTouchMove: (event: TouchEvent) => {
      const touch = event.touches[0];
      const { from } = state.current;
      if (!touch || Math.hypot(touch.clientX - from.x, touch.clientY - from.y) > STILL_PX) end();
    },
    onTouchEnd: end,
    onTouchCancel: end,
    /** The finger that leaves does not open what it asked about. */
    onClick: (event: MouseEvent) => {
      if (!state.current.isAsked) return;
      state.current.isAsked = false;
      event.preventDefault();
    },
  };
}
