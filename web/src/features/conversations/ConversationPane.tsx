import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CloudOff } from "lucide-react";
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Conversation, Message, Participant } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { placeOfNotesQuery } from "../../api/notes";
import { textToShow } from "../../lib/chat-text";
import { t } from "../../lib/i18n";
import { PHONE, useMedia } from "../../lib/media";
import { onDemand } from "../../lib/on-demand";
import { usePeopleShown } from "../../sync/presence";
import { look } from "../../sync/talk";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { showToast } from "../../ui/toasts";
import { useStepUp } from "../security/stepUp";
import { useMe } from "../shell/useMail";
import { AudienceBar } from "./AudienceBar";
import { ChatComposer } from "./ChatComposer";
import { ConversationHead } from "./ConversationHead";
import { focusMessage, openCard, useChatView } from "./chatView";
import { focusComposer } from "./focus";
import { HeldLine } from "./HeldLine";
import { nameOf } from "./listing";
import { TimelineSkeleton } from "./parts";
import { letRead } from "./reading";
import type { ConversationSearch } from "./search";
import { Timeline } from "./Timeline";
import { TypingLine } from "./TypingLine";
import { useConversation, useMeId, useParticipants } from "./useConversations";
import { placeOf, write } from "./writing";

const ThreadPane = onDemand(async () => (await import("./ThreadPane")).ThreadPane);
const Details = onDemand(async () => (await import("./Details")).Details);
const ChatSheets = onDemand(async () => (await import("./ChatSheets")).ChatSheets);
const ProfileCard = onDemand(async () => (await import("./ProfileCard")).ProfileCard);
const StepUpDialog = onDemand(async () => (await import("../security/StepUpDialog")).StepUpDialog);

const MOST_WATCHED = 30;
const NOBODY: Participant[] = [];

/** The timeline, and beside it a thread or what there is to know of the conversation. On a phone one of them. */
export function ConversationPane({ id, search }: { id: string; search: ConversationSearch }) {
  const { conversation, error } = useConversation(id);
  if (conversation?.kind === "notes") return <ToThread conversationId={id} />;
  if (conversation) return <Open conversation={conversation} search={search} />;
  if (!error) return <TimelineSkeleton />;
  return <EmptyState icon={CloudOff} title={t("There is no such conversation")} text={messageOf(error)} />;
}

/** Notes are read where their mail is. */
function ToThread({ conversationId }: { conversationId: string }) {
  const { data, error } = useQuery(placeOfNotesQuery(conversationId));
  const navigate = useNavigate();
  const me = useMe();
  useEffect(() => {
    if (!data) return;
    const isOwn = data.account_id === me?.accounts[0]?.id;
    const params = { threadId: data.thread_id };
    if (isOwn)
      void navigate({ to: "/mail/$box/$threadId", params: { box: "inbox", ...params }, search: {}, replace: true });
    else
      void navigate({
        to: "/team/$view/$sharedThreadId",
        params: { view: "open", sharedThreadId: data.thread_id },
        search: { account: data.account_id },
        replace: true,
      });
  }, [data, me, navigate]);
  if (!error) return <TimelineSkeleton />;
  return <EmptyState icon={CloudOff} title={t("There is no such thread any more")} text={messageOf(error)} />;
}

export function useNames(participants: readonly Participant[]): (id: string) => string {
  return useMemo(() => {
    const names = new Map(participants.map((one) => [one.user_id, one.name]));
    return (id) => names.get(id) ?? "";
  }, [participants]);
}

function Open({ conversation, search }: { conversation: Conversation; search: ConversationSearch }) {
  const { id } = conversation;
  const meId = useMeId();
  const navigate = useNavigate();
  const participants = useParticipants(id) ?? NOBODY;
  const nameOfPerson = useNames(participants);
  const hasSheet = useChatView((view) => view.sheet !== null);
  const hasCard = useChatView((view) => view.card !== null);
  const isProving = useStepUp((state) => state.isOpen);
  const hasSide = Boolean(search.thread || search.root || search.details);
  // A thread that opens beside it does not move the timeline.
  const shownAt = useRef<number | null>(null);
  if (search.at !== undefined && !search.thread) shownAt.current = search.at;
  const at = shownAt.current;
  // How it stood when it was opened: reading it does not move the line.
  const [opened] = useState(() => {
    letRead(id);
    const read = conversation.me?.read_number ?? null;
    const hasNew = read !== null && conversation.last_number > read;
    return { readNumber: read, start: at ?? (hasNew && read > 0 ? read + 1 : null) };
  });
  usePeopleShown(
    useMemo(() => participants.flatMap((one) => one.user_id ?? []).slice(0, MOST_WATCHED), [participants]),
  );
  useEffect(() => {
    look(id);
    return () => look(null);
  }, [id]);
  useEffect(
    () => () => {
      focusMessage(null);
      openCard(null);
    },
    [],
  );
  const isPhone = useMedia(PHONE);
  const wantsFocus = useRef(!isPhone && at === null && !hasSide);
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    focusComposer(placeOf(id, null));
  }, [id]);
  const back = useCallback(() => void navigate({ to: "/conversations", search: {} }), [navigate]);
  const aside = hasSide ? "max-lg:hidden" : "";
  return (
    <div className="flex h-full min-h-0">
      <section
        data-timeline
        aria-label={nameOf(conversation)}
        className={`flex h-full min-w-0 flex-1 flex-col ${aside}`}
      >
        <ConversationHead conversation={conversation} />
        <HeldLine conversation={conversation} />
        <Timeline
          key={`${id} ${at}`}
          conversation={conversation}
          threadId={null}
          rootId={null}
          label={t("Messages in {name}", { name: nameOf(conversation) })}
          at={at}
          readNumber={opened.readNumber}
          start={at ?? opened.start}
          meId={meId}
          nameOf={nameOfPerson}
          onBack={back}
        />
        <TypingLine conversationId={id} threadId={null} meId={meId} nameOf={nameOfPerson} />
        <Foot conversation={conversation} participants={participants} meId={meId} />
      </section>
      <Suspense fallback={null}>
        {(search.thread || search.root) && (
          <ThreadPane
            key={search.thread ?? search.root}
            conversation={conversation}
            threadId={search.thread ?? null}
            rootId={search.root ?? null}
            at={search.at ?? null}
          />
        )}
        {search.details && <Details conversation={conversation} participants={participants} />}
        {hasSheet && <ChatSheets />}
        {hasCard && <ProfileCard />}
        {isProving && (
          <StepUpDialog why={t("Mail leaves the house by itself from then on, so show once more who you are.")} />
        )}
      </Suspense>
    </div>
  );
}

type FootProps = { conversation: Conversation; participants: readonly Participant[]; meId: string };

/** Where one writes; or why one does not. */
function Foot({ conversation, participants, meId }: FootProps) {
  const client = useQueryClient();
  const { id, me } = conversation;
  const place = placeOf(id, null);
  const where = { conversationId: id, threadId: null, rootId: null, place };
  const isAdmin = me?.role === "owner" || me?.role === "admin";
  const join = async () => {
    try {
      const joined = await chat.join(id);
      client.setQueryData<Conversation[]>(
        chatKeys.conversations,
        (all) => all && [joined, ...all.filter((one) => one.id !== id)],
      );
    } catch (error) {
      showToast({ kind: "problem", message: messageOf(error) });
    }
  };
  if (!me)
    return (
      <p className="flex items-center justify-center gap-3 border-t border-line p-3 text-sm text-muted">
        {t("You read along. Join to write.")}
        <Button kind="primary" onClick={() => void join()}>
          {t("Join")}
        </Button>
      </p>
    );
  if (conversation.archived_at) return <Closed text={t("It is archived: nobody writes here any more.")} />;
  if (conversation.posting === "admins" && !isAdmin) return <Closed text={t("Only its admins write here.")} />;
  return (
    <>
      <AudienceBar conversation={conversation} />
      <ChatComposer
        where={where}
        label={t("Write to {name}", { name: nameOf(conversation) })}
        participants={participants}
        meId={meId}
        lastOwn={lastOwnOf(client.getQueryData(chatKeys.timeline(id, null)), meId)}
        onEditLast={(message) => beginEdit(place, message)}
      />
    </>
  );
}

export const Closed = ({ text }: { text: string }) => (
  <p className="border-t border-line p-3 text-center text-sm text-muted">{text}</p>
);

export function lastOwnOf(held: { messages: Message[] } | undefined, meId: string): Message | null {
  const isOwn = (one: Message) => one.author.id === meId && one.kind === "text" && one.deleted_at === null;
  return held?.messages.findLast(isOwn) ?? null;
}

export function beginEdit(place: string, message: Message): void {
  const { shown, namings } = textToShow(message.text);
  write(place, { text: shown, namings, editing: message, replyTo: null });
}
