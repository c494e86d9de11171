import { EditorContent, useEditor } from "@tiptap/react";
import { t } from "../../lib/i18n";
import { styleNonce } from "../../lib/nonce";
import { textExtensions } from "../composer/extensions";
import { cleanPastedHtml } from "../composer/paste";
import { Toolbar } from "../composer/Toolbar";
import "../composer/composer.css";

/** `html` is where it starts; `onChange` hears each change, and the empty text for an empty signature. */
type EditorProps = { html: string; onChange: (html: string) => void; label?: string };

export function SignatureEditor({ html, onChange, label = t("Signature") }: EditorProps) {
  const editor = useEditor({
    extensions: textExtensions(label),
    content: html,
    injectNonce: styleNonce,
    shouldRerenderOnTransaction: false,
    onUpdate: ({ editor: current }) => onChange(current.isEmpty ? "" : current.getHTML()),
    editorProps: {
      attributes: { class: "posthouse-body", role: "textbox", "aria-multiline": "true", "aria-label": label },
      transformPastedHTML: cleanPastedHtml,
    },
  });
  return (
    <div className="rounded-md border border-line-strong focus-within:border-accent">
      <EditorContent editor={editor} className="flex min-h-24 cursor-text flex-col px-3 py-2 text-base" />
      <div className="border-t border-line px-1.5 py-0.5">
        {editor && <Toolbar editor={editor} label={t("Formatting")} />}
      </div>
    </div>
  );
}
