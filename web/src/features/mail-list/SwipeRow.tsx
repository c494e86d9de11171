import { Archive, Trash2 } from "lucide-react";
import type { PointerEvent, ReactNode } from "react";
import { useRef, useState } from "react";
import { runCommand } from "../../commands/registry";
import { cx } from "../../lib/classes";

const ACT_AT_PX = 84;
const START_PX = 12;

/** Drawn aside by a finger: right archives, left throws away. Both can be undone. */
export function SwipeRow({ id, isEnabled, children }: { id: string; isEnabled: boolean; children: ReactNode }) {
  const [shift, setShift] = useState(0);
  const start = useRef<{ x: number; y: number; isSwiping: boolean } | null>(null);
  if (!isEnabled) return children;
  const down = (event: PointerEvent) => {
    if (event.pointerType !== "mouse") start.current = { x: event.clientX, y: event.clientY, isSwiping: false };
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const from = start.current;
    if (!from) return;
    const by = event.clientX - from.x;
    if (!from.isSwiping) {
      if (Math.abs(event.clientY - from.y) > START_PX) start.current = null;
      if (Math.abs(by) < START_PX) return;
      from.isSwiping = true;
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    setShift(by);
  };
  const up = () => {
    const by = shift;
    start.current = null;
    setShift(0);
    if (by >= ACT_AT_PX) runCommand("archive", [id]);
    else if (by <= -ACT_AT_PX) runCommand("trash", [id]);
  };
  const cancel = () => {
    start.current = null;
    setShift(0);
  };
  const isFar = Math.abs(shift) >= ACT_AT_PX;
  return (
    <div
      className="relative h-full touch-pan-y overflow-hidden"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={cancel}
    >
      {shift !== 0 && (
        <div
          aria-hidden
          className={cx(
            "absolute inset-0 flex items-center px-6 text-paper",
            shift > 0 ? "justify-start bg-ok" : "justify-end bg-danger",
            !isFar && "opacity-60",
          )}
        >
          {shift > 0 ? <Archive size={20} /> : <Trash2 size={20} />}
        </div>
      )}
      <div
        className={cx("h-full", shift === 0 ? "transition-transform duration-150" : "bg-paper")}
        style={shift === 0 ? undefined : { transform: `translateX(${shift}px)` }}
      >
        {children}
      </div>
    </div>
  );
}
