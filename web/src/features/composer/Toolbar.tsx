import { type Editor, useEditorState } from "@tiptap/react";
import {
  Bold,
  Code,
  Heading2,
  Image as ImageIcon,
  Italic,
  List,
  ListOrdered,
  type LucideIcon,
  Quote,
  RemoveFormatting,
  Strikethrough,
  Underline,
} from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { LinkButton } from "./LinkButton";

type Tool = { id: string; label: string; keys?: string; icon: LucideIcon; run: (editor: Editor) => void };

const INLINE: Tool[] = [
  { id: "bold", label: "Bold", keys: "mod+b", icon: Bold, run: (editor) => editor.chain().focus().toggleBold().run() },
  {
    id: "italic",
    label: "Italic",
    keys: "mod+i",
    icon: Italic,
    run: (editor) => editor.chain().focus().toggleItalic().run(),
  },
  {
    id: "underline",
    label: "Underline",
    keys: "mod+u",
    icon: Underline,
    run: (editor) => editor.chain().focus().toggleUnderline().run(),
  },
  {
    id: "strike",
    label: "Strikethrough",
    keys: "mod+shift+s",
    icon: Strikethrough,
    run: (editor) => editor.chain().focus().toggleStrike().run(),
  },
];

const BLOCKS: Tool[] = [
  {
    id: "heading",
    label: "Heading",
    keys: "mod+alt+2",
    icon: Heading2,
    run: (editor) => editor.chain().focus().toggleHeading({ level: 2 }).run(),
  },
  {
    id: "bulletList",
    label: "Bulleted list",
    keys: "mod+shift+8",
    icon: List,
    run: (editor) => editor.chain().focus().toggleBulletList().run(),
  },
  {
    id: "orderedList",
    label: "Numbered list",
    keys: "mod+shift+7",
    icon: ListOrdered,
    run: (editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  { id: "blockquote", label: "Quote", keys: "mod+shift+9", icon: Quote, run: toggleQuote },
  { id: "codeBlock", label: "Code", keys: "mod+alt+c", icon: Code, run: toggleCode },
];

/** A few words become code in the line, whole lines a block. */
function toggleCode(editor: Editor): void {
  const { from, to, $from, $to } = editor.state.selection;
  const isWithinLine = from !== to && $from.sameParent($to) && !editor.isActive("codeBlock");
  if (isWithinLine) editor.chain().focus().toggleCode().run();
  else editor.chain().focus().toggleCodeBlock().run();
}

export function toggleQuote(editor: Editor): void {
  editor.chain().focus().toggleBlockquote().run();
}

export function clearFormatting(editor: Editor): void {
  editor.chain().focus().unsetAllMarks().clearNodes().run();
}

export type ToolbarProps = { editor: Editor; onImages?: (files: File[]) => void; label?: string };

/** One tab stop; arrows move inside (WAI-ARIA toolbar pattern). */
export function Toolbar({ editor, onImages, label }: ToolbarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [stop, setStop] = useState(0);
  const active = useEditorState({
    editor,
    selector: ({ editor: current }) => {
      const on = [...INLINE, ...BLOCKS].filter((tool) => current.isActive(tool.id)).map((tool) => tool.id);
      return (current.isActive("code") ? [...on, "codeBlock"] : on).join(" ");
    },
  });
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const buttons = [...(bar.current?.querySelectorAll<HTMLButtonElement>("button") ?? [])];
    if (!step || buttons.length === 0) return;
    event.preventDefault();
    const from = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = (from + step + buttons.length) % buttons.length;
    setStop(next);
    buttons[next]?.focus();
  };
  const tool = (one: Tool, index: number) => (
    <IconButton
      key={one.id}
      icon={one.icon}
      label={t(one.label)}
      keys={one.keys}
      size="small"
      tooltipSide="top"
      tabIndex={index === stop ? 0 : -1}
      aria-pressed={active.split(" ").includes(one.id)}
      className="aria-pressed:bg-accent-soft"
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => one.run(editor)}
    />
  );
  const afterBlocks = INLINE.length + 1 + BLOCKS.length;
  return (
    <div
      ref={bar}
      role="toolbar"
      aria-label={label ?? t("Formatting")}
      onKeyDown={move}
      className="flex items-center gap-0.5 overflow-x-auto [scrollbar-width:none]"
    >
      {INLINE.map(tool)}
      <LinkButton editor={editor} tabIndex={stop === INLINE.length ? 0 : -1} />
      <span aria-hidden className="mx-1 h-4 w-px shrink-0 bg-line" />
      {BLOCKS.map((one, index) => tool(one, INLINE.length + 1 + index))}
      <span aria-hidden className="mx-1 h-4 w-px shrink-0 bg-line" />
      {onImages && (
        <>
          <IconButton
            icon={ImageIcon}
            label={t("Picture in the text")}
            size="small"
            tooltipSide="top"
            tabIndex={stop === afterBlocks ? 0 : -1}
            onClick={() => picker.current?.click()}
          />
          <input
            ref={picker}
            type="file"
            accept="image/*"
            multiple
            hidden
            onChange={(event) => {
              onImages([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
        </>
      )}
      <IconButton
        icon={RemoveFormatting}
        label={t("Clear formatting")}
        keys="mod+\"
        size="small"
        tooltipSide="top"
        tabIndex={stop === afterBlocks + (onImages ? 1 : 0) ? 0 : -1}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => clearFormatting(editor)}
      />
    </div>
  );
}
