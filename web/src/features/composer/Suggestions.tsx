import type { Addr } from "../../api/types";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Avatar } from "../../ui/Avatar";

export type SuggestionsProps = { id: string; found: Addr[]; chosen: number; onPick: (addr: Addr) => void };

/** The list under a recipient field. The focus stays in the field; the mouse may pick too. */
export function Suggestions({ id, found, chosen, onPick }: SuggestionsProps) {
  return (
    <div
      id={`${id}-list`}
      role="listbox"
      aria-label={t("People")}
      className="absolute top-full left-12 z-20 -mt-px w-[min(360px,calc(100%-56px))] animate-[appear_90ms] rounded-md border border-line bg-raised p-1 shadow-raised"
    >
      {found.map((addr, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus (combobox pattern)
        // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the field
        <div
          key={addr.email}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(addr)}
          className={cx(
            "flex cursor-default items-center gap-2 rounded px-2 py-1.5 hover:bg-hover",
            index === chosen && "bg-hover",
          )}
        >
          <Avatar person={addr} size={24} />
          <span className="min-w-0 flex-1">
            <span className="block truncate text-sm">{addr.name || addr.email}</span>
            {addr.name && <span className="block truncate text-xs text-muted">{addr.email}</span>}
          </span>
        </div>
      ))}
    </div>
  );
}
