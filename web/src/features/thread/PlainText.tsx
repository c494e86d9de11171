import { Ellipsis } from "lucide-react";
import { useMemo, useState } from "react";
import { compose } from "../../commands/compose";
import { t } from "../../lib/i18n";
import type { TextBlock } from "../../lib/plain-text";
import { spansOf, textBlocks } from "../../lib/plain-text";

/** Text as it was written, each line in its own direction, with quotes and signature folded away. */
export function PlainText({ text }: { text: string }) {
  const blocks = useMemo(() => textBlocks(text), [text]);
  const isAllQuote = blocks.every((block) => block.kind !== "text");
  return (
    <div className="max-w-[76ch] text-base leading-[22px] [overflow-wrap:anywhere] whitespace-pre-wrap [&_div]:[unicode-bidi:plaintext]">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a text never change
        <Block key={index} block={block} isOpenAtFirst={isAllQuote || block.kind === "text"} />
      ))}
      {blocks.length === 0 && <p className="text-muted">{t("(no text)")}</p>}
    </div>
  );
}

function Block({ block, isOpenAtFirst }: { block: TextBlock; isOpenAtFirst: boolean }) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const words = useMemo(() => block.lines.join("\n"), [block]);
  if (block.kind === "text") {
    return (
      <div className="not-first:mt-[22px]">
        <Linked text={words} />
      </div>
    );
  }
  const name = block.kind === "quote" ? t("quoted text") : t("signature");
  return (
    <div className="mt-3 text-muted">
      {!isOpenAtFirst && (
        <FoldButton
          label={isOpen ? t("Hide {what}", { what: name }) : t("Show {what}", { what: name })}
          isOpen={isOpen}
          onClick={() => setOpen(!isOpen)}
        />
      )}
      {isOpen && (
        <div className={block.kind === "quote" ? "mt-2 border-l-2 border-line-strong pl-3" : "mt-2"}>
          <Linked text={block.kind === "quote" ? words.replace(/^ ?> ?/gm, "") : words} />
        </div>
      )}
    </div>
  );
}

function FoldButton({ label, isOpen, onClick }: { label: string; isOpen: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-expanded={isOpen}
      onClick={onClick}
      className="grid h-4 w-8 place-items-center rounded border border-line bg-sunken text-muted hover:bg-hover hover:text-ink"
    >
      <Ellipsis size={14} aria-hidden />
    </button>
  );
}

const LINK = "text-accent underline underline-offset-2";

function Linked({ text }: { text: string }) {
  return spansOf(text).map((span, index) => {
    const key = `${index}`;
    if (span.kind === "words") return span.text;
    if (span.kind === "link") {
      return (
        <a key={key} href={span.text} target="_blank" rel="noopener noreferrer" className={LINK}>
          {span.text}
        </a>
      );
    }
    const write = () => compose({ mode: "new", to: [{ name: "", email: span.text }] });
    return (
      <button key={key} type="button" className={LINK} onClick={write}>
        {span.text}
      </button>
    );
  });
}
