import { useNavigate } from "@tanstack/react-router";
import type { SearchKind } from "../../api/types";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import type { MailSearch } from "../../lib/place";
import { SEARCH } from "../../lib/place";

const KINDS: { kind: SearchKind | null; label: string }[] = [
  { kind: null, label: t("All") },
  { kind: "mail", label: t("Mail") },
  { kind: "messages", label: t("Messages") },
];

/** Whether a search looks in mail, in conversations, or in both. */
export function SearchKinds({ search }: { search: MailSearch }) {
  const navigate = useNavigate();
  const choose = (kind: SearchKind | null) => {
    const { in: _, ...rest } = search;
    void navigate({ to: "/mail/$box", params: { box: SEARCH }, search: kind ? { ...rest, in: kind } : rest });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div role="group" aria-label={t("Look in")} className="flex shrink-0 gap-1">
      {KINDS.map(({ kind, label }) => {
        const isOn = (search.in ?? null) === kind;
        return (
          <button
            key={label}
            type="button"
            aria-pressed={isOn}
            onClick={() => choose(kind)}
            className={cx(
              "h-6 rounded-full px-2.5 text-xs max-sm:h-9 max-sm:px-3.5 max-sm:text-sm",
              isOn ? "bg-selected font-medium text-ink" : "text-muted hover:bg-hover hover:text-ink",
            )}
          >
            {label}
          </button>
        );
      })}
    </div>
  );
}
