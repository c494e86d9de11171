import { t } from "../../lib/i18n";
import { openCard } from "./chatView";

type PersonNameProps = { id: string | null; name: string; className?: string };

/** A name that shows who it is. Of people outside, and who left, there is nothing to show. */
export function PersonName({ id, name, className = "" }: PersonNameProps) {
  if (!id)
    return (
      <span dir="auto" className={className}>
        {name || t("Somebody who left")}
      </span>
    );
  return (
    <button
      type="button"
      dir="auto"
      aria-haspopup="dialog"
      onClick={({ currentTarget: from }) => openCard({ userId: id, name, from, row: from.closest("article") })}
      className={`rounded text-left hover:underline focus-visible:outline-offset-1 ${className}`}
    >
      {name}
    </button>
  );
}
