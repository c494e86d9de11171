import type { ReactNode } from "react";
import { Button } from "../../ui/Button";

export function Items({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="flex w-full flex-col rounded-md border border-line">
      {children}
    </ul>
  );
}

export type ItemProps = {
  title: string;
  badge?: string | undefined;
  facts: string[];
  act?: string;
  onAct?: () => void;
};

/** One thing of a list: what it is, what is known of it, and the one thing that can be done with it. */
export function Item({ title, badge, facts, act, onAct }: ItemProps) {
  return (
    <li className="flex items-center gap-3 border-t border-line px-3 py-2 first:border-t-0">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 text-base">
          <span className="min-w-0 truncate font-medium" title={title}>
            {title}
          </span>
          {badge && <span className="rounded bg-accent-soft px-1.5 text-xs font-medium text-accent">{badge}</span>}
        </p>
        <p className="tabular text-sm text-muted">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      {act && (
        <Button size="small" aria-label={`${act}: ${title}`} onClick={onAct}>
          {act}
        </Button>
      )}
    </li>
  );
}
