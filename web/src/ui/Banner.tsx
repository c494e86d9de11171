import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../lib/classes";

export type BannerProps = {
  tone?: "plain" | "warn" | "danger";
  icon?: LucideIcon;
  children: ReactNode;
  actions?: ReactNode;
  className?: string;
};

const TONES = {
  plain: "bg-sunken border-line text-ink",
  warn: "bg-warn-soft border-transparent text-warn",
  danger: "bg-danger-soft border-transparent text-danger",
};

export function Banner({ tone = "plain", icon: Icon, children, actions, className }: BannerProps) {
  return (
    <div
      role={tone === "danger" ? "alert" : undefined}
      className={cx("flex min-h-9 items-center gap-2 rounded-md border px-3 py-1 text-sm", TONES[tone], className)}
    >
      {Icon && <Icon size={16} className="shrink-0" aria-hidden />}
      <div className="min-w-0 flex-1">{children}</div>
      {actions}
    </div>
  );
}
