import type { LucideIcon } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useEffect, useId, useRef, useState } from "react";
import { cx } from "../lib/classes";
import { bestMatches } from "../lib/match";
import { Dialog } from "./Dialog";
import { Kbd } from "./Kbd";

export type PickerItem = {
  id: string;
  title: string;
  hint?: string | undefined;
  icon?: LucideIcon | undefined;
  keys?: string | undefined;
  /** Undefined where nothing is ticked in this picker. */
  isTicked?: boolean | undefined;
  /** Stays whatever is typed, after all that fits. */
  isAlways?: boolean | undefined;
};

export type PickerProps = {
  title: string;
  placeholder: string;
  items: PickerItem[];
  emptyText: string;
  onPick: (id: string, typed: string) => void;
  /** For items that depend on what is typed. */
  onType?: (typed: string) => void;
  onClose: () => void;
};

/** Type to narrow, arrows to choose, Enter to take: the palette and the label and mailbox choosers. */
export function Picker({ title, placeholder, items, emptyText, onPick, onType, onClose }: PickerProps) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const fitting = items.filter((item) => !item.isAlways);
  const shown = [
    ...bestMatches(fitting, typed, (item) => `${item.title} ${item.hint ?? ""}`),
    ...items.filter((item) => item.isAlways),
  ];
  const at = Math.min(active, shown.length - 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the new active option is what must be seen
  useEffect(() => {
    list.current?.querySelector("[aria-selected='true']")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const key = (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const chosen = shown[at];
    if (by !== 0 && shown.length > 0) setActive((at + by + shown.length) % shown.length);
    else if (event.key === "Enter" && chosen) onPick(chosen.id, typed);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog isOpen onClose={onClose} title={title} isTitleHidden>
      <input
        role="combobox"
        aria-label={placeholder}
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={shown[at] ? `${listId}-${shown[at].id}` : undefined}
        aria-autocomplete="list"
        autoFocus
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          onType?.(event.target.value);
          setActive(0);
        }}
        onKeyDown={key}
        className="sticky top-0 z-10 h-12 w-full border-b border-line bg-raised px-4 text-lg placeholder:text-muted focus-visible:outline-none"
      />
      <div ref={list} id={listId} role="listbox" tabIndex={-1} aria-label={title} className="p-1.5">
        {shown.map((item, index) => (
          <Option
            key={item.id}
            id={`${listId}-${item.id}`}
            item={item}
            isActive={index === at}
            onPoint={() => setActive(index)}
            onPick={() => onPick(item.id, typed)}
          />
        ))}
      </div>
      {shown.length === 0 && <p className="px-4 pb-4 text-sm text-muted">{emptyText}</p>}
    </Dialog>
  );
}

type OptionProps = { id: string; item: PickerItem; isActive: boolean; onPoint: () => void; onPick: () => void };

function Option({ id, item, isActive, onPoint, onPick }: OptionProps) {
  const Icon = item.icon;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      onPointerMove={onPoint}
      onClick={onPick}
      className={cx(
        "flex h-9 cursor-default items-center gap-3 rounded-md px-2.5 text-sm select-none",
        isActive && "bg-hover",
      )}
    >
      {item.isTicked !== undefined && (
        <input
          type="checkbox"
          readOnly
          tabIndex={-1}
          checked={item.isTicked}
          aria-hidden
          className="accent-(--accent)"
        />
      )}
      {Icon ? (
        <Icon size={16} aria-hidden className="shrink-0 text-muted" />
      ) : (
        item.isTicked === undefined && <span className="w-4" />
      )}
      <span className="flex min-w-0 flex-1 items-baseline gap-2">
        <span dir="auto" className="max-w-full shrink-0 truncate">
          {item.title}
        </span>
        {item.hint && (
          <span dir="auto" className="min-w-0 truncate text-xs text-muted">
            {item.hint}
          </span>
        )}
        {item.isTicked && <span className="sr-only"> ✓</span>}
      </span>
      {item.keys && <Kbd keys={item.keys} />}
    </div>
  );
}
