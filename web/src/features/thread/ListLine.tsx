import { Megaphone } from "lucide-react";
import { compose } from "../../commands/compose";
import { t } from "../../lib/i18n";
import { unsubscribeOf } from "../../lib/unsubscribe";

const LINK = "font-medium text-ink underline underline-offset-2";

/** Mail to a list says how to leave it. */
export function ListLine({ header }: { header: string | null }) {
  const way = unsubscribeOf(header);
  if (!way) return null;
  return (
    <p className="mt-2 flex items-center gap-1.5 text-xs text-muted print:hidden">
      <Megaphone size={13} aria-hidden />
      {t("Sent to a list")}
      <span aria-hidden>·</span>
      {way.kind === "web" ? (
        <a href={way.url} target="_blank" rel="noopener noreferrer" className={LINK}>
          {t("Unsubscribe")}
        </a>
      ) : (
        <button
          type="button"
          className={LINK}
          onClick={() => compose({ mode: "new", to: [{ name: "", email: way.email }] })}
        >
          {t("Unsubscribe")}
        </button>
      )}
    </p>
  );
}
