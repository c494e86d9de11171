import { useParams, useSearch } from "@tanstack/react-router";
import { PenLine, Plus, Search, Star } from "lucide-react";
import { runCommand } from "../../commands/registry";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import type { Branch } from "../../lib/mailbox-tree";
import { mailboxTree } from "../../lib/mailbox-tree";
import { SEARCH, STARRED } from "../../lib/place";
import { IconButton } from "../../ui/IconButton";
import { Tooltip } from "../../ui/Tooltip";
import { TeamLink } from "../notes/TeamLink";
import { Bell } from "../notifications/Bell";
import { savedSearchesOf } from "../search/saved";
import { useMailboxes, useMe } from "../shell/useMail";
import { ConversationsLink } from "./ConversationsLink";
import { MailboxBranch } from "./MailboxBranch";
import { RailFoot } from "./RailFoot";
import { RailLink } from "./RailLink";

export type RailProps = { isFolded: boolean; onChoose?: () => void };

export function Rail({ isFolded, onChoose }: RailProps) {
  return (
    <div className={cx("flex h-full min-h-0 flex-col", isFolded ? "items-center px-1.5" : "px-2")}>
      <header
        className={cx(
          "flex shrink-0 items-center",
          isFolded ? "flex-col justify-center gap-2 py-3.5" : "h-13 justify-between pl-2",
        )}
      >
        {isFolded ? <Mark /> : <span className="font-serif text-[21px] tracking-[-0.01em]">Posthouse</span>}
        <Bell isFolded={isFolded} onChoose={onChoose} />
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
  const tree = mailboxTree(mailboxes);
  const branch = (one: Branch) => <MailboxBranch key={one.mailbox.id} branch={one} box={box} {...common} />;
  const ofRoles = tree.filter(({ mailbox }) => mailbox.role !== null);
  const isInbox = ({ mailbox }: Branch) => mailbox.role === "inbox";
  const saved = savedSearchesOf(me);
  return (
    <div className={tree.some(({ children }) => children.length > 0) ? WITH_OPENERS : "[--gutter:10px]"}>
      <ul className="mb-2 flex flex-col gap-px border-b border-line pb-2">
        <li>
          <ConversationsLink {...common} />
        </li>
        <TeamLink {...common} />
      </ul>
      <ul className="flex flex-col gap-px">
        {ofRoles.filter(isInbox).map(branch)}
        <li>
          <RailLink box={STARRED} icon={Star} name={t("Starred")} {...common} isCurrent={box === STARRED} />
        </li>
        {ofRoles.filter((one) => !isInbox(one)).map(branch)}
      </ul>
      <Heading isFolded={isFolded} title={t("Labels")} />
      <ul aria-label={t("Labels")} className="flex flex-col gap-px">
        {tree.filter(({ mailbox }) => mailbox.role === null).map(branch)}
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
    </div>
  );
}

/** Room for what opens a mailbox, wide enough for a finger on a phone. */
const WITH_OPENERS = "[--gutter:22px] max-sm:[--gutter:36px]";

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
