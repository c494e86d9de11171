import { useQueryClient } from "@tanstack/react-query";
import { Ellipsis, History, Pencil, SmilePlus, StickyNote, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Message } from "../../api/chat";
import { plainLine, textToShow } from "../../lib/chat-text";
import { fullDate, longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Avatar } from "../../ui/Avatar";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuItem } from "../../ui/Menu";
import { openChatSheet } from "../conversations/chatView";
import { EmojiPicker } from "../conversations/EmojiPicker";
import { Files } from "../conversations/Files";
import { MessageBody } from "../conversations/MessageBody";
import { react, remove } from "../conversations/messageActs";
import { Reactions } from "../conversations/Reactions";
import { systemWords } from "../conversations/systemWords";
import { NOTHING, placeOf, write } from "../conversations/writing";

export type NoteGroupProps = {
  notes: Message[];
  meId: string;
  /** Whether the person may take away what others wrote. */
  isAdmin: boolean;
  nameOf: (id: string) => string;
  onEdit: () => void;
};

/** Notes beside one another, in a colour that no mail has. */
export function NoteGroup({ notes, ...common }: NoteGroupProps) {
  const said = notes.filter((one) => one.kind === "text");
  return (
    <section aria-label={t("Notes")} data-print="none" className="border-b border-line">
      {said.length > 0 && (
        <p className="flex items-center gap-1.5 border-l-4 border-star bg-note px-4 pt-2 text-xs font-medium text-warn">
          <StickyNote size={13} aria-hidden />
          {t("Only people with this mailbox see this")}
        </p>
      )}
      {notes.map((note) =>
        note.kind === "system" ? (
          <Line key={note.id} note={note} nameOf={common.nameOf} />
        ) : (
          <Note key={note.id} note={note} {...common} />
        ),
      )}
    </section>
  );
}

function Line({ note, nameOf }: { note: Message; nameOf: (id: string) => string }) {
  return (
    <p className="border-l-4 border-star bg-note px-4 py-1 text-xs text-muted">
      <span dir="auto">{systemWords(note, nameOf)}</span>{" "}
      <time dateTime={note.created_at} title={fullDate(note.created_at)}>
        {longDate(note.created_at)}
      </time>
    </p>
  );
}

type NoteProps = Omit<NoteGroupProps, "notes"> & { note: Message };

function Note({ note, meId, isAdmin, nameOf, onEdit }: NoteProps) {
  const who = note.author.name || t("Somebody who left");
  return (
    <article
      aria-label={t("Note by {who}, {when}: {text}", {
        who,
        when: longDate(note.created_at),
        text: note.deleted_at ? t("deleted") : plainLine(note.text) || t("a file"),
      })}
      data-note={note.id}
      className="flex gap-3 border-l-4 border-star bg-note px-4 py-2"
    >
      <Avatar person={{ name: note.author.name, email: note.author.id ?? "" }} size={24} />
      <div className="min-w-0 flex-1">
        <header className="flex items-baseline gap-2">
          <span dir="auto" className="truncate text-sm font-semibold">
            {who}
          </span>
          <time dateTime={note.created_at} title={fullDate(note.created_at)} className="shrink-0 text-xs text-muted">
            {longDate(note.created_at)}
          </time>
          {!note.deleted_at && <Acts {...{ note, meId, isAdmin, onEdit }} />}
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

type ActsProps = { note: Message; meId: string; isAdmin: boolean; onEdit: () => void };

function Acts({ note, meId, isAdmin, onEdit }: ActsProps) {
  const client = useQueryClient();
  const [isReacting, setReacting] = useState(false);
  const isMine = note.author.id === meId;
  const edit = () => {
    const { shown, namings } = textToShow(note.text);
    write(placeOf(note.conversation_id, null), { ...NOTHING, text: shown, namings, editing: note });
    onEdit();
  };
  return (
    <span className="-my-1 ml-auto flex shrink-0 self-center">
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
