import { Paperclip, RotateCw, TriangleAlert } from "lucide-react";
import { sizeText } from "../../lib/bytes";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { UploadEnd } from "../../ui/UploadEnd";
import { removeUpload, retryUpload } from "./uploads";
import type { Upload } from "./writing";

export function UploadTiles({ place, uploads }: { place: string; uploads: readonly Upload[] }) {
  if (uploads.length === 0) return null;
  return (
    <ul aria-label={t("Files to be sent")} className="flex flex-wrap gap-2 px-3 pt-2">
      {uploads.map((one) => (
        <Tile key={one.key} place={place} upload={one} />
      ))}
    </ul>
  );
}

function Tile({ place, upload }: { place: string; upload: Upload }) {
  const { filename, state, progress, sizeBytes, problem } = upload;
  const isFailed = state === "failed";
  const percent = Math.round(progress * 100);
  const Icon = isFailed ? TriangleAlert : Paperclip;
  return (
    <li
      className={cx(
        "relative flex h-10 w-56 max-w-full items-center gap-2 overflow-hidden rounded-md border bg-paper pl-2",
        isFailed ? "border-danger" : "border-line",
      )}
    >
      <Icon size={16} aria-hidden className={isFailed ? "text-danger" : "text-muted"} />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm leading-4" title={filename}>
          {filename}
        </span>
        <span className={cx("tabular block truncate text-xs leading-4", isFailed ? "text-danger" : "text-muted")}>
          {isFailed ? problem : state === "done" ? sizeText(sizeBytes) : progressWords(upload)}
        </span>
      </span>
      {isFailed && upload.file && (
        <IconButton
          icon={RotateCw}
          size="small"
          label={t("Try {name} again", { name: filename })}
          onClick={() => retryUpload(place, upload)}
        />
      )}
      <UploadEnd
        name={filename}
        isUploading={state === "uploading"}
        percent={percent}
        onRemove={() => removeUpload(place, upload.key)}
      />
    </li>
  );
}

function progressWords({ progress, isWaiting }: Upload): string {
  const percent = Math.round(progress * 100);
  return isWaiting ? t("Waiting, {percent} %", { percent }) : t("{percent} %", { percent });
}
