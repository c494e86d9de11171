import type { Scope } from "../../api/queries";
import type { Mailbox } from "../../api/types";
import { runCommand } from "../../commands/registry";
import { clearSelection, focusRow } from "../../commands/view";
import { PHONE, useMedia } from "../../lib/media";
import type { MailSearch } from "../../lib/place";
import { boxTitle, mailboxOf } from "../../lib/place";
import { VacationBanner } from "../automatic/VacationBanner";
import { usePreferences } from "../settings/usePreferences";
import { ownAddressesOf, useMe } from "../shell/useMail";
import { HeldLine } from "./HeldLine";
import { ListHead } from "./ListHead";
import { ListProblem, ListSkeleton, NotAllYet, NothingHere } from "./states";
import { ThreadGrid } from "./ThreadGrid";
import { useThreads } from "./useThreads";

const HEIGHTS = { compact: 36, roomy: 48 };
const PHONE_HEIGHT = 76;

function openById(id: string): void {
  focusRow(id);
  clearSelection();
  runCommand("open");
}

export type ListPaneProps = {
  accountId: string;
  box: string;
  search: MailSearch;
  scope: Scope;
  mailboxes: Mailbox[];
  openId: string | null;
};

export function ListPane({ accountId, box, search, scope, mailboxes, openId }: ListPaneProps) {
  const me = useMe();
  const { density } = usePreferences();
  const isPhone = useMedia(PHONE);
  const threads = useThreads(accountId, scope);
  const mailbox = mailboxOf(box, mailboxes);
  const title = boxTitle(box, mailboxes);
  return (
    <section aria-label={title} className="flex h-full min-h-0 flex-col">
      <ListHead title={title} box={box} search={search} mailbox={mailbox} rows={threads.rows} answer={threads.search} />
      <VacationBanner accountId={accountId} />
      <HeldLine />
      {threads.search?.is_complete === false && <NotAllYet />}
      {threads.isLoading ? (
        <ListSkeleton rowHeight={isPhone ? PHONE_HEIGHT : HEIGHTS[density]} />
      ) : threads.error ? (
        <ListProblem error={threads.error} onRetry={threads.retry} />
      ) : threads.entries.length === 0 ? (
        <NothingHere box={box} mailbox={mailbox} search={search} />
      ) : (
        <ThreadGrid
          title={title}
          listKey={JSON.stringify(scope)}
          threads={threads}
          labels={mailboxes.filter((one) => one.role === null)}
          ownMailboxId={mailbox?.id ?? null}
          own={ownAddressesOf(me)}
          showsRecipients={mailbox?.role === "sent" || mailbox?.role === "drafts"}
          role={mailbox?.role ?? null}
          openId={openId}
          rowHeight={isPhone ? PHONE_HEIGHT : HEIGHTS[density]}
          shape={isPhone ? "phone" : density === "roomy" ? "two" : "one"}
          onOpen={openById}
        />
      )}
    </section>
  );
}
