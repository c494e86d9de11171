import { Ellipsis } from "lucide-react";
import { useMemo, useState } from "react";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Skeleton } from "../../ui/Skeleton";
import { Tooltip } from "../../ui/Tooltip";
import type { ComposerAttachment } from "./session";

export type QuoteFoldProps = {
  html: string | null;
  label: string;
  isLoading: boolean;
  isForward: boolean;
  attachments: ComposerAttachment[];
  onRemove: () => void;
  onEdit: () => void;
};

/** The original, folded behind "…": sent along unless removed, its layout kept unless one edits it. */
export function QuoteFold({ html, label, isLoading, isForward, attachments, onRemove, onEdit }: QuoteFoldProps) {
  const [isOpen, setOpen] = useState(isForward);
  if (isLoading) return <Skeleton className="mx-3 mb-2 h-4 w-8" />;
  if (!html) return null;
  const name = isOpen ? t("Fold the quoted mail") : t("Show the quoted mail");
  return (
    <section aria-label={t("Quoted mail")} className="px-3 pb-2">
      <div className="flex items-center gap-1">
        <Tooltip label={name} side="top">
          <button
            type="button"
            aria-label={name}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            className={cx(
              "inline-grid h-5 w-8 place-items-center rounded border border-line text-muted hover:bg-hover hover:text-ink",
              isOpen && "bg-hover text-ink",
            )}
          >
            <Ellipsis size={16} aria-hidden />
          </button>
        </Tooltip>
        <span className="min-w-0 flex-1 truncate px-1 text-xs text-muted">{label}</span>
        {isOpen && (
          <>
            <Act name={t("Edit")} hint={t("Take it into the text. Its layout may become simpler.")} onClick={onEdit} />
            <Act name={t("Remove")} hint={t("Send without the quoted mail")} onClick={onRemove} />
          </>
        )}
      </div>
      {isOpen && <QuoteFrame html={html} attachments={attachments} />}
    </section>
  );
}

function Act({ name, hint, onClick }: { name: string; hint: string; onClick: () => void }) {
  return (
    <Tooltip label={hint} side="top">
      <button
        type="button"
        onClick={onClick}
        className="h-6 rounded px-1.5 text-xs text-muted hover:bg-hover hover:text-ink"
      >
        {name}
      </button>
    </Tooltip>
  );
}

const HEAD =
  "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'\">" +
  "<style>body{margin:12px;font:14px/1.45 Inter,system-ui,sans-serif;color:#1d1b19;overflow-wrap:anywhere}img{max-width:100%}</style>";

/** Nothing runs and nothing from elsewhere loads: neither frame nor policy allows it. */
function QuoteFrame({ html, attachments }: { html: string; attachments: ComposerAttachment[] }) {
  const shown = useMemo(() => shownQuote(html, attachments), [html, attachments]);
  return (
    <iframe
      title={t("Quoted mail")}
      sandbox=""
      srcDoc={HEAD + shown}
      className="mt-2 h-56 w-full rounded-md border border-line bg-[#fff]"
    />
  );
}

/** Pictures of the mail by their address here, those from elsewhere not at all. */
function shownQuote(html: string, attachments: ComposerAttachment[]): string {
  const local = html.replace(/(<img\b[^>]*?\s)src="https?:[^"]*"/gi, "$1");
  return local.replace(/src="cid:([^"]*)"/g, (whole, cid: string) => {
    const part = attachments.find((one) => one.contentId === cid.replace(/&amp;/g, "&"));
    return part?.url && !part.url.startsWith("blob:") ? `src="${part.url.replace(/"/g, "&quot;")}"` : whole;
  });
}
