import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { t } from "../../lib/i18n";

/** A page beside the list of conversations that is none itself. */
export function PageFrame({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line px-4">
        <BackLink />
        <h2 className="min-w-0 truncate font-semibold">{title}</h2>
        {text && <p className="min-w-0 truncate text-sm text-muted">{text}</p>}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
    </div>
  );
}

export function BackLink() {
  return (
    <Link
      to="/conversations"
      search={{}}
      aria-label={t("Back to the conversations")}
      className="-ml-2 grid size-10 shrink-0 place-items-center rounded-md text-muted hover:bg-hover sm:hidden"
    >
      <ArrowLeft size={20} aria-hidden />
    </Link>
  );
}
