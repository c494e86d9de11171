import { type Editor, useEditorState } from "@tiptap/react";
import { Link } from "lucide-react";
import { type FormEvent, useEffect, useId, useState } from "react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { Input } from "../../ui/Input";
import { Popover } from "../../ui/Popover";
import { linkTarget } from "./links";

const openers = new WeakMap<Editor, () => void>();

/** Opens the link field in the toolbar of this editor, for the key Mod+K. */
export function askForLink(editor: Editor): void {
  openers.get(editor)?.();
}

export function LinkButton({ editor, tabIndex }: { editor: Editor; tabIndex: number }) {
  const [isOpen, setOpen] = useState(false);
  const isActive = useEditorState({ editor, selector: ({ editor: current }) => current.isActive("link") });
  useEffect(() => {
    openers.set(editor, () => setOpen(true));
    return () => void openers.delete(editor);
  }, [editor]);
  const trigger = (
    <IconButton
      icon={Link}
      label={t("Link")}
      keys="mod+k"
      size="small"
      tooltipSide="top"
      tabIndex={tabIndex}
      aria-pressed={isActive}
      className="aria-pressed:bg-accent-soft"
    />
  );
  return (
    <Popover trigger={trigger} label={t("Link")} side="top" isOpen={isOpen} onOpenChange={setOpen} className="w-80">
      <LinkForm editor={editor} isActive={isActive} onDone={() => setOpen(false)} />
    </Popover>
  );
}

function LinkForm({ editor, isActive, onDone }: { editor: Editor; isActive: boolean; onDone: () => void }) {
  const id = useId();
  const { from, to } = editor.state.selection;
  const [href, setHref] = useState(() => String(editor.getAttributes("link").href ?? ""));
  const [text, setText] = useState("");
  const needsText = from === to && !isActive;
  const target = linkTarget(href);
  const apply = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!target) return;
    const chain = editor.chain().focus().extendMarkRange("link");
    if (needsText) {
      const marks = [{ type: "link", attrs: { href: target } }];
      chain.insertContent({ type: "text", text: text.trim() || href.trim(), marks }).run();
    } else chain.setLink({ href: target }).run();
    onDone();
  };
  const remove = () => {
    editor.chain().focus().extendMarkRange("link").unsetLink().run();
    onDone();
  };
  return (
    <form onSubmit={apply} className="flex flex-col gap-2">
      {needsText && (
        <Input
          aria-label={t("Text")}
          placeholder={t("Text")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <Input
        aria-label={t("Address of the link")}
        aria-invalid={href !== "" && !target ? true : undefined}
        aria-describedby={`${id}-hint`}
        placeholder="https://"
        value={href}
        autoFocus
        onChange={(event) => setHref(event.target.value)}
      />
      <p id={`${id}-hint`} className="sr-only">
        {t("A web address, an e-mail address or a telephone number")}
      </p>
      <div className="flex justify-end gap-2">
        {isActive && (
          <Button kind="ghost" size="small" onClick={remove}>
            {t("Remove link")}
          </Button>
        )}
        <Button kind="primary" size="small" type="submit" disabled={!target}>
          {t("Apply")}
        </Button>
      </div>
    </form>
  );
}
