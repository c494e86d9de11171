import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** Says what will be here, and offers the next act as children. */
export function EmptyState(props: { icon?: LucideIcon; title: string; text?: string; children?: ReactNode }) {
  const { icon: Icon, title, text, children } = props;
  return (
    <div className="flex h-full flex-col items-center justify-center gap-2 p-8 text-center">
      {Icon && <Icon size={20} className="mb-1 text-muted" aria-hidden />}
      <p className="font-medium">{title}</p>
      {text && <p className="max-w-80 text-sm text-muted">{text}</p>}
      {children && <div className="mt-2 flex gap-2">{children}</div>}
    </div>
  );
}
