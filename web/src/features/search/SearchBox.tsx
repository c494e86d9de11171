import { useNavigate } from "@tanstack/react-router";
import { Search, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useEffect, useId, useRef, useState } from "react";
import type { Addr, SearchKind } from "../../api/types";
import { SEARCH_FIELD_ID } from "../../commands/moving";
import { focusRow } from "../../commands/view";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { mailboxName, SEARCH } from "../../lib/place";
import type { Completion } from "../../lib/query";
import { completionsOf, personTyped, withCompletion } from "../../lib/query";
import { IconButton } from "../../ui/IconButton";
import { Kbd } from "../../ui/Kbd";
import { useCompletion } from "../composer/useCompletion";
import { useListed } from "../conversations/useConversations";
import { useMailboxes } from "../shell/useMail";

const TYPING_MS = 180;
const NOBODY: Addr[] = [];

/** Searches as you type; the words live in the address, so they can be kept and gone back to. */
export function SearchBox({ q, within }: { q: string; within?: SearchKind | undefined }) {
  const [typed, setTyped] = useState({ text: q, from: q });
  // The address changed by another hand (a link, the back button): it wins over what was typed.
  if (typed.from !== q && typed.text.trim() !== q) setTyped({ text: q, from: q });
  const text = typed.text;
  const navigate = useNavigate();
  const { mailboxes } = useMailboxes();
  const [isFocused, setFocused] = useState(false);
  const [active, setActive] = useState(-1);
  const field = useRef<HTMLInputElement>(null);
  const listId = useId();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const go = (words: string) => {
    clearTimeout(timer.current);
    const next = words.trim();
    setTyped({ text: words, from: next });
    if (next === q) return;
    focusRow(null);
    const search = { q: next, ...(within ? { in: within } : {}) };
    if (next) void navigate({ to: "/mail/$box", params: { box: SEARCH }, search, replace: q !== "" });
    else void navigate({ to: "/mail/$box", params: { box: "inbox" }, search: {} });
  };
  const type = (words: string) => {
    setTyped({ text: words, from: q });
    setActive(-1);
    clearTimeout(timer.current);
    const isHalfTyped = /\w:[#@]?$/.test(words);
    if (words.trim() && !isHalfTyped) timer.current = setTimeout(() => go(words), TYPING_MS);
  };
  const people = useCompletion(isFocused ? personTyped(text) : "", NOBODY);
  const rooms = useRooms();
  const completions = isFocused ? completionsOf(text, { boxes: mailboxes.map(mailboxName), people, rooms }) : [];
  const take = (completion: Completion) => {
    type(withCompletion(text, completion));
    field.current?.focus();
  };
  const key = (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by !== 0 && completions.length > 0) {
      event.preventDefault();
      setActive((active + by + completions.length) % completions.length);
    } else if (event.key === "Tab" && completions[0] && text && !event.shiftKey) {
      event.preventDefault();
      take(completions[Math.max(0, active)] ?? completions[0]);
    } else if (event.key === "Enter") {
      const chosen = completions[active];
      if (chosen) take(chosen);
      else {
        go(text);
        document.querySelector<HTMLElement>("[role='grid']")?.focus();
      }
    } else if (event.key === "Escape") {
      go(q === "" ? "" : text);
      field.current?.blur();
    }
  };
  return (
    <search className="relative min-w-0 flex-1">
      <Search size={16} aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 text-muted" />
      <input
        ref={field}
        id={SEARCH_FIELD_ID}
        type="text"
        role="combobox"
        aria-label={t("Search mail and conversations")}
        aria-expanded={completions.length > 0}
        aria-controls={completions.length > 0 ? listId : undefined}
        aria-activedescendant={completions[active] ? `${listId}-${active}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        placeholder={t("Search")}
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={key}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        className="h-9 w-full rounded-md border border-transparent bg-sunken pr-9 pl-8.5 text-sm text-ink placeholder:text-muted focus-visible:border-accent focus-visible:bg-raised focus-visible:outline-none"
      />
      {text ? (
        <IconButton
          icon={X}
          label={t("Clear search")}
          size="small"
          className="absolute top-1 right-1"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => go("")}
        />
      ) : (
        !isFocused && <Kbd keys="/" className="absolute top-2.5 right-2.5 max-sm:hidden" />
      )}
      {completions.length > 0 && <Completions {...{ completions, active, listId }} onTake={take} />}
    </search>
  );
}

/** One's conversations as a search names them. */
function useRooms(): string[] {
  return useListed().all.flatMap(({ conversation: { kind, name, with: other } }) =>
    kind === "direct" ? (other?.name ? [`@${other.name}`] : []) : name ? [`#${name}`] : [],
  );
}

type CompletionsProps = {
  completions: Completion[];
  active: number;
  listId: string;
  onTake: (one: Completion) => void;
};

function Completions({ completions, active, listId, onTake }: CompletionsProps) {
  return (
    <div
      id={listId}
      role="listbox"
      tabIndex={-1}
      aria-label={t("Search operators")}
      className="absolute top-10 left-0 z-40 max-h-80 w-full min-w-64 animate-[appear_90ms] overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-raised"
    >
      {completions.map((one, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
        <div
          key={one.label}
          id={`${listId}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(one)}
          className={cx(
            "flex h-8 items-center gap-3 rounded px-2 text-sm",
            index === active ? "bg-hover" : "hover:bg-hover",
          )}
        >
          <span className="font-medium">{one.label}</span>
          <span className="truncate text-muted">{one.hint}</span>
        </div>
      ))}
    </div>
  );
}
