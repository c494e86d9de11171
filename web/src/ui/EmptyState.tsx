import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type EmptyStateProps = {
  icon?: LucideIcon;
  title: string;
  text?: string;
  /** There is nothing else on the page, so the title is the page's. */
  isPage?: boolean;
  children?: ReactNode;
};

/** Says what will be here, and offers the next act as children. */
export function EmptyState({ icon: Icon, title, text, isPage = false, children }: EmptyStateProps) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className="flex h-full flex-col items-center justify-center gap-2 p-8 text-center">
      {Icon && <Icon size={20} className="mb-1 text-muted" aria-hidden />}
      <Title className="font-medium">{title}</Title>
      {text && <p className="max-w-80 text-sm text-muted">{text}</p>}
      {children && <div className="mt-2 flex gap-2">{children}</div>}
    </div>
  );
}
