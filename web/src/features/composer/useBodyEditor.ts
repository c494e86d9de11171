/** The editor of one composer. The store follows the editor; the editor follows only a new `revision`. */
import { TextSelection } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { type Editor, useEditor } from "@tiptap/react";
import { useEffect, useRef } from "react";
import { t } from "../../lib/i18n";
import { styleNonce } from "../../lib/nonce";
import { mailExtensions } from "./extensions";
import { cleanPastedHtml, filesOf, sorted } from "./paste";
import { changeContent } from "./saving";
import { composerOf } from "./state";
import { addFiles } from "./uploads";
import { withPictures } from "./wire";

export function useBodyEditor(key: string, revision: number): Editor | null {
  const editor = useEditor(
    {
      extensions: mailExtensions(t("Write something")),
      content: shownHtml(key),
      injectNonce: styleNonce,
      shouldRerenderOnTransaction: false,
      onUpdate: ({ editor: current }) => changeContent(key, { bodyHtml: current.getHTML() }),
      editorProps: {
        attributes: { class: "posthouse-body", role: "textbox", "aria-multiline": "true", "aria-label": t("Message") },
        transformPastedHTML: cleanPastedHtml,
        handleDOMEvents: { mousedown: (view, event) => writeAboveSignature(view, event) },
        handlePaste: (_view, event) => takeFiles(key, event.clipboardData, currentEditor.current),
        handleDrop: (_view, event, _slice, isMoved) =>
          !isMoved && takeFiles(key, event.dataTransfer, currentEditor.current),
      },
    },
    [key],
  );
  const currentEditor = useRef<Editor | null>(null);
  currentEditor.current = editor;
  const shown = useRef(revision);
  useEffect(() => {
    if (!editor || shown.current === revision) return;
    shown.current = revision;
    editor.commands.setContent(shownHtml(key), { emitUpdate: false });
  }, [editor, key, revision]);
  return editor;
}

/** Signed addresses of pictures die with the draft they were in, so the newest ones are put in. */
function shownHtml(key: string): string {
  const content = composerOf(key)?.content;
  const urlOfCid = (cid: string) => content?.attachments.find((one) => one.contentId === cid)?.url ?? null;
  return withPictures(content?.bodyHtml ?? "", urlOfCid);
}

/** A click into the empty space below means "go on writing", not "change my signature". */
function writeAboveSignature(view: EditorView, event: MouseEvent): boolean {
  const last = view.dom.lastElementChild?.getBoundingClientRect();
  if (event.target !== view.dom || !last || event.clientY <= last.bottom) return false;
  let end = view.state.doc.content.size;
  view.state.doc.forEach((node, offset) => {
    if (node.type.name === "signature") end = Math.min(end, offset);
  });
  // An empty line stands between the text and the signature: it stays.
  const before = view.state.doc.resolve(end).nodeBefore;
  const above = before?.isTextblock && before.childCount === 0 && end > before.nodeSize ? end - before.nodeSize : end;
  view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(above), -1)));
  view.focus();
  event.preventDefault();
  return true;
}

/** True when there were files and they are taken care of. */
function takeFiles(key: string, data: DataTransfer | null, editor: Editor | null): boolean {
  const { images, others } = filesOf(data);
  if (images.length + others.length === 0) return false;
  if (others.length > 0) addFiles(key, others, "attachment");
  if (editor) insertImages(key, images, editor);
  return true;
}

/** Pictures stand in the text at once; one that is too large, or a file that is none, is an attachment. */
export function insertImages(key: string, files: readonly File[], editor: Editor): void {
  const { images, others } = sorted(files);
  if (others.length > 0) addFiles(key, others, "attachment");
  for (const picture of images.length > 0 ? addFiles(key, images, "inline") : []) {
    if (picture.state === "failed" || !picture.url) continue;
    const attrs = { src: picture.url, alt: picture.filename, cid: picture.contentId };
    editor
      .chain()
      .focus()
      .insertContent([
        { type: "image", attrs },
        { type: "text", text: " " },
      ])
      .run();
  }
}
