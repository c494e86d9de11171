import type { LucideIcon } from "lucide-react";
import {
  Bold,
  CheckCheck,
  CircleAlert,
  Code,
  Italic,
  Link,
  List,
  Paperclip,
  Quote,
  SmilePlus,
  Strikethrough,
} from "lucide-react";
import { useRef } from "react";
import type { Selection } from "../../lib/chat-text";
import { lined, wrapped } from "../../lib/chat-text";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuCheckItem, MenuChoice, MenuLine } from "../../ui/Menu";
import { EmojiPicker } from "./EmojiPicker";
import { addFiles } from "./uploads";
import type { Writing } from "./writing";
import { write } from "./writing";

export type Tool = { label: string; icon: LucideIcon; keys?: string; act: (selection: Selection) => Selection };

export const TOOLS: Tool[] = [
  { label: t("Bold"), icon: Bold, keys: "mod+b", act: (one) => wrapped(one, "**") },
  { label: t("Italic"), icon: Italic, keys: "mod+i", act: (one) => wrapped(one, "*") },
  { label: t("Strike through"), icon: Strikethrough, act: (one) => wrapped(one, "~~") },
  {
    label: t("Code"),
    icon: Code,
    keys: "mod+e",
    act: (one) => (one.text.slice(one.start, one.end).includes("\n") ? wrapped(one, "\n```\n") : wrapped(one, "`")),
  },
  { label: t("Link"), icon: Link, act: linked },
  { label: t("List"), icon: List, act: (one) => lined(one, "- ") },
  { label: t("Quote"), icon: Quote, act: (one) => lined(one, "> ") },
];

function linked({ text, start, end }: Selection): Selection {
  const words = text.slice(start, end) || t("words");
  const next = `${text.slice(0, start)}[${words}](https://)${text.slice(end)}`;
  const at = start + words.length + 3;
  return { text: next, start: at, end: at + "https://".length };
}

const IMPORTANCES: { value: Writing["importance"]; label: string }[] = [
  { value: "normal", label: t("Normal") },
  { value: "important", label: t("Important") },
  { value: "urgent", label: t("Urgent") },
];

type ComposerToolsProps = {
  place: string;
  writing: Writing;
  onTool: (tool: Tool) => void;
  onEmoji: (emoji: string) => void;
};

export function ComposerTools({ place, writing, onTool, onEmoji }: ComposerToolsProps) {
  const files = useRef<HTMLInputElement>(null);
  const isPlain = writing.importance === "normal" && !writing.needsAck;
  return (
    <div role="toolbar" aria-label={t("Formatting")} className="flex min-w-0 flex-1 items-center overflow-x-auto">
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={t("Files")}
        onChange={(event) => {
          addFiles(place, [...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      {!writing.editing && (
        <IconButton icon={Paperclip} label={t("Attach files")} size="small" onClick={() => files.current?.click()} />
      )}
      <EmojiPicker onPick={onEmoji} trigger={<IconButton icon={SmilePlus} label={t("Emoji")} size="small" />} />
      {TOOLS.map((tool) => (
        <IconButton
          key={tool.label}
          icon={tool.icon}
          label={tool.label}
          keys={tool.keys}
          size="small"
          className="max-sm:hidden"
          onClick={() => onTool(tool)}
        />
      ))}
      {!writing.editing && (
        <Menu
          label={t("Importance")}
          side="top"
          trigger={
            <IconButton
              icon={writing.needsAck ? CheckCheck : CircleAlert}
              label={isPlain ? t("Importance") : t("Importance, set")}
              size="small"
              className={isPlain ? "" : "text-accent"}
            />
          }
        >
          <MenuChoice
            label={t("Importance")}
            value={writing.importance}
            options={IMPORTANCES}
            onChange={(importance) => write(place, { importance })}
          />
          <MenuLine />
          <MenuCheckItem isChecked={writing.needsAck} onChange={(needsAck) => write(place, { needsAck })}>
            {t("Ask everybody to acknowledge")}
          </MenuCheckItem>
        </Menu>
      )}
    </div>
  );
}
