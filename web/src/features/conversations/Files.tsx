import { useQuery } from "@tanstack/react-query";
import { Download, FileArchive, File as FileIcon, FileText } from "lucide-react";
import type { ChatFile, Message } from "../../api/chat";
import { filesQuery } from "../../api/chat";
import { sizeText } from "../../lib/bytes";
import { t } from "../../lib/i18n";

const SHOWN = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** Pictures in place, in a frame of one size, so that nothing moves when they come; the rest as tiles. */
export function Files({ message }: { message: Message }) {
  const links = useQuery({ ...filesQuery(message.id), enabled: message.attachments.length > 0 }).data;
  if (message.attachments.length === 0) return null;
  const urlOf = (file: ChatFile) => links?.find((one) => one.id === file.id)?.url;
  return (
    <ul aria-label={t("Files")} className="mt-1.5 flex flex-wrap gap-2">
      {message.attachments.map((file) => (
        <li key={file.id} className="max-w-full">
          {SHOWN.has(file.content_type) ? (
            <Picture file={file} url={urlOf(file)} />
          ) : (
            <Tile file={file} url={urlOf(file)} />
          )}
        </li>
      ))}
    </ul>
  );
}

type PartProps = { file: ChatFile; url: string | undefined };

function Picture({ file, url }: PartProps) {
  const frame = "grid h-48 w-72 max-w-full place-items-center overflow-hidden rounded-md border border-line bg-sunken";
  if (!url) return <span className={frame} />;
  return (
    <a href={`${url}&preview=true`} target="_blank" rel="noopener noreferrer" className={frame} title={file.filename}>
      <img
        src={`${url}&preview=true`}
        alt={file.filename}
        className="max-h-48 max-w-full object-contain"
        loading="lazy"
      />
    </a>
  );
}

function Tile({ file, url }: PartProps) {
  const Icon = /zip|gzip/.test(file.content_type)
    ? FileArchive
    : /pdf|text/.test(file.content_type)
      ? FileText
      : FileIcon;
  return (
    <a
      href={url}
      download={file.filename}
      className="flex h-11 w-64 max-w-full items-center gap-2 rounded-md border border-line bg-raised px-2 hover:bg-hover"
    >
      <Icon size={16} aria-hidden className="shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm leading-[18px]" title={file.filename}>
          {file.filename}
        </span>
        <span className="tabular block text-xs text-muted">{sizeText(file.size_bytes)}</span>
      </span>
      <Download size={16} aria-hidden className="shrink-0 text-muted" />
      <span className="sr-only">{t("Download")}</span>
    </a>
  );
}
