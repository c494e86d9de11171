import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";
import type { Conversation, OwnChange, Participant } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { plural, t } from "../../lib/i18n";
import { dropConversation, writeConversation } from "../../sync/chat-cache";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { SelectField } from "../../ui/SelectField";
import { showToast } from "../../ui/toasts";
import { ConversationForm } from "./ConversationForm";
import { Kept } from "./Kept";
import { isMuted, nameOf } from "./listing";
import { Members } from "./Members";
import { Outsiders } from "./Outsiders";
import type { Mute } from "./placeActs";
import { changePlace, hide, isForEver, mutedUntil } from "./placeActs";
import { TakingOut } from "./TakingOut";

type DetailsProps = { conversation: Conversation; participants: readonly Participant[] };

/** What there is to know of a conversation, and what one may change of it. */
export function Details({ conversation, participants }: DetailsProps) {
  const navigate = useNavigate();
  const { id, me, kind } = conversation;
  const isAdmin = me?.role === "owner" || me?.role === "admin";
  const close = () =>
    void navigate({ to: "/conversations/$conversationId", params: { conversationId: id }, search: {} });
  return (
    <section
      aria-label={t("About this conversation")}
      className="flex h-full min-w-0 shrink-0 flex-col border-l border-line bg-paper max-lg:flex-1 max-lg:border-l-0 lg:w-[340px]"
    >
      <header className="flex h-13 shrink-0 items-center gap-1 border-b border-line px-4">
        <h2 dir="auto" className="min-w-0 flex-1 truncate font-semibold">
          {t("About {name}", { name: nameOf(conversation) })}
        </h2>
        <IconButton icon={X} label={t("Close")} onClick={close} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-4">
        <div className="flex flex-col gap-6">
          {kind !== "direct" && <About conversation={conversation} canChange={isAdmin} />}
          {me && <Own conversation={conversation} />}
          <Kept conversation={conversation} />
          <Members conversation={conversation} participants={participants} />
          {kind !== "direct" && <Outsiders conversation={conversation} />}
          {me && <TakingOut conversation={conversation} />}
          {me && kind !== "direct" && <Leaving conversation={conversation} isAdmin={isAdmin} />}
        </div>
      </div>
    </section>
  );
}

function About({ conversation, canChange }: { conversation: Conversation; canChange: boolean }) {
  const [isChanging, setChanging] = useState(false);
  if (isChanging) return <ConversationForm conversation={conversation} onDone={() => setChanging(false)} />;
  const facts = [
    conversation.visibility === "organisation" ? t("Open to the organisation") : t("By invitation only"),
    conversation.posting === "admins" ? t("Only admins write") : t("Everybody in it writes"),
    plural(conversation.members, "{n} member", "{n} members"),
  ];
  return (
    <div className="flex flex-col gap-2 text-sm">
      {conversation.topic && <p dir="auto">{conversation.topic}</p>}
      <p className="text-muted">{facts.join(" · ")}</p>
      {canChange && (
        <Button size="small" className="self-start" onClick={() => setChanging(true)}>
          {t("Change")}
        </Button>
      )}
    </div>
  );
}

type Level = NonNullable<OwnChange["level"]>;

const LEVELS: { value: Level; label: string }[] = [
  { value: "default", label: t("As I chose for all") },
  { value: "all", label: t("Every message") },
  { value: "mentions", label: t("When I am named") },
  { value: "nothing", label: t("Nothing") },
];

const MUTES = [
  { value: "off", label: t("Not muted") },
  { value: "hour", label: t("For an hour") },
  { value: "day", label: t("For a day") },
  { value: "ever", label: t("Until I say otherwise") },
] as const;

/** What is one's own about it. */
function Own({ conversation }: { conversation: Conversation }) {
  const client = useQueryClient();
  const { me } = conversation;
  if (!me) return null;
  const change = (changes: OwnChange) => changePlace(client, conversation, changes);
  const muted: Mute = !isMuted(conversation) ? "off" : isForEver(me.muted_until) ? "ever" : "day";
  return (
    <div className="flex flex-col gap-2 text-sm">
      <h3 className="text-xs font-medium text-muted">{t("For you")}</h3>
      <SelectField
        label={t("Notify me of")}
        value={me.level}
        options={LEVELS}
        onChange={(level) => void change({ level })}
      />
      <SelectField
        label={t("Mute")}
        value={muted}
        options={MUTES}
        onChange={(value) => void change({ muted_until: mutedUntil(value) })}
      />
      <Button size="small" className="self-start" onClick={() => void hide(client, conversation)}>
        {t("Out of the list until something new comes")}
      </Button>
    </div>
  );
}

function Leaving({ conversation, isAdmin }: { conversation: Conversation; isAdmin: boolean }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { id, archived_at: archivedAt } = conversation;
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      showToast({ kind: "problem", message: messageOf(error) });
    }
  };
  const leave = () =>
    attempt(async () => {
      if (!window.confirm(t("Leave {name}?", { name: nameOf(conversation) }))) return;
      await chat.leave(id);
      dropConversation(client, id);
      await navigate({ to: "/conversations", search: {} });
    });
  const archive = () =>
    attempt(async () => {
      const now: Conversation = await chat.archive(id, !archivedAt);
      writeConversation(client, id, () => now);
      void client.invalidateQueries({ queryKey: chatKeys.conversations });
    });
  return (
    <div className="flex flex-wrap gap-2 border-t border-line pt-4">
      <Button size="small" onClick={() => void leave()}>
        {t("Leave")}
      </Button>
      {isAdmin && (
        <Button size="small" onClick={() => void archive()}>
          {archivedAt ? t("Open for writing again") : t("Archive")}
        </Button>
      )}
    </div>
  );
}
