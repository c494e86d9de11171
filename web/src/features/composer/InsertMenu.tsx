import { useQuery } from "@tanstack/react-query";
import type { Editor } from "@tiptap/react";
import { FileText, PenTool } from "lucide-react";
import { useRef } from "react";
import { signaturesQuery, type Template, templatesQuery } from "../../api/templates";
import { fillFields, valuesFor } from "../../lib/fields";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuItem, MenuLabel, MenuLine } from "../../ui/Menu";
import { changeContent } from "./saving";
import type { Composer } from "./session";
import { patchComposer } from "./state";
import { withSignature } from "./wire";

export type InsertMenuProps = {
  composer: Composer;
  editor: Editor | null;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
};

/** Templates, filled for the first recipient and put where one writes; signatures in place of the one that is there. */
export function InsertMenu({ composer, editor, isOpen, onOpenChange }: InsertMenuProps) {
  const { key, content, revision } = composer;
  const templates = useQuery({ ...templatesQuery, enabled: isOpen }).data?.items;
  const signatures = useQuery({ ...signaturesQuery, enabled: isOpen }).data?.items ?? [];
  const chosen = useRef<(() => void) | null>(null);
  const insert = ({ subject, html }: Template) => {
    const to = content.to[0];
    const fill = (text: string, isHtml: boolean) => (to ? fillFields(text, valuesFor(to), isHtml) : text);
    if (subject && !content.subject.trim()) changeContent(key, { subject: fill(subject, false) });
    editor?.chain().focus().insertContent(fill(html, true)).run();
  };
  const sign = (html: string) => {
    changeContent(key, { bodyHtml: withSignature(content.bodyHtml, html) });
    patchComposer(key, { revision: revision + 1 });
  };
  /** Once the menu has gone, so that the focus stays in the text. */
  const closed = () => {
    chosen.current?.();
    chosen.current = null;
    editor?.commands.focus(undefined, { scrollIntoView: false });
  };
  return (
    <Menu
      label={t("Templates and signatures")}
      side="top"
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      onClosed={closed}
      trigger={<IconButton icon={FileText} label={t("Templates and signatures")} keys="mod+;" tooltipSide="top" />}
    >
      <MenuLabel>{t("Templates")}</MenuLabel>
      {templates?.map((one) => (
        <MenuItem
          key={one.id}
          icon={FileText}
          onSelect={() => {
            chosen.current = () => insert(one);
          }}
        >
          {one.name}
        </MenuItem>
      ))}
      {templates?.length === 0 && (
        <MenuItem isDisabled onSelect={() => undefined}>
          {t("None yet. Settings, Mail")}
        </MenuItem>
      )}
      {signatures.length > 0 && (
        <>
          <MenuLine />
          <MenuLabel>{t("Sign with")}</MenuLabel>
          {signatures.map((one) => (
            <MenuItem
              key={one.id}
              icon={PenTool}
              onSelect={() => {
                chosen.current = () => sign(one.html);
              }}
            >
              {one.name}
            </MenuItem>
          ))}
        </>
      )}
    </Menu>
  );
}
