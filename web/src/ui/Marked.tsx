import type { Segment } from "../api/types";

/** A text with the words that were found in it marked. */
export function Marked({ segments }: { segments: readonly Segment[] }) {
  return segments.map((segment, index) =>
    segment.is_match ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, which never move
      <mark key={index} className="rounded-[3px] bg-found text-ink">
        {segment.text}
      </mark>
    ) : (
      segment.text
    ),
  );
}
