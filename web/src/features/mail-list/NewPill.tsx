import { ArrowUp } from "lucide-react";
import { plural } from "../../lib/i18n";

/** Mail that came in above what is on screen. */
export function NewPill({ count, onClick }: { count: number; onClick: () => void }) {
  if (count === 0) return null;
  return (
    <button
      type="button"
      onClick={onClick}
      className="absolute top-2 left-1/2 z-10 flex h-7 -translate-x-1/2 animate-[slide-up_140ms] items-center gap-1.5 rounded-full bg-accent pr-3 pl-2.5 text-xs font-semibold text-on-accent shadow-raised"
    >
      <ArrowUp size={14} aria-hidden />
      {plural(count, "{n} new", "{n} new")}
    </button>
  );
}
