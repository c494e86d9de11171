import type { LucideIcon } from "lucide-react";
import {
  Download,
  FileArchive,
  File as FileIcon,
  FileImage,
  FileSpreadsheet,
  FileText,
  Music,
  Video,
} from "lucide-react";
import { useState } from "react";
import type { Attachment } from "../../api/types";
import { sizeText } from "../../lib/bytes";
import { plural, t } from "../../lib/i18n";
import type { ShownPicture } from "../../ui/PictureViewer";
import { PictureViewer } from "../../ui/PictureViewer";

/** Pictures that already stand in the text are not listed again. */
export function listedAttachments(attachments: readonly Attachment[], hasHtml: boolean): Attachment[] {
  return attachments.filter((one) => !(hasHtml && one.disposition === "inline" && one.content_id));
}

export function Attachments({ attachments }: { attachments: Attachment[] }) {
  const [shown, setShown] = useState<string | null>(null);
  if (attachments.length === 0) return null;
  return (
    <section aria-label={plural(attachments.length, "{n} attachment", "{n} attachments")} className="mt-4">
      <ul className="flex flex-wrap gap-2">
        {attachments.map((one) => (
          <li key={one.part}>
            <Tile attachment={one} onPreview={() => setShown(one.part)} />
          </li>
        ))}
      </ul>
      {shown && <PictureViewer pictures={picturesOf(attachments)} shownId={shown} onShow={setShown} />}
    </section>
  );
}

function picturesOf(attachments: readonly Attachment[]): ShownPicture[] {
  return attachments.flatMap((one) => {
    const url = previewOf(one);
    const name = one.filename || t("Unnamed");
    return url ? [{ id: one.part, name, url, downloadUrl: one.url, hint: sizeText(one.size_bytes) }] : [];
  });
}

function previewOf(attachment: Attachment): string | null {
  if (attachment.preview_url) return attachment.preview_url;
  return /^image\/(png|jpeg|gif|webp)$/.test(attachment.content_type) ? attachment.url : null;
}

function Tile({ attachment, onPreview }: { attachment: Attachment; onPreview: () => void }) {
  const { filename, content_type, size_bytes, url } = attachment;
  const Icon = iconOf(content_type);
  const preview = previewOf(attachment);
  const name = filename || t("Unnamed");
  const does = preview ? t("Show") : t("Download");
  const face = (
    <>
      <span className="grid size-9 shrink-0 place-items-center overflow-hidden rounded bg-sunken text-muted">
        {preview ? (
          <img src={attachment.thumbnail_url ?? preview} alt="" loading="lazy" className="size-full object-cover" />
        ) : (
          <Icon size={20} aria-hidden />
        )}
      </span>
      <span className="min-w-0 flex-1 text-left">
        <span className="sr-only">{does} </span>
        <span className="block truncate text-sm font-medium">{name}</span>
        <span className="tabular block text-xs text-muted">{sizeText(size_bytes)}</span>
      </span>
    </>
  );
  const shape = "flex h-13 min-w-0 flex-1 items-center gap-2.5 pl-2 pr-1 rounded-l-md hover:bg-hover";
  return (
    <span className="flex w-60 max-w-full rounded-md border border-line bg-raised">
      {preview ? (
        <button type="button" onClick={onPreview} className={shape}>
          {face}
        </button>
      ) : (
        <a href={url} download={filename} className={shape}>
          {face}
        </a>
      )}
      <a
        href={url}
        download={filename}
        aria-label={t("Save {name}", { name })}
        title={t("Download")}
        className="grid w-9 shrink-0 place-items-center rounded-r-md text-muted hover:bg-hover hover:text-ink"
      >
        <Download size={16} aria-hidden />
      </a>
    </span>
  );
}

function iconOf(type: string): LucideIcon {
  if (type.startsWith("image/")) return FileImage;
  if (type.startsWith("video/")) return Video;
  if (type.startsWith("audio/")) return Music;
  if (/zip|compressed|tar/.test(type)) return FileArchive;
  if (/sheet|excel|csv/.test(type)) return FileSpreadsheet;
  if (/pdf|word|document|text/.test(type)) return FileText;
  return FileIcon;
}
