import { useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import type { ChatPreview, Message } from "../../api/chat";
import { previewPicturesQuery } from "../../api/chat";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { removePreview } from "./messageActs";

type PreviewsProps = { message: Message; canRemove: boolean };

/** What the pages say that a message leads to. Their words are a stranger's: text alone, under the host that answered. */
export function Previews({ message, canRemove }: PreviewsProps) {
  const isPictured = message.previews.some((one) => one.has_image);
  const pictures = useQuery({ ...previewPicturesQuery(message.id, message.seq), enabled: isPictured }).data;
  if (message.previews.length === 0) return null;
  return (
    <ul aria-label={t("Previews of links")} className="mt-1.5 flex flex-col gap-1.5">
      {message.previews.map((one) => (
        <li key={one.id} className="max-w-lg">
          <Card
            message={message}
            preview={one}
            picture={pictures?.find((picture) => picture.id === one.id)?.image_url}
            canRemove={canRemove}
          />
        </li>
      ))}
    </ul>
  );
}

type CardProps = { message: Message; preview: ChatPreview; picture: string | undefined; canRemove: boolean };

function Card({ message, preview, picture, canRemove }: CardProps) {
  const client = useQueryClient();
  return (
    <div className="relative flex overflow-hidden rounded-md border border-line bg-raised hover:bg-hover">
      <a
        href={preview.url}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="flex min-w-0 flex-1 gap-3 border-s-2 border-line-strong px-3 py-2"
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate pe-6 text-xs text-muted">
            <bdi dir="ltr">{preview.host}</bdi>
            {preview.site && preview.site.toLowerCase() !== preview.host && (
              <>
                {" · "}
                <bdi>{preview.site}</bdi>
              </>
            )}
          </span>
          <bdi className="line-clamp-2 text-sm font-semibold">{preview.title}</bdi>
          {preview.description && <bdi className="mt-0.5 line-clamp-2 text-xs text-muted">{preview.description}</bdi>}
        </span>
        {preview.has_image && <Picture url={picture} />}
      </a>
      {canRemove && (
        <span className="absolute top-1 right-1">
          <IconButton
            icon={X}
            size="small"
            label={t("Remove the preview of {host}", { host: preview.host })}
            onClick={() => void removePreview(client, message, preview.id)}
          />
        </span>
      )}
    </div>
  );
}

/** In a frame of one size, so that nothing moves when it comes, or does not. */
function Picture({ url }: { url: string | undefined }) {
  return (
    <span className="mt-5 size-16 shrink-0 overflow-hidden rounded border border-line bg-sunken">
      {url && (
        <img
          src={url}
          alt=""
          loading="lazy"
          className="size-full object-cover"
          onError={(event) => event.currentTarget.classList.add("invisible")}
        />
      )}
    </span>
  );
}
