import { cx } from "../lib/classes";

/** A quiet shape where text will be. Size it with classes. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={cx("block animate-[pulse-soft_1.4s_ease-in-out_infinite] rounded bg-line/70", className)}
    />
  );
}
