import { useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import type { ClipboardEvent, DragEvent, KeyboardEvent } from "react";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import type { Message, Participant } from "../../api/chat";
import { draftsQuery } from "../../api/chat";
import { runCommand } from "../../commands/registry";
import type { Selection } from "../../lib/chat-text";
import { plainLine, triggerAt } from "../../lib/chat-text";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { sayTyping } from "../../sync/talk";
import { IconButton } from "../../ui/IconButton";
import { ComposerTools, TOOLS } from "./ComposerTools";
import { useChatView } from "./chatView";
import { saveDraftSoon, takeUpDraft } from "./drafts";
import { composerDomId, focusRowOf } from "./focus";
import { SendButton } from "./SendButton";
import { Suggestions } from "./Suggestions";
import type { Place } from "./sendingActs";
import { send } from "./sendingActs";
import { UploadTiles } from "./UploadTiles";
import { addFiles } from "./uploads";
import type { Suggestion } from "./useSuggestions";
import { useSuggestions } from "./useSuggestions";
import { useChatWays } from "./ways";
import { isEmpty, NOTHING, useWriting, write } from "./writing";

const MOST_HEIGHT = 260;

export type ChatComposerProps = {
  where: Place;
  label: string;
  participants: readonly Participant[];
  meId: string;
  /** The last that one wrote here, for the up arrow. */
  lastOwn: Message | null;
  onEditLast: (message: Message) => void;
  /** Where escape leads; without it to the messages above. */
  onLeave?: () => void;
};

export function ChatComposer({ where, label, participants, meId, lastOwn, onEditLast, onLeave }: ChatComposerProps) {
  const { place, conversationId, threadId } = where;
  const client = useQueryClient();
  const writing = useWriting(place);
  const ways = useChatWays();
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const [cursor, setCursor] = useState(0);
  const [active, setActive] = useState(0);
  const [closedFor, setClosedFor] = useState("");
  const [isOver, setOver] = useState(false);
  const trigger = triggerAt(writing.text, cursor);
  const isShut = trigger !== null && closedFor === `${trigger.from}${trigger.sign}`;
  const suggestions = useSuggestions(isShut ? null : trigger, participants, meId);
  const at = Math.min(active, suggestions.length - 1);
  const drafts = useQuery(draftsQuery).data;
  const wherever = useRef(where);
  wherever.current = where;
  useEffect(() => {
    if (drafts) takeUpDraft(drafts, wherever.current);
  }, [drafts]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it grows with what is in it
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, MOST_HEIGHT)}px`;
  }, [writing.text]);

  const change = (text: string) => {
    write(place, { text });
    setActive(0);
    if (!writing.editing) saveDraftSoon(where);
    sayTyping(conversationId, threadId, text.trim() !== "");
  };
  const select = ({ text, start, end }: Selection) => {
    change(text);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(start, end);
      setCursor(end);
    });
  };
  const selection = (): Selection => ({
    text: writing.text,
    start: field.current?.selectionStart ?? writing.text.length,
    end: field.current?.selectionEnd ?? writing.text.length,
  });
  const insert = (from: number, to: number, what: string) => {
    const text = writing.text.slice(0, from) + what + writing.text.slice(to);
    select({ text, start: from + what.length, end: from + what.length });
  };
  const pick = (one: Suggestion) => {
    if (!trigger) return;
    const { naming } = one;
    const isKnown = naming && writing.namings.some((known) => known.kind === naming.kind && known.id === naming.id);
    if (naming && !isKnown) write(place, { namings: [...writing.namings, naming] });
    setClosedFor(`${trigger.from}${trigger.sign}`);
    insert(trigger.from, cursor, one.insert);
  };
  const sendNow = (sendAt: string | null = null) => {
    send(client, where, { holdSeconds: sendAt === null ? ways.holdSeconds : 0, sendAt });
    field.current?.focus();
  };
  const cancel = () => write(place, writing.editing ? NOTHING : { replyTo: null });

  const suggestionKey = (event: KeyboardEvent): boolean => {
    if (suggestions.length === 0) return false;
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const chosen = suggestions[at];
    if (by !== 0) setActive((at + by + suggestions.length) % suggestions.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && chosen) pick(chosen);
    else if (event.key === "Escape" && trigger) setClosedFor(`${trigger.from}${trigger.sign}`);
    else return false;
    return true;
  };
  const fieldKey = (event: KeyboardEvent): boolean => {
    const hasMod = event.ctrlKey || event.metaKey;
    const tool = TOOLS.find((one) => one.keys === `mod+${event.key}`);
    if (event.key === "Enter" && (hasMod || (ways.enterSends && !event.shiftKey))) sendNow();
    else if (hasMod && tool) select(tool.act(selection()));
    else if (event.key === "ArrowDown" && event.shiftKey && isEmpty(writing)) runCommand("next-unread");
    else if (event.key === "ArrowUp" && !event.shiftKey && isEmpty(writing) && lastOwn && !writing.editing)
      onEditLast(lastOwn);
    else if (event.key === "Escape" && (writing.replyTo || writing.editing)) cancel();
    else if (event.key === "Escape" && onLeave) onLeave();
    else if (event.key === "Escape") focusTimeline(event.currentTarget as HTMLElement);
    else return false;
    return true;
  };
  const key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (suggestionKey(event) || fieldKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const paste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0 || writing.editing) return;
    event.preventDefault();
    addFiles(place, files);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!writing.editing) addFiles(place, [...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files are dropped on it; a button does the same
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cx(
        "relative mx-3 mb-3 shrink-0 rounded-md border bg-raised focus-within:border-accent max-sm:mx-2 max-sm:mb-2",
        isOver ? "border-accent bg-accent-soft" : "border-line-strong",
      )}
    >
      <Suggestions id={listId} all={suggestions} at={at} onPoint={setActive} onPick={pick} />
      <Above {...writing} onCancel={cancel} />
      <UploadTiles place={place} uploads={writing.uploads} />
      <textarea
        ref={field}
        id={composerDomId(place)}
        rows={1}
        dir="auto"
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={listId}
        aria-activedescendant={suggestions.length > 0 ? `${listId}-${at}` : undefined}
        placeholder={label}
        value={writing.text}
        maxLength={16_000}
        onChange={(event) => {
          setCursor(event.target.selectionEnd);
          change(event.target.value);
        }}
        onSelect={(event) => setCursor(event.currentTarget.selectionEnd)}
        onKeyDown={key}
        onPaste={paste}
        onBlur={() => sayTyping(conversationId, threadId, false)}
        className="block w-full resize-none bg-transparent px-3 pt-2.5 pb-1 text-base outline-none placeholder:text-muted"
      />
      <div className="flex items-center gap-1 px-1.5 pb-1">
        <ComposerTools
          place={place}
          writing={writing}
          onTool={(tool) => select(tool.act(selection()))}
          onEmoji={(emoji) => insert(selection().start, selection().end, emoji)}
        />
        <SendButton
          isDisabled={isEmpty(writing)}
          isEditing={writing.editing !== null}
          onSend={() => sendNow()}
          onSendAt={sendNow}
        />
      </div>
    </div>
  );
}

/** Out of the field, to the message that was last looked at, else to the last. */
function focusTimeline(field: HTMLElement): void {
  const { focusedId } = useChatView.getState();
  const frame = field.closest("[data-timeline]");
  const rows = frame?.querySelectorAll<HTMLElement>("article[id]");
  const id =
    rows && [...rows].some((row) => row.id === `message-${focusedId}`)
      ? focusedId
      : [...(rows ?? [])].at(-1)?.dataset.key;
  if (id) focusRowOf(id);
}

type AboveProps = { replyTo: Message | null; editing: Message | null; onCancel: () => void };

/** What is answered or changed. */
function Above({ replyTo, editing, onCancel }: AboveProps) {
  const about = editing ?? replyTo;
  if (!about) return null;
  return (
    <div className="flex items-center gap-2 border-b border-line px-3 py-1 text-xs">
      <span className="shrink-0 font-semibold">
        {editing ? t("Editing") : t("Answering {who}", { who: about.author.name })}
      </span>
      <span dir="auto" className="min-w-0 flex-1 truncate text-muted">
        {plainLine(about.text)}
      </span>
      <IconButton icon={X} size="small" label={editing ? t("Stop editing") : t("Do not quote")} onClick={onCancel} />
    </div>
  );
}
