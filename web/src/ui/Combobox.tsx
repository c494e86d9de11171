import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { cx } from "../lib/classes";
import { Input } from "./Input";
import { Labelled } from "./Labelled";

export type ComboboxOption = { id: string; title: string; hint?: string | undefined; icon?: ReactNode };

export type ComboboxProps = {
  label: string;
  hint?: string | undefined;
  error?: string | null | undefined;
  placeholder?: string;
  typed: string;
  onType: (typed: string) => void;
  /** What fits what was typed; null while it is not known. */
  options: readonly ComboboxOption[] | null;
  emptyText: string;
  onPick: (option: ComboboxOption) => void;
};

/** Type to find one of many that the server knows; arrows choose, Enter takes. */
export function Combobox(props: ComboboxProps) {
  const { label, hint, error, placeholder, typed, onType, options, emptyText, onPick } = props;
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const listId = useId();
  const isShown = isOpen && typed.trim() !== "" && options !== null;
  const shown = isShown ? options : [];
  const at = Math.min(active, shown.length - 1);
  const pick = (option: ComboboxOption) => {
    setOpen(false);
    onPick(option);
  };
  const key = (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const chosen = shown[at];
    if (by !== 0 && shown.length > 0) setActive((at + by + shown.length) % shown.length);
    else if (event.key === "Enter" && chosen) pick(chosen);
    else if (event.key === "Escape" && isShown) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Labelled label={label} hint={hint} error={error}>
      {(wired) => (
        <div className="relative">
          <Input
            {...wired}
            role="combobox"
            aria-expanded={isShown}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={shown[at] ? `${listId}-${shown[at].id}` : undefined}
            autoComplete="off"
            spellCheck={false}
            placeholder={placeholder}
            value={typed}
            onChange={(event) => {
              onType(event.target.value);
              setOpen(true);
              setActive(0);
            }}
            onKeyDown={key}
            onBlur={() => setOpen(false)}
          />
          <div
            id={listId}
            role="listbox"
            aria-label={label}
            className={cx(
              "absolute inset-x-0 top-full z-30 mt-1 max-h-64 overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-raised",
              (!isShown || shown.length === 0) && "hidden",
            )}
          >
            {shown.map((option, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
              <div
                key={option.id}
                id={`${listId}-${option.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                onPointerMove={() => setActive(index)}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => pick(option)}
                className={cx(
                  "flex min-h-9 cursor-default items-center gap-2 rounded px-2 text-sm select-none",
                  index === at && "bg-hover",
                )}
              >
                {option.icon}
                <span dir="auto" className="max-w-full truncate">
                  {option.title}
                </span>
                {option.hint && <span className="min-w-0 truncate text-xs text-muted">{option.hint}</span>}
              </div>
            ))}
          </div>
          <p role="status" className={cx("mt-1 text-sm text-muted", !(isShown && shown.length === 0) && "sr-only")}>
            {isShown && shown.length === 0 ? emptyText : ""}
          </p>
        </div>
      )}
    </Labelled>
  );
}
