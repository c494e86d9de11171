import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

export function EntryLink({ to, children }: { to: "/login" | "/signup" | "/recover"; children: ReactNode }) {
  return (
    <Link to={to} className="min-h-6 text-sm text-accent underline underline-offset-2 hover:no-underline">
      {children}
    </Link>
  );
}
