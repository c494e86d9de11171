import { ChevronRight } from "lucide-react";
import type { KeyboardEvent } from "react";
import { Suspense, useId, useState } from "react";
import type { Mailbox } from "../../api/types";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import type { Branch } from "../../lib/mailbox-tree";
import { flatten, unreadInside } from "../../lib/mailbox-tree";
import { onDemand } from "../../lib/on-demand";
import { boxOf, mailboxName } from "../../lib/place";
import { setCollapsed, useCollapsed } from "./collapsed";
import { mailboxIcon } from "./icons";
import { indentOf, RailLink } from "./RailLink";
import { shorten } from "./shorten";

const LabelMenu = onDemand(async () => (await import("./LabelMenu")).LabelMenu);

export type MailboxBranchProps = {
  branch: Branch;
  box: string | undefined;
  isFolded: boolean;
  onChoose: (() => void) | undefined;
};

/** A mailbox and, unless it is collapsed, what lies in it. Right and left arrow open and collapse it. */
export function MailboxBranch({ branch, box, isFolded, onChoose }: MailboxBranchProps) {
  const { mailbox, depth, children } = branch;
  const inside = useId();
  const [isNear, setNear] = useState(false);
  const isCollapsed = useCollapsed(({ ids }) => ids.has(mailbox.id)) && children.length > 0;
  const isHere = (one: Mailbox) => box === boxOf(one) || box === one.id;
  const onKeyDown = (event: KeyboardEvent) => {
    const isMeant = event.key === (isCollapsed ? "ArrowRight" : "ArrowLeft");
    if (!isMeant || children.length === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    setCollapsed(mailbox.id, !isCollapsed);
  };
  return (
    <li>
      {/* Its menu comes with the hand: most labels are only ever gone to. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only learns that somebody is near */}
      <div className="group/label relative" onPointerEnter={() => setNear(true)} onFocus={() => setNear(true)}>
        {children.length > 0 && !isFolded && <Opener branch={branch} isCollapsed={isCollapsed} inside={inside} />}
        <RailLink
          {...linkOf(mailbox)}
          {...{ depth, isFolded, onChoose, onKeyDown }}
          isCurrent={isHere(mailbox)}
          holdsCurrent={isCollapsed && flatten(children).some((one) => isHere(one.mailbox))}
          hiddenUnread={isCollapsed ? unreadInside(branch) : 0}
        />
        {isNear && !isFolded && mailbox.role === null && (
          <Suspense fallback={null}>
            <LabelMenu mailbox={mailbox} />
          </Suspense>
        )}
      </div>
      {children.length > 0 && !isCollapsed && (
        <ul id={inside} aria-label={mailboxName(mailbox)} className="mt-px flex flex-col gap-px">
          {children.map((child) => (
            <MailboxBranch key={child.mailbox.id} branch={child} {...{ box, isFolded, onChoose }} />
          ))}
        </ul>
      )}
    </li>
  );
}

type OpenerProps = { branch: Branch; isCollapsed: boolean; inside: string };

/** In the gutter before the icon, so that names stay in line. */
function Opener({ branch, isCollapsed, inside }: OpenerProps) {
  const { mailbox, depth } = branch;
  return (
    <button
      type="button"
      aria-expanded={!isCollapsed}
      aria-controls={isCollapsed ? undefined : inside}
      aria-label={t("What lies in {name}", { name: mailboxName(mailbox) })}
      onClick={() => setCollapsed(mailbox.id, !isCollapsed)}
      className="absolute inset-y-0 z-10 grid w-(--gutter) place-items-center rounded-md text-muted hover:text-ink focus-visible:-outline-offset-2"
      style={{ insetInlineStart: indentOf(depth) }}
    >
      <ChevronRight
        size={14}
        aria-hidden
        className={cx("transition-transform duration-100", !isCollapsed && "rotate-90", "rtl:-scale-x-100")}
      />
    </button>
  );
}

function linkOf(mailbox: Mailbox) {
  const isDrafts = mailbox.role === "drafts";
  const hasNoCount = mailbox.role === "sent" || mailbox.role === "trash" || mailbox.role === "archive";
  return {
    box: boxOf(mailbox),
    icon: mailboxIcon(mailbox),
    name: mailboxName(mailbox),
    initials: mailbox.role === null ? shorten(mailbox.name) : undefined,
    count: hasNoCount ? 0 : isDrafts ? mailbox.total_emails : mailbox.unread_emails,
    countKind: isDrafts ? ("total" as const) : ("unread" as const),
  };
}
