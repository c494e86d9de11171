import type { KeyboardEvent, ReactNode } from "react";
import { useRef, useState } from "react";
import { t } from "../../lib/i18n";
import { Popover } from "../../ui/Popover";
import { EMOJI, emojiFor } from "./emoji";

const MOST = 120;
const PER_ROW = 8;

type EmojiPickerProps = {
  trigger: ReactNode;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  onPick: (emoji: string) => void;
};

export function EmojiPicker({ trigger, isOpen, onOpenChange, onPick }: EmojiPickerProps) {
  const [own, setOwn] = useState(false);
  const open = isOpen ?? own;
  const change = onOpenChange ?? setOwn;
  return (
    <Popover
      trigger={trigger}
      label={t("Emoji")}
      side="top"
      align="end"
      isOpen={open}
      onOpenChange={change}
      className="p-2"
    >
      <Grid
        onPick={(emoji) => {
          change(false);
          onPick(emoji);
        }}
      />
    </Popover>
  );
}

function Grid({ onPick }: { onPick: (emoji: string) => void }) {
  const [typed, setTyped] = useState("");
  const grid = useRef<HTMLDivElement>(null);
  const found = typed ? emojiFor(typed, MOST) : EMOJI;
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: PER_ROW, ArrowUp: -PER_ROW }[event.key];
    if (by === undefined) return;
    const buttons = [...(grid.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const isTyping = at < 0;
    if (isTyping && event.key !== "ArrowDown") return;
    event.preventDefault();
    buttons[isTyping ? 0 : Math.max(0, Math.min(buttons.length - 1, at + by))]?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows go between the buttons inside
    <div onKeyDown={move} className="flex w-72 flex-col gap-2">
      <input
        // biome-ignore lint/a11y/noAutofocus: it was opened to choose one
        autoFocus
        aria-label={t("Find an emoji")}
        placeholder={t("Find an emoji")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && found[0]) onPick(found[0].sign);
        }}
        className="h-8 rounded-md border border-line-strong bg-raised px-2 text-sm"
      />
      <div ref={grid} className="grid max-h-56 grid-cols-8 overflow-y-auto">
        {found.map(({ sign, name }) => (
          <button
            key={sign}
            type="button"
            aria-label={name}
            title={name}
            onClick={() => onPick(sign)}
            className="grid size-8.5 place-items-center rounded-md text-lg hover:bg-hover"
          >
            {sign}
          </button>
        ))}
      </div>
      {found.length === 0 && <p className="text-sm text-muted">{t("No emoji of that name.")}</p>}
    </div>
  );
}
