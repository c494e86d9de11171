import { useNavigate } from "@tanstack/react-router";
import { Menu as MenuIcon } from "lucide-react";
import type { Mailbox, SearchAnswer, ThreadRow } from "../../api/types";
import { selectAll, useView } from "../../commands/view";
import { cx } from "../../lib/classes";
import { plural, t } from "../../lib/i18n";
import { PHONE, useMedia } from "../../lib/media";
import type { MailSearch } from "../../lib/place";
import { SEARCH } from "../../lib/place";
import { IconButton } from "../../ui/IconButton";
import { useMayTalk } from "../conversations/useConversations";
import { SearchBox } from "../search/SearchBox";
import { SearchKinds } from "../search/SearchKinds";
import { UnderstoodChips } from "../search/UnderstoodChips";
import { openDrawer } from "../shell/drawer";
import { SyncNote } from "../shell/SyncSign";
import { SelectionBar } from "./SelectionBar";

export type ListHeadProps = {
  title: string;
  box: string;
  search: MailSearch;
  mailbox: Mailbox | null;
  rows: readonly ThreadRow[];
  answer: SearchAnswer | null;
};

export function ListHead({ title, box, search, mailbox, rows, answer }: ListHeadProps) {
  const count = useView((view) => view.selected.size);
  const isPhone = useMedia(PHONE);
  const isSearch = box === SEARCH;
  const mayTalk = useMayTalk();
  return (
    <header className="shrink-0 border-b border-line">
      <div className={cx("flex h-13 items-center gap-1 px-3", !isSearch && "max-sm:hidden")}>
        <SearchBox q={isSearch ? (search.q ?? "") : ""} within={isSearch ? search.in : undefined} />
      </div>
      {isSearch && mayTalk && (
        <div className="px-3 pb-1">
          <SearchKinds search={search} />
        </div>
      )}
      {count > 0 ? (
        <SelectionBar count={count} onAll={() => selectAll(rows.map((row) => row.id))} />
      ) : (
        <div className="flex min-h-9 items-center gap-2 px-3 pb-1 max-sm:min-h-13">
          {!isSearch && (
            <IconButton
              icon={MenuIcon}
              label={t("Mailboxes")}
              size="large"
              className="-ml-2 sm:hidden"
              onClick={openDrawer}
            />
          )}
          <h2 className="min-w-0 truncate font-semibold max-sm:text-lg">{isSearch ? t("Found") : title}</h2>
          {isSearch ? <UnderstoodChips search={search} answer={answer} /> : <Counts mailbox={mailbox} />}
          {isPhone && <SyncNote />}
          {mailbox?.role !== "drafts" && mailbox?.role !== "sent" && <UnreadSwitch box={box} search={search} />}
        </div>
      )}
    </header>
  );
}

function Counts({ mailbox }: { mailbox: Mailbox | null }) {
  if (!mailbox || mailbox.role === "drafts" || mailbox.unread_emails === 0) return null;
  return (
    <span className="tabular shrink-0 text-xs text-muted">
      {plural(mailbox.unread_emails, "{n} unread", "{n} unread")}
    </span>
  );
}

function UnreadSwitch({ box, search }: { box: string; search: MailSearch }) {
  const navigate = useNavigate();
  const isOn = search.unread === true;
  const flip = () => {
    const { unread: _, ...rest } = search;
    void navigate({ to: "/mail/$box", params: { box }, search: isOn ? rest : { ...rest, unread: true } });
  };
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={flip}
      className={cx(
        "ml-auto h-6 shrink-0 rounded-full border px-2.5 text-xs",
        isOn
          ? "border-accent bg-accent-soft font-medium text-ink"
          : "border-line text-muted hover:bg-hover hover:text-ink",
      )}
    >
      {t("Unread")}
    </button>
  );
}
