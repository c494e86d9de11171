import type { Editor } from "@tiptap/react";
import { Paperclip, Trash2 } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { attachmentLimits } from "./ports";
import type { SaveStatus } from "./saver";
import { type Composer, sentAttachments } from "./session";
import { formatBytes } from "./sizes";
import { Toolbar } from "./Toolbar";
import { addFiles } from "./uploads";
import { insertImages } from "./useBodyEditor";

export type ComposerFooterProps = {
  composer: Composer;
  editor: Editor | null;
  onSend: () => void;
  onHold: () => void;
  onDiscard: () => void;
  extra?: ReactNode;
};

export function ComposerFooter({ composer, editor, onSend, onHold, onDiscard, extra }: ComposerFooterProps) {
  const picker = useRef<HTMLInputElement>(null);
  const { key, isSending } = composer;
  const limit = formatBytes(attachmentLimits().max_attachment_bytes);
  return (
    <footer className="shrink-0 border-t border-line pb-[env(safe-area-inset-bottom)]">
      <div className="h-8 px-2 pt-1">
        {editor && <Toolbar editor={editor} onImages={(files) => insertImages(key, files, editor)} />}
      </div>
      <div className="flex items-center gap-1 px-3 py-2">
        <Button kind="primary" isBusy={isSending} onClick={onSend} aria-keyshortcuts="Control+Enter Meta+Enter">
          {isSending ? t("Sending after upload…") : t("Send")}
        </Button>
        {isSending && (
          <Button kind="ghost" onClick={onHold}>
            {t("Stop")}
          </Button>
        )}
        <IconButton
          icon={Paperclip}
          label={t("Attach files (up to {limit} each)", { limit })}
          tooltipSide="top"
          className="ml-1"
          onClick={() => picker.current?.click()}
        />
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-hidden
          tabIndex={-1}
          onChange={(event) => {
            addFiles(key, [...(event.target.files ?? [])], "attachment");
            event.target.value = "";
          }}
        />
        {extra}
        <span role="status" className="min-w-0 flex-1 truncate px-1 text-right text-xs text-muted">
          {statusWords(composer)}
        </span>
        <IconButton icon={Trash2} label={t("Discard draft")} tooltipSide="top" onClick={onDiscard} />
      </div>
    </footer>
  );
}

const WORDS: { [status in SaveStatus]: string } = {
  new: "",
  unsaved: "",
  saving: "Saving…",
  saved: "Saved",
  offline: "Offline: kept on this device",
  failed: "Kept on this device",
};

function statusWords({ status, problem, content }: Composer): string {
  const isUploading = sentAttachments(content).some((one) => one.state === "uploading");
  if (isUploading) return t("Uploading…");
  return problem ? t("Kept on this device. {problem}", { problem }) : t(WORDS[status]);
}
