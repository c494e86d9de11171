import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { ConfirmButton } from "../security/ConfirmButton";

export type TextRowProps = {
  name: string;
  facts: string;
  html: string;
  /** None for what one may only use. */
  onChange: (() => void) | null;
  onRemove: () => void;
};

/** A named text as one line of a list. */
export function TextRow({ name, facts, html, onChange, onRemove }: TextRowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line py-3 first:border-t-0">
      <div className="min-w-0 flex-1 basis-52">
        <p className="truncate font-medium">{name}</p>
        <p className="truncate text-sm text-muted">{[facts, wordsOf(html)].filter(Boolean).join(" · ")}</p>
      </div>
      {onChange && (
        <div className="flex gap-2">
          <Button size="small" aria-label={t("Change {name}", { name })} onClick={onChange}>
            {t("Change")}
          </Button>
          <ConfirmButton
            size="small"
            kind="ghost"
            label={t("Remove")}
            name={t("Remove {name}", { name })}
            question={t("It cannot be had back.")}
            onConfirmed={onRemove}
          />
        </div>
      )}
    </li>
  );
}

function wordsOf(html: string): string {
  const text = html.replace(/<[^>]*>/g, " ").replace(/&\w+;/g, " ");
  return text.replace(/\s+/g, " ").trim().slice(0, 80);
}
