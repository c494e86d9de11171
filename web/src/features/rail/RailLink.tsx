import { Link } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import { cx } from "../../lib/classes";
import { plural } from "../../lib/i18n";
import type { MailSearch } from "../../lib/place";
import { Tooltip } from "../../ui/Tooltip";

export type RailLinkProps = {
  box: string;
  search?: MailSearch;
  icon: LucideIcon;
  name: string;
  count?: number;
  /** Drafts count what is there; others what is unread. */
  countKind?: "unread" | "total";
  depth?: number;
  isCurrent: boolean;
  isFolded: boolean;
  onChoose?: (() => void) | undefined;
};

const MOST = 999;

export function RailLink(props: RailLinkProps) {
  const { box, search = {}, icon: Icon, name, count = 0, countKind = "unread", depth = 0, isCurrent, isFolded } = props;
  const spoken =
    countKind === "unread" ? plural(count, "{n} unread", "{n} unread") : plural(count, "{n} draft", "{n} drafts");
  const shown = count > MOST ? `${MOST}+` : String(count);
  const isLoud = count > 0 && countKind === "unread" && box !== "junk" && box !== "trash";
  const link = (
    <Link
      to="/mail/$box"
      params={{ box }}
      search={search}
      {...(props.onChoose ? { onClick: props.onChoose } : {})}
      aria-current={isCurrent ? "page" : undefined}
      aria-label={isFolded ? (count > 0 ? `${name}, ${spoken}` : name) : undefined}
      className={cx(
        "group relative flex h-8 items-center gap-2.5 rounded-md text-sm select-none focus-visible:-outline-offset-2 max-sm:h-11 max-sm:text-base",
        isFolded ? "w-10 justify-center" : "px-2.5",
        isCurrent ? "bg-selected font-medium text-ink" : "text-ink hover:bg-hover",
        isLoud && "font-semibold",
      )}
      style={isFolded ? undefined : { paddingInlineStart: 10 + depth * 14 }}
    >
      <Icon size={16} aria-hidden className={cx("shrink-0", isCurrent ? "text-accent" : "text-muted")} />
      {!isFolded && <span className="min-w-0 flex-1 truncate">{name}</span>}
      {!isFolded && count > 0 && (
        <span className={cx("tabular text-xs", isLoud ? "font-semibold text-ink" : "text-muted")}>
          <span aria-hidden>{shown}</span>
          <span className="sr-only">, {spoken}</span>
        </span>
      )}
      {isFolded && isLoud && (
        <span className="absolute top-1.5 right-1.5 size-2 rounded-full border-2 border-paper bg-accent box-content" />
      )}
    </Link>
  );
  if (!isFolded) return link;
  return (
    <Tooltip label={count > 0 ? `${name} · ${spoken}` : name} side="right">
      {link}
    </Tooltip>
  );
}
