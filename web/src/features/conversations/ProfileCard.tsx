import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Ban, Clock, Mail, MessageSquare, UserCheck } from "lucide-react";
import { useMemo } from "react";
import type { Conversation } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { blocksQuery, privacy } from "../../api/chat-privacy";
import { messageOf } from "../../api/error";
import type { Person } from "../../api/people";
import { personCardQuery } from "../../api/people";
import { compose } from "../../commands/compose";
import { longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { localTimeWords } from "../../lib/local-time";
import { useIsHere, usePeopleShown } from "../../sync/presence";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Popover } from "../../ui/Popover";
import { Skeleton } from "../../ui/Skeleton";
import { showToast } from "../../ui/toasts";
import { openCard, useChatView } from "./chatView";
import { useMeId } from "./useConversations";

/** Who somebody is, and how to reach them: beside the name that was clicked. */
export function ProfileCard() {
  const card = useChatView((view) => view.card);
  if (!card) return null;
  const { left, top, width, height } = card.from.getBoundingClientRect();
  return (
    <Popover
      key={card.userId}
      label={t("About {name}", { name: card.name })}
      isOpen
      side="right"
      align="start"
      onOpenChange={(isOpen) => !isOpen && openCard(null)}
      onClosed={() => (card.from.isConnected ? card.from : card.row)?.focus()}
      trigger={
        <button
          type="button"
          aria-hidden
          tabIndex={-1}
          className="pointer-events-none fixed opacity-0"
          style={{ left, top, width, height }}
        />
      }
      className="w-76"
    >
      <About userId={card.userId} name={card.name} />
    </Popover>
  );
}

function About({ userId, name }: { userId: string; name: string }) {
  const { data: person, error } = useQuery(personCardQuery(userId));
  usePeopleShown(useMemo(() => [userId], [userId]));
  if (error) return <p className="text-sm text-danger">{messageOf(error)}</p>;
  if (!person)
    return (
      <div aria-busy className="flex items-center gap-3">
        <span className="sr-only">{t("Loading {name}", { name })}</span>
        <Skeleton className="size-12 rounded-full" />
        <Skeleton className="h-4 flex-1" />
      </div>
    );
  return <Facts person={person} />;
}

function Facts({ person }: { person: Person }) {
  const isHere = useIsHere(person.id);
  const shown = person.display_name || person.name;
  const work = [person.title, person.department].filter(Boolean).join(" · ");
  const elsewhere = person.time_zone === "UTC" ? null : localTimeWords(person.time_zone, new Date());
  const facts = [person.pronouns, person.location, person.phone].filter(Boolean).join(" · ");
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <Avatar person={{ name: person.name, email: person.id }} size={48} src={person.avatar_url} isHere={isHere} />
        <div className="min-w-0 flex-1">
          <p dir="auto" className="truncate text-base font-semibold">
            {shown}
          </p>
          {work && (
            <p dir="auto" className="truncate text-sm text-muted">
              {work}
            </p>
          )}
          <p className="truncate text-xs text-muted">{hereWords(person, isHere)}</p>
        </div>
      </div>
      {person.status && (
        <p dir="auto" className="rounded bg-sunken px-2 py-1 text-sm break-words">
          {person.status.emoji} {person.status.text}
        </p>
      )}
      {(facts || elsewhere || person.email) && (
        <div className="flex flex-col gap-1 text-sm text-muted">
          {elsewhere && (
            <p className="flex items-center gap-1.5">
              <Clock size={14} aria-hidden className="shrink-0" />
              {elsewhere}
            </p>
          )}
          {person.email && (
            <p className="flex min-w-0 items-center gap-1.5">
              <Mail size={14} aria-hidden className="shrink-0" />
              <span className="truncate">{person.email}</span>
            </p>
          )}
          {facts && <p dir="auto">{facts}</p>}
        </div>
      )}
      <Acts person={person} />
    </div>
  );
}

function hereWords({ last_seen_at: seen }: Person, isHere: boolean): string {
  if (isHere) return t("Here now");
  return seen ? t("Last here {when}", { when: longDate(seen) }) : "";
}

function Acts({ person }: { person: Person }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const meId = useMeId();
  const { id, name, email } = person;
  const isBlocked = useQuery(blocksQuery).data?.some((one) => one.user_id === id) ?? false;
  if (id === meId) return <p className="text-sm text-muted">{t("This is you.")}</p>;
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      showToast({ kind: "problem", message: messageOf(error) });
    }
  };
  const write = () =>
    attempt(async () => {
      const opened = await chat.open({ kind: "direct", user_ids: [id] });
      client.setQueryData<Conversation[]>(chatKeys.conversations, (all) =>
        all && !all.some((one) => one.id === opened.id) ? [opened, ...all] : all,
      );
      openCard(null);
      await navigate({ to: "/conversations/$conversationId", params: { conversationId: opened.id }, search: {} });
    });
  const block = (isOn: boolean): Promise<void> =>
    attempt(async () => {
      await (isOn ? privacy.block(id) : privacy.unblock(id));
      await client.invalidateQueries({ queryKey: blocksQuery.queryKey });
      showToast({
        message: isOn
          ? t("{name} cannot write to you directly", { name })
          : t("{name} may write to you again", { name }),
        action: { label: t("Undo"), run: () => void block(!isOn) },
      });
    });
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="small" kind="primary" onClick={() => void write()}>
        <MessageSquare size={14} aria-hidden />
        {t("Write")}
      </Button>
      {email && (
        <Button
          size="small"
          onClick={() => {
            openCard(null);
            compose({ mode: "new", to: [{ name, email }] });
          }}
        >
          <Mail size={14} aria-hidden />
          {t("Mail")}
        </Button>
      )}
      <Button size="small" kind="ghost" className="ml-auto" onClick={() => void block(!isBlocked)}>
        {isBlocked ? <UserCheck size={14} aria-hidden /> : <Ban size={14} aria-hidden />}
        {isBlocked ? t("Unblock") : t("Block")}
      </Button>
    </div>
  );
}
