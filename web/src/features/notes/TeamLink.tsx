import { useQuery } from "@tanstack/react-query";
import { Link, useMatchRoute } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { assignedQuery } from "../../api/notes";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Tooltip } from "../../ui/Tooltip";
import { useMayTalk } from "../conversations/useConversations";
import { useMe } from "../shell/useMail";

type TeamLinkProps = { isFolded: boolean; onChoose: (() => void) | undefined };

/** Only for who shares a mailbox, or has been given a thread. */
export function TeamLink({ isFolded, onChoose }: TeamLinkProps) {
  const isCurrent = Boolean(useMatchRoute()({ to: "/team/$view", fuzzy: true }));
  const mayTalk = useMayTalk();
  const shares = (useMe()?.accounts.length ?? 0) > 1;
  const { data } = useQuery({ ...assignedQuery("mine", null), enabled: mayTalk });
  const count = data?.items.length ?? 0;
  if (!mayTalk || !(shares || count > 0 || isCurrent)) return null;
  const name = t("Team");
  const spoken = count > 0 ? t("{name}, {n} for you", { name, n: count }) : name;
  return (
    <li>
      <Tooltip label={spoken} side="right" isIfCut={!isFolded}>
        <Link
          to="/team/$view"
          params={{ view: "mine" }}
          search={{}}
          {...(onChoose ? { onClick: onChoose } : {})}
          aria-current={isCurrent ? "page" : undefined}
          aria-label={spoken}
          className={cx(
            "flex h-8 items-center gap-2.5 rounded-md text-sm focus-visible:-outline-offset-2 max-sm:h-11 max-sm:text-base",
            isFolded ? "w-10 justify-center" : "pr-2.5 ps-(--gutter)",
            isCurrent ? "bg-selected font-medium" : "hover:bg-hover",
          )}
        >
          <Users size={16} aria-hidden className={cx("shrink-0", isCurrent ? "text-accent" : "text-muted")} />
          {!isFolded && <span className="min-w-0 flex-1 truncate">{name}</span>}
          {!isFolded && count > 0 && <span className="tabular text-xs text-muted">{count}</span>}
        </Link>
      </Tooltip>
    </li>
  );
}
