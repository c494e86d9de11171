import { Link } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import type { KeyboardEvent } from "react";
import { cx } from "../../lib/classes";
import { plural } from "../../lib/i18n";
import type { MailSearch } from "../../lib/place";
import { Tooltip } from "../../ui/Tooltip";

export type RailLinkProps = {
  /** Empty for the conversations. */
  box: string;
  search?: MailSearch;
  icon: LucideIcon;
  name: string;
  /** Stands for the icon where there is no room for the name: many labels have the same icon. */
  initials?: string | undefined;
  count?: number;
  /** Drafts count what is there; others what is unread. */
  countKind?: "unread" | "total";
  /** Unread in what it hides. */
  hiddenUnread?: number;
  depth?: number;
  isCurrent: boolean;
  /** One is somewhere in what it hides. */
  holdsCurrent?: boolean;
  isFolded: boolean;
  onChoose?: (() => void) | undefined;
  onKeyDown?: (event: KeyboardEvent) => void;
};

const MOST = 999;
const DEEPEST_INDENT = 5;
export const INDENT = 14;

/** Where a line of the rail begins: after the gutter in which the openers stand, and a step for each depth. */
export function indentOf(depth: number): number {
  return Math.min(depth, DEEPEST_INDENT) * INDENT;
}

export function RailLink(props: RailLinkProps) {
  const { box, search = {}, icon: Icon, name, count = 0, hiddenUnread = 0, depth = 0, isCurrent, isFolded } = props;
  const isLoud = count > 0 && props.countKind !== "total" && box !== "junk" && box !== "trash";
  const spoken = spokenOf(props);
  const to = box ? { to: "/mail/$box", params: { box }, search } : { to: "/conversations", search: {} };
  const link = (
    <Link
      {...to}
      {...(props.onChoose ? { onClick: props.onChoose } : {})}
      {...(props.onKeyDown ? { onKeyDown: props.onKeyDown } : {})}
      aria-current={isCurrent ? "page" : undefined}
      aria-label={isFolded ? [name, ...spoken].join(", ") : undefined}
      className={cx(
        "group relative flex h-8 items-center gap-2.5 rounded-md text-sm select-none focus-visible:-outline-offset-2 max-sm:h-11 max-sm:text-base",
        isFolded ? "w-10 justify-center" : "pr-2.5",
        isCurrent ? "bg-selected font-medium text-ink" : "text-ink hover:bg-hover",
        (isLoud || hiddenUnread > 0) && "font-semibold",
      )}
      style={isFolded ? undefined : { paddingInlineStart: `calc(var(--gutter) + ${indentOf(depth)}px)` }}
    >
      {isFolded && props.initials ? (
        <Initials text={props.initials} isCurrent={isCurrent || props.holdsCurrent === true} />
      ) : (
        <Icon
          size={16}
          aria-hidden
          className={cx("shrink-0", isCurrent || props.holdsCurrent ? "text-accent" : "text-muted")}
        />
      )}
      {!isFolded && (
        <span className="flex min-w-0 flex-1">
          <span dir="auto" className="truncate">
            {name}
          </span>
        </span>
      )}
      {!isFolded && <Counts count={count} isLoud={isLoud} hasHidden={hiddenUnread > 0} spoken={spoken} />}
      {isFolded && (isLoud || hiddenUnread > 0) && (
        <span className="absolute top-1.5 right-1.5 size-2 rounded-full border-2 border-paper bg-accent box-content" />
      )}
    </Link>
  );
  return (
    <Tooltip label={isFolded ? [name, ...spoken].join(" · ") : name} side="right" isIfCut={!isFolded}>
      {link}
    </Tooltip>
  );
}

/** Drawn and not written: a picture that stands for the name, which the link says in full. */
function Initials({ text, isCurrent }: { text: string; isCurrent: boolean }) {
  return (
    <span
      aria-hidden
      data-initials={text}
      className={cx(
        "grid size-6 place-items-center rounded border text-[10px] font-semibold before:content-[attr(data-initials)]",
        isCurrent ? "border-accent text-accent" : "border-line-strong text-muted",
      )}
    />
  );
}

function spokenOf({ count = 0, countKind = "unread", hiddenUnread = 0 }: RailLinkProps): string[] {
  const own =
    countKind === "unread" ? plural(count, "{n} unread", "{n} unread") : plural(count, "{n} draft", "{n} drafts");
  const hidden = plural(hiddenUnread, "{n} unread inside", "{n} unread inside");
  return [...(count > 0 ? [own] : []), ...(hiddenUnread > 0 ? [hidden] : [])];
}

type CountsProps = { count: number; isLoud: boolean; hasHidden: boolean; spoken: string[] };

/** The number is its own; a dot stands for what it hides. */
function Counts({ count, isLoud, hasHidden, spoken }: CountsProps) {
  if (spoken.length === 0) return null;
  return (
    <span className={cx("tabular flex items-center gap-1.5 text-xs", isLoud ? "font-semibold text-ink" : "text-muted")}>
      {hasHidden && <span aria-hidden className="size-1.5 rounded-full bg-accent" />}
      {count > 0 && <span aria-hidden>{count > MOST ? `${MOST}+` : count}</span>}
      <span className="sr-only">, {spoken.join(", ")}</span>
    </span>
  );
}
