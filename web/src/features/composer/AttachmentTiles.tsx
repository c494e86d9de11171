import {
  FileArchive,
  File as FileIcon,
  FileText,
  Image as ImageIcon,
  type LucideIcon,
  RotateCw,
  TriangleAlert,
} from "lucide-react";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { UploadEnd } from "../../ui/UploadEnd";
import { attachmentLimits } from "./ports";
import type { ComposerAttachment } from "./session";
import { formatBytes } from "./sizes";
import { removeAttachment, retryAttachment } from "./uploads";

export type AttachmentTilesProps = { composerKey: string; attachments: ComposerAttachment[] };

/** Files that travel with the mail. Pictures in the text show here only while they are on their way or failed. */
export function AttachmentTiles({ composerKey, attachments }: AttachmentTilesProps) {
  const shown = attachments.filter((one) => one.disposition === "attachment" || one.state !== "done");
  if (shown.length === 0) return null;
  const total = attachments.reduce((sum, one) => sum + one.sizeBytes, 0);
  const limit = attachmentLimits().max_message_bytes;
  return (
    <div className="flex flex-col gap-1 px-3 py-2">
      <ul aria-label={t("Attachments")} className="grid grid-cols-[repeat(auto-fill,minmax(216px,1fr))] gap-2">
        {shown.map((one) => (
          <Tile key={one.key} composerKey={composerKey} attachment={one} />
        ))}
      </ul>
      <p className={cx("text-xs tabular", total * 1.37 > limit ? "text-danger" : "text-muted")}>
        {total * 1.37 > limit
          ? t("{total} in all: too much for one mail of at most {limit}.", {
              total: formatBytes(total),
              limit: formatBytes(limit),
            })
          : t("{total} in all", { total: formatBytes(total) })}
      </p>
    </div>
  );
}

function Tile({ composerKey, attachment }: { composerKey: string; attachment: ComposerAttachment }) {
  const { key, filename, state, progress } = attachment;
  const percent = Math.round(progress * 100);
  const isPicture = attachment.contentType.startsWith("image/") && attachment.url?.startsWith("blob:");
  const Icon = state === "failed" ? TriangleAlert : iconOf(attachment.contentType);
  return (
    <li
      className={cx(
        "relative flex h-11 items-center gap-2 overflow-hidden rounded-md border bg-paper pl-2",
        state === "failed" ? "border-danger" : "border-line",
      )}
    >
      {isPicture && attachment.url ? (
        <img src={attachment.url} alt="" className="size-8 shrink-0 rounded object-cover" />
      ) : (
        <Icon
          size={16}
          aria-hidden
          className={cx("mx-1 shrink-0", state === "failed" ? "text-danger" : "text-muted")}
        />
      )}
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm leading-[18px]" title={filename}>
          {filename}
        </span>
        <span className={cx("tabular block truncate text-xs", state === "failed" ? "text-danger" : "text-muted")}>
          {stateWords(attachment, percent)}
        </span>
      </span>
      {state === "failed" && attachment.sizeBytes <= attachmentLimits().max_attachment_bytes && (
        <IconButton
          icon={RotateCw}
          label={t("Try {name} again", { name: filename })}
          size="small"
          onClick={() => retryAttachment(composerKey, key)}
        />
      )}
      <UploadEnd
        name={filename}
        isUploading={state === "uploading"}
        percent={percent}
        onRemove={() => removeAttachment(composerKey, key)}
        className="mr-1"
      />
    </li>
  );
}

function stateWords({ state, error, sizeBytes }: ComposerAttachment, percent: number): string {
  if (state === "failed") return error ?? t("Not attached");
  if (state === "waiting") return error ?? t("Waiting");
  if (state === "uploading") return t("{percent} % of {size}", { percent, size: formatBytes(sizeBytes) });
  return formatBytes(sizeBytes);
}

function iconOf(contentType: string): LucideIcon {
  if (contentType.startsWith("image/")) return ImageIcon;
  if (/zip|tar|gzip|7z|rar/.test(contentType)) return FileArchive;
  return /pdf|text|word|document/.test(contentType) ? FileText : FileIcon;
}
