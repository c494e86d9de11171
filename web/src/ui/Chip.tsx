import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../lib/classes";

export type ChipProps = {
  children: ReactNode;
  tone?: "plain" | "accent" | "warn" | "danger";
  /** With it the chip gets a button of this name. */
  removeLabel?: string;
  onRemove?: () => void;
  className?: string;
};

const TONES = {
  plain: "border-line bg-sunken text-ink",
  accent: "border-transparent bg-accent-soft text-ink",
  warn: "border-transparent bg-warn-soft text-warn",
  danger: "border-transparent bg-danger-soft text-danger",
};

export function Chip({ children, tone = "plain", removeLabel, onRemove, className }: ChipProps) {
  return (
    <span
      className={cx(
        "inline-flex max-w-full items-center gap-1 rounded border px-1.5 text-xs leading-[18px]",
        TONES[tone],
        className,
      )}
    >
      <span dir="auto" className="truncate">
        {children}
      </span>
      {onRemove && (
        <button
          type="button"
          aria-label={removeLabel}
          onClick={onRemove}
          className="-mr-1 grid size-4 place-items-center rounded text-muted hover:bg-hover hover:text-ink"
        >
          <X size={12} aria-hidden />
        </button>
      )}
    </span>
  );
}
