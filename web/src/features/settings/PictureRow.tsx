import { useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent, useRef, useState } from "react";
import { messageOf } from "../../api/error";
import { myself as doors, type Myself, myselfQuery } from "../../api/myself";
import { t } from "../../lib/i18n";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/toasts";
import { CropDialog } from "./CropDialog";
import { Row } from "./controls";

const MOST_BYTES = 30_000_000;

export function PictureRow({ myself }: { myself: Myself }) {
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { id, avatar_url, name, email } = myself;

  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (!file) return;
    try {
      if (file.size > MOST_BYTES) throw new Error("too large");
      setPicture(await createImageBitmap(file));
    } catch {
      const message = t("“{name}” is no picture that this browser can read.", { name: file.name });
      showToast({ message, kind: "problem" });
    }
  };
  const read = () => client.invalidateQueries({ queryKey: myselfQuery.queryKey, exact: true });
  const attempt = async (act: () => Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await act();
      await read();
      showToast({ message: done, durationMs: 3_000 });
      setPicture(null);
    } catch (error) {
      showToast({ message: messageOf(error), kind: "problem" });
    }
    setBusy(false);
  };
  return (
    <Row title={t("Your picture")} at="picture" hint={t("Shown beside your name. PNG, JPEG, WebP or GIF.")}>
      <div className="flex items-center gap-3">
        <Avatar person={{ name, email: email ?? "" }} size={48} src={avatar_url} />
        <input
          ref={input}
          type="file"
          accept="image/png,image/jpeg,image/webp,image/gif"
          aria-label={t("File of your picture")}
          tabIndex={-1}
          className="sr-only"
          onChange={(event) => void choose(event)}
        />
        <Button disabled={isBusy} onClick={() => input.current?.click()}>
          {avatar_url ? t("Change") : t("Upload")}
        </Button>
        {avatar_url && (
          <Button
            kind="ghost"
            isBusy={isBusy && !picture}
            onClick={() => void attempt(() => doors.removePicture(id), t("Picture removed."))}
          >
            {t("Remove")}
          </Button>
        )}
      </div>
      {picture && (
        <CropDialog
          picture={picture}
          onClose={() => setPicture(null)}
          onCut={(square) => attempt(() => doors.setPicture(id, square), t("Picture saved."))}
        />
      )}
    </Row>
  );
}
