import type { Mailbox, Thread } from "../../api/types";
import { THREAD_HEADING_ID } from "../../commands/attention";
import { t } from "../../lib/i18n";
import { boxOf, mailboxName } from "../../lib/place";
import { perform } from "../../sync/act-queue";
import { labelThreads } from "../../sync/acts";
import { rowOfThread } from "../../sync/cache";
import { Chip } from "../../ui/Chip";

/** The subject, and where the thread lies besides here. A label comes off by its cross. */
export function ThreadTitle({ thread, mailboxes, box }: { thread: Thread; mailboxes: Mailbox[]; box: string }) {
  const places = new Set(thread.emails.flatMap((email) => email.mailbox_ids));
  const shown = mailboxes.filter(
    (one) => places.has(one.id) && boxOf(one) !== box && (one.role === null || one.role === "inbox"),
  );
  const removeLabel = (label: Mailbox) => {
    const row = rowOfThread(thread);
    if (row) perform(labelThreads([row], { add: [], remove: [label.id] }));
  };
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 px-5 pt-4 pb-1 max-sm:px-4">
      <h2
        id={THREAD_HEADING_ID}
        tabIndex={-1}
        dir="auto"
        className="min-w-0 text-xl font-semibold [overflow-wrap:anywhere] outline-none select-text"
      >
        {thread.subject || t("(no subject)")}
      </h2>
      {shown.map((one) =>
        one.role === null ? (
          <Chip
            key={one.id}
            removeLabel={t("Remove label {name}", { name: one.name })}
            onRemove={() => removeLabel(one)}
          >
            {one.name}
          </Chip>
        ) : (
          <Chip key={one.id}>{mailboxName(one)}</Chip>
        ),
      )}
    </div>
  );
}
