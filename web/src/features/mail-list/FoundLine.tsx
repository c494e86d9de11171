// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a table, whose rows lay themselves out
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus stays on the grid, which names its active row
import { Paperclip } from "lucide-react";
import type { FoundMessage } from "../../api/types";
import { cx } from "../../lib/classes";
import { fullDate, shortDate } from "../../lib/dates";
import { placeName } from "../../lib/entries";
import { t } from "../../lib/i18n";
import { Avatar } from "../../ui/Avatar";
import { Chip } from "../../ui/Chip";
import { Marked } from "../../ui/Marked";
import { KIND_ICONS } from "../conversations/kinds";
import type { LineShape } from "./ThreadLine";
import { rowDomId } from "./ThreadLine";

export type FoundLineProps = {
  found: FoundMessage;
  index: number;
  shape: LineShape;
  isFocused: boolean;
  onOpen: (id: string) => void;
};

/** A message that a search found, as one line between the threads. */
export function FoundLine({ found, index, shape, isFocused, onOpen }: FoundLineProps) {
  const { message, conversation, at } = found;
  const Icon = KIND_ICONS[conversation.kind];
  const author = { name: message.author.name, email: message.author.email ?? message.author.id ?? "" };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid holds the focus and takes the keys for its rows
    <div
      role="row"
      id={rowDomId(found.id)}
      aria-rowindex={index + 1}
      data-shape={shape}
      onClick={() => onOpen(found.id)}
      className={cx(
        "thread-line relative h-full cursor-default select-none",
        isFocused && "before:absolute before:inset-y-1 before:left-0 before:w-[3px] before:rounded-r before:bg-accent",
      )}
    >
      <div role="gridcell" className="gutter grid h-full place-items-center text-muted">
        {shape === "phone" ? (
          <Avatar person={author} size={36} className="face" />
        ) : (
          <Icon size={15} role="img" aria-label={t("Message")} />
        )}
      </div>
      <div role="gridcell" className="who flex min-w-0 items-baseline gap-1">
        <span dir="auto" className="truncate">
          {author.name || author.email || t("Somebody who left")}
        </span>
      </div>
      <div role="gridcell" className="text flex min-w-0 items-baseline gap-1.5">
        <Chip className="max-w-40 shrink-0 self-center">{placeName(conversation) || t("Unnamed group")}</Chip>
        <span dir="auto" className="dash truncate">
          <Words found={found} />
        </span>
      </div>
      <div role="gridcell" className="meta flex h-full items-center justify-end gap-1.5 text-muted">
        {message.attachments.length > 0 && <Paperclip size={13} aria-label={t("Has attachments")} />}
        <time dateTime={at} title={fullDate(at)} className="min-w-11 text-right text-xs whitespace-nowrap">
          {shortDate(at)}
        </time>
      </div>
    </div>
  );
}

function Words({ found: { message } }: { found: FoundMessage }) {
  const { text = [], filename = [] } = message.snippet ?? {};
  return (
    <>
      <Marked segments={text} />
      {filename.length > 0 && " "}
      <Marked segments={filename} />
    </>
  );
}
