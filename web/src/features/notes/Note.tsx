import { useQueryClient } from "@tanstack/react-query";
import { Ellipsis, History, MessageSquareReply, Pencil, SmilePlus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Message } from "../../api/chat";
import { plainLine, textToShow } from "../../lib/chat-text";
import { fullDate, longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Avatar } from "../../ui/Avatar";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuItem } from "../../ui/Menu";
import { openChatSheet, rowDomId } from "../conversations/chatView";
import { EmojiPicker } from "../conversations/EmojiPicker";
import { Files } from "../conversations/Files";
import { MessageBody } from "../conversations/MessageBody";
import { react, remove } from "../conversations/messageActs";
import { Reactions } from "../conversations/Reactions";
import { NOTHING, placeOf, write } from "../conversations/writing";

export type NoteProps = {
  note: Message;
  /** The note that this one answers. */
  rootId?: string;
  meId: string;
  /** Whether the person may take away what others wrote. */
  isAdmin: boolean;
  nameOf: (id: string) => string;
  onEdit: () => void;
  onAnswer: () => void;
};

/** A note, or an answer to one: the same but for what the label says. */
export function Note({ note, rootId, meId, isAdmin, nameOf, onEdit, onAnswer }: NoteProps) {
  const who = note.author.name || t("Somebody who left");
  const said = {
    who,
    when: longDate(note.created_at),
    text: note.deleted_at ? t("deleted") : plainLine(note.text) || t("a file"),
  };
  return (
    <article
      id={rowDomId(note.id)}
      data-key={note.id}
      tabIndex={-1}
      aria-label={rootId ? t("Answer by {who}, {when}: {text}", said) : t("Note by {who}, {when}: {text}", said)}
      className="flex gap-3 rounded-sm focus-visible:outline-offset-2"
    >
      <Avatar person={{ name: note.author.name, email: note.author.id ?? "" }} size={rootId ? 20 : 24} />
      <div className="min-w-0 flex-1">
        <header className="flex items-baseline gap-2">
          <span dir="auto" className="truncate text-sm font-semibold">
            {who}
          </span>
          <time dateTime={note.created_at} title={fullDate(note.created_at)} className="shrink-0 text-xs text-muted">
            {longDate(note.created_at)}
          </time>
          {!note.deleted_at && <Acts {...{ note, rootId: rootId ?? null, meId, isAdmin, onEdit, onAnswer }} />}
        </header>
        {note.deleted_at ? (
          <p className="text-sm text-muted italic">{t("This note was deleted")}</p>
        ) : (
          <>
            <MessageBody html={note.html} meId={meId} />
            {note.edited_at && <span className="text-xs text-muted">{t("(edited)")}</span>}
            <Files message={note} />
            <Reactions message={note} meId={meId} nameOf={nameOf} />
          </>
        )}
      </div>
    </article>
  );
}

type ActsProps = Pick<NoteProps, "note" | "meId" | "isAdmin" | "onEdit" | "onAnswer"> & { rootId: string | null };

function Acts({ note, rootId, meId, isAdmin, onEdit, onAnswer }: ActsProps) {
  const client = useQueryClient();
  const [isReacting, setReacting] = useState(false);
  const isMine = note.author.id === meId;
  const edit = () => {
    const { shown, namings } = textToShow(note.text);
    write(placeOf(note.conversation_id, rootId), { ...NOTHING, text: shown, namings, editing: note });
    onEdit();
  };
  return (
    <span className="-my-1 ml-auto flex shrink-0 self-center">
      <IconButton icon={MessageSquareReply} label={t("Answer the note")} size="small" onClick={onAnswer} />
      <EmojiPicker
        isOpen={isReacting}
        onOpenChange={setReacting}
        onPick={(emoji) => react(client, note, emoji, meId)}
        trigger={<IconButton icon={SmilePlus} label={t("React")} size="small" />}
      />
      {(isMine || isAdmin || note.revisions > 0) && (
        <Menu
          label={t("More on this note")}
          align="end"
          trigger={<IconButton icon={Ellipsis} label={t("More on this note")} size="small" />}
        >
          {isMine && (
            <MenuItem icon={Pencil} onSelect={() => requestAnimationFrame(edit)}>
              {t("Edit")}
            </MenuItem>
          )}
          {note.revisions > 0 && (
            <MenuItem icon={History} onSelect={() => openChatSheet({ kind: "revisions", message: note })}>
              {t("What it said before")}
            </MenuItem>
          )}
          {(isMine || isAdmin) && (
            <MenuItem icon={Trash2} isDanger onSelect={() => remove(client, note, "everybody")}>
              {t("Delete for everybody")}
            </MenuItem>
          )}
        </Menu>
      )}
    </span>
  );
}
