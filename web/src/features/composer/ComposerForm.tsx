import type { Editor } from "@tiptap/react";
import { EditorContent } from "@tiptap/react";
import { CircleAlert } from "lucide-react";
import { type DragEvent, type KeyboardEvent, type ReactNode, useEffect, useState } from "react";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { ownAddresses } from "../../lib/own-addresses";
import { Banner } from "../../ui/Banner";
import { showToast } from "../../ui/toasts";
import { AttachmentTiles } from "./AttachmentTiles";
import { ComposerFooter } from "./ComposerFooter";
import { FromSelect } from "./FromSelect";
import { InsertMenu } from "./InsertMenu";
import { askForLink } from "./LinkButton";
import { discardComposer } from "./lifecycle";
import { hasFiles } from "./paste";
import { flushRecipients } from "./pendingRecipients";
import { signedInUser } from "./ports";
import { QuoteFold } from "./QuoteFold";
import { ReceiptMenu } from "./ReceiptMenu";
import { Recipients } from "./Recipients";
import { SendDialog } from "./SendDialog";
import { changeContent } from "./saving";
import { doubtsOf, holdBack, obstacleOf, sendComposer } from "./sending";
import type { Composer } from "./session";
import { composerOf, patchComposer } from "./state";
import { clearFormatting, toggleQuote } from "./Toolbar";
import { addFiles } from "./uploads";
import { useBodyEditor } from "./useBodyEditor";
import { useRecipientFields } from "./useRecipientFields";
import type { SendWarning } from "./warnings";
import { withQuoteInText } from "./wire";
import "./composer.css";

export type ComposerFormProps = {
  composer: Composer;
  /** In a thread the subject is plain from where one is. */
  isSubjectHidden?: boolean;
  onEscape: () => void;
  extra?: ReactNode;
  className?: string;
};

export function ComposerForm({ composer, isSubjectHidden = false, onEscape, extra, className }: ComposerFormProps) {
  const { key, content } = composer;
  const editor = useBodyEditor(key, composer.revision);
  const fields = useRecipientFields(composer);
  const [warnings, setWarnings] = useState<SendWarning[]>([]);
  const [isDropping, setDropping] = useState(false);
  const [isInserting, setInserting] = useState(false);
  useEffect(() => {
    if (composer.focus === "body" && editor && !editor.isDestroyed) {
      editor.commands.focus("start", { scrollIntoView: false });
    }
  }, [editor, composer.focus]);

  const send = () => {
    flushRecipients(key);
    const current = composerOf(key);
    if (!current || current.isSending) return;
    const refusal = obstacleOf(current);
    patchComposer(key, { refusal });
    if (refusal) return;
    const doubts = doubtsOf(current);
    if (doubts.length > 0) setWarnings(doubts);
    else void sendComposer(key);
  };
  const discard = () => {
    const undo = discardComposer(key);
    if (undo && composer.status !== "new") {
      showToast({ message: t("Draft discarded."), action: { label: t("Undo"), run: undo } });
    }
  };
  const editQuote = () => {
    const urlOfCid = (cid: string) => content.attachments.find((one) => one.contentId === cid)?.url ?? null;
    changeContent(key, { bodyHtml: withQuoteInText(content.bodyHtml, content.quoteHtml, urlOfCid), quoteHtml: null });
    patchComposer(key, { revision: composer.revision + 1 });
  };
  const onDrop = (event: DragEvent) => {
    setDropping(false);
    if (event.defaultPrevented || !hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    addFiles(key, [...event.dataTransfer.files], "attachment");
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: nothing is submitted by the browser
    <div
      role="form"
      aria-label={t("Mail")}
      className={cx("relative flex min-h-0 flex-col", className)}
      onKeyDownCapture={(event) =>
        onShortcut(event, editor, {
          send,
          escape: onEscape,
          reveal: fields.reveal,
          insert: () => setInserting(true),
        })
      }
      onKeyDown={(event) => {
        const isOwn = event.currentTarget.contains(event.target as Node);
        if (event.key !== "Escape" || event.defaultPrevented || !isOwn) return;
        event.stopPropagation();
        onEscape();
      }}
      onDragOver={(event) => {
        if (!hasFiles(event.dataTransfer)) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDropping(false);
      }}
      onDrop={onDrop}
    >
      <div className="min-h-0 shrink-0">
        <FromSelect composer={composer} />
        <Recipients composer={composer} fields={fields} ownAddresses={ownAddresses(signedInUser())} />
        {!isSubjectHidden && (
          <input
            aria-label={t("Subject")}
            placeholder={t("Subject")}
            dir="auto"
            value={content.subject}
            onChange={(event) => changeContent(key, { subject: event.target.value })}
            className="h-9 w-full border-b border-line bg-transparent px-3 text-base font-medium outline-none placeholder:font-normal placeholder:text-muted focus:border-line-strong"
          />
        )}
      </div>
      {composer.refusal && (
        <Banner tone="danger" icon={CircleAlert} className="mx-3 mt-2 shrink-0">
          {composer.refusal}
        </Banner>
      )}
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
        <EditorContent
          editor={editor}
          className="flex min-h-24 shrink-0 grow cursor-text flex-col px-3 py-3 text-base"
        />
        <QuoteFold
          html={content.quoteHtml}
          label={composer.quoteLabel}
          isLoading={composer.isQuoting}
          isForward={composer.mode === "forward"}
          attachments={content.attachments}
          onEdit={editQuote}
          onRemove={() => changeContent(key, { quoteHtml: null })}
        />
        <AttachmentTiles composerKey={key} attachments={content.attachments} />
      </div>
      <ComposerFooter
        composer={composer}
        editor={editor}
        onSend={send}
        onHold={() => holdBack(key)}
        onDiscard={discard}
        extra={
          <>
            <InsertMenu composer={composer} editor={editor} isOpen={isInserting} onOpenChange={setInserting} />
            <ReceiptMenu composer={composer} />
            {extra}
          </>
        }
      />
      {isDropping && <DropHint />}
      <SendDialog
        warnings={warnings}
        onClose={() => setWarnings([])}
        onSend={() => {
          setWarnings([]);
          void sendComposer(key);
        }}
      />
    </div>
  );
}

function DropHint() {
  return (
    <div className="pointer-events-none absolute inset-1 z-10 grid place-items-center rounded-md border-2 border-dashed border-accent bg-raised/90 font-medium">
      {t("Drop files to attach them, pictures into the text")}
    </div>
  );
}

type ShortcutActs = {
  send: () => void;
  escape: () => void;
  reveal: (field: "cc" | "bcc") => void;
  insert: () => void;
};

/** Before the editor sees them: it has meanings of its own for some of these keys. */
function onShortcut(event: KeyboardEvent, editor: Editor | null, acts: ShortcutActs): void {
  const isInText = (event.target as Element).closest(".posthouse-body") !== null;
  const isChord = (event.ctrlKey || event.metaKey) && !event.altKey;
  const key = event.key.toLowerCase();
  if (isInText && event.key === "Escape" && !event.nativeEvent.isComposing) acts.escape();
  else if (isChord && event.key === "Enter") acts.send();
  else if (isChord && event.key === ";") acts.insert();
  else if (isChord && event.shiftKey && (key === "c" || key === "b")) acts.reveal(key === "c" ? "cc" : "bcc");
  else if (isChord && isInText && editor && event.shiftKey && event.code === "Digit9") toggleQuote(editor);
  else if (isChord && isInText && editor && key === "k") askForLink(editor);
  else if (isChord && isInText && editor && event.key === "\\") clearFormatting(editor);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
