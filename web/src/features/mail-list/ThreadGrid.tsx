// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a table, whose rows lay themselves out
import { useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import type { KeyboardEvent } from "react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import type { Mailbox, MailboxRole } from "../../api/types";
import { focusRow, selectRange, toggleSelected, useView } from "../../commands/view";
import { placesOf } from "../../lib/anchor";
import { isMessage, isThread } from "../../lib/entries";
import { t } from "../../lib/i18n";
import { prefetchThread } from "../../sync/lists";
import { Skeleton } from "../../ui/Skeleton";
import { Arrivals } from "./Arrivals";
import { FoundLine } from "./FoundLine";
import { NewPill } from "./NewPill";
import { SwipeRow } from "./SwipeRow";
import type { LineShape } from "./ThreadLine";
import { rowDomId, ThreadLine } from "./ThreadLine";
import { useAnchor } from "./useAnchor";
import { useLabels } from "./useLabels";
import type { Threads } from "./useThreads";

/**
 * As little as it takes to have a row in sight. Not by the virtualizer, which goes on scrolling in the next frames: on a
 * phone the list is hidden by then, has no height, and every way would lead to its end.
 */
function showRow(element: HTMLElement | null, top: number, height: number): void {
  if (!element || element.clientHeight === 0) return;
  const lowest = top + height - element.clientHeight;
  element.scrollTop = Math.min(top, Math.max(lowest, element.scrollTop));
}

/** Rows read ahead of the hand, so that scrolling does not meet the end of what is known. */
const READ_AHEAD = 60;
const SKELETONS = 6;

export type ThreadGridProps = {
  title: string;
  listKey: string;
  threads: Threads;
  labels: Mailbox[];
  ownMailboxId: string | null;
  own: ReadonlySet<string>;
  showsRecipients: boolean;
  role: MailboxRole | null;
  openId: string | null;
  rowHeight: number;
  shape: LineShape;
  onOpen: (id: string) => void;
};

export function ThreadGrid(props: ThreadGridProps) {
  const { title, listKey, threads, openId, rowHeight, shape, onOpen } = props;
  const { entries, hasMore, readOn, pageProblem } = threads;
  const client = useQueryClient();
  const scroller = useRef<HTMLDivElement>(null);
  const { focusedId, selected } = useView();
  const places = useMemo(() => placesOf(entries), [entries]);
  const { unseen, arrivals, forget } = useAnchor(scroller, { rows: entries, places, listKey, rowHeight });
  const count = entries.length + (hasMore ? SKELETONS : 0);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => entries[index]?.id ?? `more-${index}`,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const needsMore = hasMore && pageProblem === null && lastShown >= entries.length - READ_AHEAD;
  useEffect(() => {
    if (needsMore) readOn();
  }, [needsMore, readOn]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer keeps sizes; a new density measures anew
  useEffect(() => virtual.measure(), [rowHeight]);

  const cursor = focusedId ?? openId;
  const cursorIndex = cursor === null ? -1 : (places.get(cursor) ?? -1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the cursor scrolls, not an arrival
  useEffect(() => {
    if (cursorIndex >= 0) showRow(scroller.current, cursorIndex * rowHeight, rowHeight);
  }, [cursor]);

  const latest = useRef(threads.rows);
  latest.current = threads.rows;
  const idOfAll = useCallback(() => latest.current.map((row) => row.id), []);
  const point = useCallback((id: string) => prefetchThread(client, id), [client]);
  const labelsOf = useLabels(props.labels, props.ownMailboxId);
  const isCursorShown = items.some((item) => item.index === cursorIndex);

  const key = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const to = targetOf(event.key, { at: cursorIndex, last: entries.length - 1, page });
    const entry = to === null ? undefined : entries[to];
    if (entry) {
      if (isThread(entry) && event.shiftKey) selectRange(idOfAll(), entry.id);
      else if (isThread(entry) && openId) onOpen(entry.id);
      focusRow(entry.id);
    } else if (event.key === " " && cursor) {
      if (idOfAll().includes(cursor)) toggleSelected(cursor);
    } else return;
    event.preventDefault();
  };

  return (
    <div className="relative min-h-0 flex-1">
      <NewPill
        count={unseen.size}
        onClick={() => {
          scroller.current?.scrollTo({ top: 0, behavior: "smooth" });
          forget();
        }}
      />
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label={title}
        aria-rowcount={hasMore ? -1 : entries.length}
        aria-multiselectable
        aria-activedescendant={isCursorShown && cursor ? rowDomId(cursor) : undefined}
        onKeyDown={key}
        onFocus={(event) => {
          // Come by the tab key there must be a row to stand on.
          if (cursor === null && event.currentTarget.matches(":focus-visible")) focusRow(entries[0]?.id ?? null);
        }}
        onScroll={(event) => event.currentTarget.scrollTop < rowHeight / 2 && forget()}
        className="thread-grid h-full overflow-y-auto [container-type:inline-size] [overflow-anchor:none] focus-visible:outline-none"
      >
        <div role="rowgroup" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const entry = entries[item.index];
            return (
              <div
                key={item.key}
                role="presentation"
                className="absolute inset-x-0 top-0 border-b border-line/60"
                style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
              >
                {entry && isMessage(entry) ? (
                  <FoundLine
                    found={entry}
                    index={item.index}
                    shape={shape}
                    isFocused={entry.id === focusedId}
                    onOpen={onOpen}
                  />
                ) : entry ? (
                  <SwipeRow id={entry.id} isEnabled={shape === "phone"}>
                    <ThreadLine
                      row={entry}
                      index={item.index}
                      shape={shape}
                      labels={labelsOf(entry.mailbox_ids)}
                      own={props.own}
                      showsRecipients={props.showsRecipients}
                      role={props.role}
                      isOpen={entry.id === openId}
                      isFocused={entry.id === focusedId}
                      isSelected={selected.has(entry.id)}
                      isSelecting={selected.size > 0}
                      idOfAll={idOfAll}
                      onOpen={onOpen}
                      onPoint={point}
                    />
                  </SwipeRow>
                ) : (
                  <SkeletonLine />
                )}
              </div>
            );
          })}
        </div>
      </div>
      <Arrivals rows={arrivals.filter(isThread)} />
      {pageProblem && (
        <button
          type="button"
          onClick={readOn}
          className="absolute inset-x-0 bottom-0 bg-danger-soft p-2 text-sm text-danger"
        >
          {t("{why} Try again", { why: pageProblem })}
        </button>
      )}
    </div>
  );
}

type Around = { at: number; last: number; page: number };

function targetOf(key: string, { at, last, page }: Around): number | null {
  if (last < 0) return null;
  const clamp = (index: number) => Math.max(0, Math.min(last, index));
  if (key === "ArrowDown") return clamp(at + 1);
  if (key === "ArrowUp") return clamp(at < 0 ? last : at - 1);
  if (key === "PageDown") return clamp(at + page);
  if (key === "PageUp") return clamp(at - page);
  if (key === "Home") return 0;
  return key === "End" ? last : null;
}

export function SkeletonLine() {
  return (
    <div className="flex h-full items-center gap-4 px-4">
      <Skeleton className="h-3 w-24" />
      <Skeleton className="h-3 flex-1" />
      <Skeleton className="h-3 w-10" />
    </div>
  );
}
