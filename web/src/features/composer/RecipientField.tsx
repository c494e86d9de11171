import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { Addr } from "../../api/types";
import { plural, t } from "../../lib/i18n";
import { displayName, formatAddress, isSameAddress, parseAddresses } from "./addresses";
import { onFlush } from "./pendingRecipients";
import { RecipientChip } from "./RecipientChip";
import { Suggestions } from "./Suggestions";
import { useCompletion } from "./useCompletion";
import { isOutside } from "./warnings";

export type RecipientFieldProps = {
  composerKey: string;
  label: string;
  addrs: Addr[];
  /** Everyone already in any field, who need not be suggested again. */
  taken: Addr[];
  ownAddresses: string[];
  /** A new number, above nought, moves the focus here. */
  calls: number;
  onChange: (addrs: Addr[]) => void;
  /** Stands at the end of the row but before the field for the tab key, which goes on from the field to the next. */
  trailing?: ReactNode;
};

const COMMIT_KEYS = ["Enter", ",", ";", "Tab"];

export function RecipientField(props: RecipientFieldProps) {
  const { composerKey, label, addrs, taken, ownAddresses, calls, onChange, trailing } = props;
  const id = useId();
  const row = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const [isShut, setShut] = useState(true);
  const [news, setNews] = useState("");
  const found = useCompletion(text, taken);
  const isOpen = !isShut && found.length > 0;

  useEffect(() => {
    if (calls > 0) input.current?.focus();
  }, [calls]);

  const add = (more: Addr[]) => {
    const fresh = more.filter((addr) => !addrs.some((one) => isSameAddress(one.email, addr.email)));
    setText("");
    setShut(true);
    setChosen(0);
    if (fresh.length === 0) return;
    onChange([...addrs, ...fresh]);
    setNews(t("Added {names}", { names: fresh.map(displayName).join(", ") }));
  };
  const commit = () => {
    if (text.trim()) add(parseAddresses(text));
  };
  const commitNow = useRef(commit);
  commitNow.current = commit;
  useEffect(() => onFlush(composerKey, () => commitNow.current()), [composerKey]);

  const remove = (index: number) => {
    const gone = addrs[index];
    onChange(addrs.filter((_, other) => other !== index));
    setNews(gone ? t("Removed {name}", { name: displayName(gone) }) : "");
    input.current?.focus();
  };
  const edit = (index: number) => {
    const addr = addrs[index];
    if (!addr) return;
    onChange(addrs.filter((_, other) => other !== index));
    setText(formatAddress(addr));
    setShut(true);
    input.current?.focus();
  };
  const focusChip = (index: number) => {
    const chips = row.current?.querySelectorAll<HTMLElement>("[data-chip]");
    if (index >= (chips?.length ?? 0)) input.current?.focus();
    else chips?.[Math.max(0, index)]?.focus();
  };

  const onChipKey = (event: KeyboardEvent, index: number) => {
    const acts: { [key: string]: () => void } = {
      Backspace: () => remove(index),
      Delete: () => remove(index),
      ArrowLeft: () => focusChip(index - 1),
      ArrowRight: () => focusChip(index + 1),
      Home: () => focusChip(0),
      End: () => input.current?.focus(),
      Enter: () => edit(index),
      F2: () => edit(index),
    };
    const act = event.ctrlKey || event.metaKey ? undefined : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const isAtStart = event.currentTarget.selectionStart === 0 && event.currentTarget.selectionEnd === 0;
    if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setChosen((chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
    } else if (isOpen && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      setShut(true);
    } else if (COMMIT_KEYS.includes(event.key) && text.trim() && !event.shiftKey) {
      const suggestion = isOpen && (event.key === "Enter" || event.key === "Tab") ? found[chosen] : undefined;
      event.preventDefault();
      if (suggestion) add([suggestion]);
      else commit();
    } else if ((event.key === "Backspace" || event.key === "ArrowLeft") && isAtStart && addrs.length > 0) {
      event.preventDefault();
      focusChip(addrs.length - 1);
    } else if (event.key === "Enter") event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData("text/plain");
    if (!/[@,;\n]/.test(pasted)) return;
    const several = parseAddresses(pasted);
    if (several.length === 0) return;
    event.preventDefault();
    add([...(text.trim() ? parseAddresses(text) : []), ...several]);
  };

  return (
    <div className="relative flex min-h-9 items-start gap-2 border-b border-line px-3 focus-within:border-line-strong">
      {trailing && <span className="order-last shrink-0">{trailing}</span>}
      <label htmlFor={id} className="w-9 shrink-0 pt-2 text-sm text-muted">
        {label}
      </label>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the mouse; keys reach the input anyway */}
      <div
        ref={row}
        className="flex max-h-28 min-w-0 flex-1 cursor-text flex-wrap items-center gap-1 overflow-y-auto py-1.5"
        onMouseDown={(event) => {
          if (event.target !== event.currentTarget) return;
          event.preventDefault();
          input.current?.focus();
        }}
      >
        <ul
          aria-label={plural(addrs.length, "{label}: {n} recipient", "{label}: {n} recipients", { label })}
          className="contents"
        >
          {addrs.map((addr, index) => (
            <RecipientChip
              key={addr.email.toLowerCase()}
              addr={addr}
              isOutside={isOutside(addr, ownAddresses)}
              onKeyDown={(event) => onChipKey(event, index)}
              onRemove={() => remove(index)}
              onEdit={() => edit(index)}
            />
          ))}
        </ul>
        <input
          ref={input}
          id={id}
          value={text}
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={isOpen ? `${id}-list` : undefined}
          aria-activedescendant={isOpen ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          inputMode="email"
          className="h-6 flex-1 bg-transparent text-base outline-none"
          style={{ minWidth: `${Math.min(24, Math.max(3, text.length + 1))}ch` }}
          onChange={(event) => {
            setText(event.target.value);
            setShut(false);
            setChosen(0);
          }}
          onKeyDown={onKey}
          onPaste={onPaste}
          onBlur={commit}
        />
      </div>
      {isOpen && <Suggestions id={id} found={found} chosen={chosen} onPick={(addr) => add([addr])} />}
      <span className="sr-only" aria-live="polite">
        {news}
      </span>
    </div>
  );
}
