import { TriangleAlert, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import type { Addr } from "../../api/types";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Tooltip } from "../../ui/Tooltip";
import { displayName, domainOf, isValidEmail } from "./addresses";

export type RecipientChipProps = {
  addr: Addr;
  isOutside: boolean;
  onKeyDown: (event: KeyboardEvent) => void;
  onRemove: () => void;
  onEdit: () => void;
};

export function RecipientChip({ addr, isOutside, onKeyDown, onRemove, onEdit }: RecipientChipProps) {
  const isValid = isValidEmail(addr.email);
  const hint = describe(addr, isValid, isOutside);
  return (
    <li className="flex max-w-full">
      <Tooltip label={hint} side="top">
        <span
          className={cx(
            "group inline-flex h-6 max-w-full items-center rounded border text-sm",
            "focus-within:border-accent focus-within:bg-accent-soft",
            isValid && !isOutside && "border-line bg-sunken",
            isValid && isOutside && "border-transparent bg-warn-soft text-warn",
            !isValid && "border-transparent bg-danger-soft text-danger",
          )}
        >
          <button
            type="button"
            data-chip
            tabIndex={-1}
            aria-label={hint}
            onKeyDown={onKeyDown}
            onDoubleClick={onEdit}
            className="flex min-w-0 items-center gap-1 pl-2 outline-none"
          >
            {!isValid && <TriangleAlert size={12} aria-hidden className="shrink-0" />}
            <span className="truncate">{displayName(addr)}</span>
          </button>
          <button
            type="button"
            tabIndex={-1}
            aria-label={t("Remove {name}", { name: displayName(addr) })}
            onClick={onRemove}
            className="mx-0.5 grid size-5 shrink-0 place-items-center rounded opacity-60 hover:bg-hover hover:opacity-100"
          >
            <X size={12} aria-hidden />
          </button>
        </span>
      </Tooltip>
    </li>
  );
}

function describe(addr: Addr, isValid: boolean, isOutside: boolean): string {
  const who = addr.name ? `${addr.name} <${addr.email}>` : addr.email;
  if (!isValid) return t("{who}: not an address", { who });
  return isOutside ? t("{who}: outside your organisation ({domain})", { who, domain: domainOf(addr.email) }) : who;
}
