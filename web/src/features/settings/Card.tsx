import type { ReactNode } from "react";
import type { SettingId } from "./catalogue";

export type CardProps = { title: string; hint?: string; at?: SettingId; children: ReactNode };

/** Some settings that belong together, under a name. */
export function Card({ title, hint, at, children }: CardProps) {
  return (
    <section aria-label={title} className="pb-7 outline-none [&:focus>div]:border-accent" {...placeOf(at)}>
      <h2 className="text-sm font-semibold text-muted">{title}</h2>
      {hint && <p className="mt-0.5 max-w-prose text-sm text-muted">{hint}</p>}
      <div className="mt-2 rounded-md border border-line bg-raised px-4">{children}</div>
    </section>
  );
}

/** By which the search of the settings finds it on its page. */
export function placeOf(id: SettingId | undefined) {
  return id ? { id: `setting-${id}`, tabIndex: -1 } : {};
}
