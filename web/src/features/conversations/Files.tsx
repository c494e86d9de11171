import { useQuery } from "@tanstack/react-query";
import { Download, FileArchive, File as FileIcon, FileText } from "lucide-react";
import { useState } from "react";
import type { ChatFile, ChatFileLink, Message } from "../../api/chat";
import { filesQuery } from "../../api/chat";
import { sizeText } from "../../lib/bytes";
import { frameOf } from "../../lib/frame";
import { t } from "../../lib/i18n";
import { PictureViewer } from "../../ui/PictureViewer";

const SHOWN = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** Pictures in place, in frames of their own shape, so that nothing moves when they come; the rest as tiles. */
export function Files({ message }: { message: Message }) {
  const links = useQuery({ ...filesQuery(message.id), enabled: message.attachments.length > 0 }).data;
  const [shownId, setShownId] = useState<string | null>(null);
  if (message.attachments.length === 0) return null;
  const linkOf = (file: ChatFile) => links?.find((one) => one.id === file.id);
  return (
    <>
      <ul aria-label={t("Files")} className="mt-1.5 flex flex-wrap gap-2">
        {message.attachments.map((file) => (
          <li key={file.id} className="max-w-full">
            {SHOWN.has(file.content_type) ? (
              <Picture file={file} link={linkOf(file)} onShow={() => setShownId(file.id)} />
            ) : (
              <Tile file={file} url={linkOf(file)?.url} />
            )}
          </li>
        ))}
      </ul>
      {shownId !== null && links && (
        <PictureViewer pictures={picturesOf(links)} shownId={shownId} onShow={setShownId} />
      )}
    </>
  );
}

const picturesOf = (links: readonly ChatFileLink[]) =>
  links
    .filter((one) => SHOWN.has(one.content_type))
    .map((one) => ({
      id: one.id,
      name: one.filename,
      url: `${one.url}&preview=true`,
      downloadUrl: one.url,
      hint: sizeText(one.size_bytes),
    }));

type PictureProps = { file: ChatFile; link: ChatFileLink | undefined; onShow: () => void };

function Picture({ file, link, onShow }: PictureProps) {
  const frame = frameOf(file.width, file.height);
  const style = { width: frame.width, aspectRatio: `${frame.width} / ${frame.height}` };
  const shape = "block max-w-full overflow-hidden rounded-md border border-line bg-sunken";
  if (!link) return <span style={style} className={shape} />;
  const whole = `${link.url}&preview=true`;
  return (
    <button type="button" onClick={onShow} title={file.filename} style={style} className={`${shape} cursor-zoom-in`}>
      <img
        src={link.thumbnail_url ?? whole}
        alt={file.filename}
        loading="lazy"
        className="size-full object-contain"
        onError={({ currentTarget }) => {
          if (!currentTarget.src.endsWith(whole)) currentTarget.src = whole;
        }}
      />
    </button>
  );
}

type TileProps = { file: ChatFile; url: string | undefined };

function Tile({ file, url }: TileProps) {
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
