import type { Mailbox, Segment, ThreadRow } from "../../api/types";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Chip } from "../../ui/Chip";
import { Marked } from "../../ui/Marked";

const hasMatch = (segments: readonly Segment[]) => segments.some((segment) => segment.is_match);

/** Labels, subject and the first words of a thread; in a search the words that were found. */
export function LineText({ row, labels }: { row: ThreadRow; labels: Mailbox[] }) {
  const isUnread = row.unread_count > 0;
  const found = row.snippet;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays on the grid
    <div role="gridcell" className="text flex min-w-0 items-baseline gap-1.5">
      <LabelChips labels={labels} />
      <span dir="auto" className={cx("truncate", isUnread && "font-semibold", "max-w-[70%] shrink-0")}>
        {found && hasMatch(found.subject) ? <Marked segments={found.subject} /> : row.subject || t("(no subject)")}
      </span>
      <span dir="auto" className="dash truncate text-muted">
        {found && found.text.length > 0 ? <Marked segments={found.text} /> : row.preview}
      </span>
    </div>
  );
}

function LabelChips({ labels }: { labels: Mailbox[] }) {
  if (labels.length === 0) return null;
  return (
    <span className="labels flex shrink-0 gap-1 self-center">
      {labels.slice(0, 3).map((label) => (
        <Chip key={label.id} className="max-w-28">
          {label.name}
        </Chip>
      ))}
    </span>
  );
}
