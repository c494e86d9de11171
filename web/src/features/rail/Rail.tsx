import { useParams, useSearch } from "@tanstack/react-router";
import { PenLine, Plus, Search, Star } from "lucide-react";
import type { ReactNode } from "react";
import { Suspense, useState } from "react";
import type { Mailbox, MailboxRole } from "../../api/types";
import { runCommand } from "../../commands/registry";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { boxOf, labelTree, mailboxName, mailboxOfRole, ROLES, SEARCH, STARRED } from "../../lib/place";
import { IconButton } from "../../ui/IconButton";
import { Tooltip } from "../../ui/Tooltip";
import { savedSearchesOf } from "../search/saved";
import { useMailboxes, useMe } from "../shell/useMail";
import { mailboxIcon } from "./icons";
import { RailFoot } from "./RailFoot";
import { RailLink } from "./RailLink";

const LabelMenu = onDemand(async () => (await import("./LabelMenu")).LabelMenu);

export type RailProps = { isFolded: boolean; onChoose?: () => void };

export function Rail({ isFolded, onChoose }: RailProps) {
  return (
    <div className={cx("flex h-full min-h-0 flex-col", isFolded ? "items-center px-1.5" : "px-2")}>
      <header className={cx("flex h-13 shrink-0 items-center", isFolded ? "justify-center" : "px-2")}>
        {isFolded ? <Mark /> : <span className="font-serif text-[21px] tracking-[-0.01em]">Posthouse</span>}
      </header>
      <ComposeButton isFolded={isFolded} onChoose={onChoose} />
      <nav aria-label={t("Mailboxes")} className="mt-3 min-h-0 flex-1 overflow-y-auto overflow-x-hidden pb-2">
        <Boxes isFolded={isFolded} onChoose={onChoose} />
      </nav>
      <RailFoot isFolded={isFolded} />
    </div>
  );
}

function Mark() {
  return <img src="/icon.svg" alt="Posthouse" width={24} height={24} />;
}

type PartProps = { isFolded: boolean; onChoose: (() => void) | undefined };

function ComposeButton({ isFolded, onChoose }: PartProps) {
  const write = () => {
    onChoose?.();
    runCommand("compose");
  };
  return (
    <Tooltip label={t("Write")} keys="c" side="right">
      <button
        type="button"
        onClick={write}
        aria-label={t("Write")}
        className={cx(
          "flex h-9 shrink-0 items-center justify-center gap-2 rounded-md bg-accent text-sm font-semibold text-on-accent hover:brightness-110 active:brightness-95",
          isFolded ? "w-10" : "w-full",
        )}
      >
        <PenLine size={16} aria-hidden />
        {!isFolded && t("Write")}
      </button>
    </Tooltip>
  );
}

function Boxes({ isFolded, onChoose }: PartProps) {
  const { mailboxes } = useMailboxes();
  const me = useMe();
  const { box } = useParams({ strict: false });
  const { q } = useSearch({ strict: false });
  const common = { isFolded, onChoose };
  const ofRole = (role: MailboxRole) => mailboxOfRole(role, mailboxes);
  const link = (mailbox: Mailbox | null) =>
    mailbox && (
      <li key={mailbox.id}>
        <RailLink {...linkOf(mailbox)} {...common} isCurrent={box === boxOf(mailbox) || box === mailbox.id} />
      </li>
    );
  const labels = labelTree(mailboxes);
  const saved = savedSearchesOf(me);
  return (
    <>
      <ul className="flex flex-col gap-px">
        {link(ofRole("inbox"))}
        <li>
          <RailLink box={STARRED} icon={Star} name={t("Starred")} {...common} isCurrent={box === STARRED} />
        </li>
        {ROLES.filter((role) => role !== "inbox").map((role) => link(ofRole(role)))}
      </ul>
      <Heading isFolded={isFolded} title={t("Labels")} />
      <ul aria-label={t("Labels")} className="flex flex-col gap-px">
        {labels.map(({ mailbox, depth }) => (
          <LabelItem key={mailbox.id} mailbox={mailbox} isFolded={isFolded}>
            <RailLink {...linkOf(mailbox)} {...common} depth={depth} isCurrent={box === mailbox.id} />
          </LabelItem>
        ))}
      </ul>
      {saved.length > 0 && !isFolded && (
        <h2 className="mt-4 mb-1 px-2.5 text-xs font-medium text-muted">{t("Searches")}</h2>
      )}
      <ul className="flex flex-col gap-px">
        {saved.map((one) => (
          <li key={one.q}>
            <RailLink
              box={SEARCH}
              search={{ q: one.q }}
              icon={Search}
              name={one.name}
              {...common}
              isCurrent={box === SEARCH && q === one.q}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

/** Its menu comes with the hand: most labels are only ever gone to. */
function LabelItem({ mailbox, isFolded, children }: { mailbox: Mailbox; isFolded: boolean; children: ReactNode }) {
  const [isNear, setNear] = useState(false);
  const near = () => setNear(true);
  return (
    <li className="group/label relative" onPointerEnter={near} onFocus={near}>
      {children}
      {isNear && !isFolded && (
        <Suspense fallback={null}>
          <LabelMenu mailbox={mailbox} />
        </Suspense>
      )}
    </li>
  );
}

function linkOf(mailbox: Mailbox) {
  const isDrafts = mailbox.role === "drafts";
  const hasNoCount = mailbox.role === "sent" || mailbox.role === "trash" || mailbox.role === "archive";
  return {
    box: boxOf(mailbox),
    icon: mailboxIcon(mailbox),
    name: mailboxName(mailbox),
    count: hasNoCount ? 0 : isDrafts ? mailbox.total_emails : mailbox.unread_emails,
    countKind: isDrafts ? ("total" as const) : ("unread" as const),
  };
}

function Heading({ isFolded, title }: { isFolded: boolean; title: string }) {
  const add = <IconButton icon={Plus} label={t("New label")} size="small" onClick={() => runCommand("new-label")} />;
  if (isFolded) return <div className="mt-2 grid place-items-center border-t border-line pt-2">{add}</div>;
  return (
    <div className="mt-4 mb-0.5 flex items-center justify-between pl-2.5">
      <h2 className="text-xs font-medium text-muted">{title}</h2>
      {add}
    </div>
  );
}
