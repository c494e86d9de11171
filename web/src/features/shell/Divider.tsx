import type { KeyboardEvent, PointerEvent } from "react";
import { useRef } from "react";
import type { Pane } from "./panes";
import { LIMITS, setPane, usePanes } from "./panes";

const STEP = 16;

/** The line between two panes: drags, moves by arrow keys, and goes back to its start on a double click. */
export function Divider({ pane, label }: { pane: Pane; label: string }) {
  const width = usePanes((panes) => panes[pane]);
  const start = useRef<{ x: number; width: number } | null>(null);
  const sign = () => (document.documentElement.dir === "rtl" ? -1 : 1);
  const down = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
  };
  const move = (event: PointerEvent) => {
    if (start.current) setPane(pane, start.current.width + sign() * (event.clientX - start.current.x));
  };
  const up = () => {
    start.current = null;
  };
  const key = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? STEP : event.key === "ArrowLeft" ? -STEP : 0;
    if (by === 0) return;
    event.preventDefault();
    setPane(pane, width + sign() * by);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a window splitter is a focusable separator with a value; <hr> is not
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={LIMITS[pane].min}
      aria-valuemax={LIMITS[pane].max}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onDoubleClick={() => setPane(pane, LIMITS[pane].start)}
      onKeyDown={key}
      className="relative z-10 -mx-1 w-2 shrink-0 cursor-col-resize touch-none before:absolute before:inset-y-0 before:left-1 before:w-px before:bg-line hover:before:w-0.5 hover:before:bg-line-strong focus-visible:outline-none focus-visible:before:w-0.5 focus-visible:before:bg-accent active:before:w-0.5 active:before:bg-accent"
    />
  );
}
