import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import type { Suggestion } from "./useSuggestions";

type SuggestionsProps = {
  id: string;
  all: readonly Suggestion[];
  at: number;
  onPoint: (at: number) => void;
  onPick: (one: Suggestion) => void;
};

/** Over the field, which keeps the focus and takes the keys. */
export function Suggestions({ id, all, at, onPoint, onPick }: SuggestionsProps) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label={t("Suggestions")}
      className={cx(
        "absolute bottom-full left-2 z-20 mb-1 w-72 max-w-[calc(100%-16px)] rounded-md border border-line bg-raised p-1 shadow-raised",
        all.length === 0 && "hidden",
      )}
    >
      {all.map((one, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
        <div
          key={one.key}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          onPointerMove={() => onPoint(index)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onPick(one)}
          className={cx("flex h-8 cursor-default items-center gap-2 rounded px-2 text-sm", index === at && "bg-hover")}
        >
          {one.sign && <span className="text-base">{one.sign}</span>}
          <span dir="auto" className="truncate">
            {one.title}
          </span>
          <span className="min-w-0 truncate text-xs text-muted">{one.hint}</span>
        </div>
      ))}
    </div>
  );
}
