import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Info, Mail, Star } from "lucide-react";
import type { Conversation } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { plural, t } from "../../lib/i18n";
import { writeConversation, writePlace } from "../../sync/chat-cache";
import { IconButton } from "../../ui/IconButton";
import { showToast } from "../../ui/toasts";
import { nameOf } from "./listing";
import { isIn } from "./outsideWords";
import { BackLink } from "./PageFrame";
import { useOutsiders } from "./useOutsiders";

/** Its name, who is in it, and the way to all there is to know of it. */
export function ConversationHead({ conversation }: { conversation: Conversation }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { id, me } = conversation;
  const isFavourite = me?.is_favourite ?? false;
  const outside = useOutsiders(conversation).outsiders.filter(isIn).length;
  const facts = [
    ...(conversation.kind === "direct" ? [] : [plural(conversation.members, "{n} member", "{n} members")]),
    ...(conversation.archived_at ? [t("archived")] : []),
    ...(conversation.topic ? [conversation.topic] : []),
  ];
  const favour = async () => {
    const set = (is: boolean) =>
      writeConversation(client, id, (one) => (one.me ? { ...one, me: { ...one.me, is_favourite: is } } : one));
    set(!isFavourite);
    try {
      writePlace(client, await chat.me(id, { is_favourite: !isFavourite }));
    } catch (error) {
      set(isFavourite);
      showToast({ kind: "problem", message: messageOf(error) });
    }
  };
  return (
    <header className="flex h-13 shrink-0 items-center gap-1 border-b border-line px-4 max-sm:pr-2">
      <BackLink />
      <div className="min-w-0 flex-1">
        <h2
          dir="auto"
          id="conversation-heading"
          tabIndex={-1}
          className="truncate leading-5 font-semibold outline-none"
        >
          {nameOf(conversation)}
        </h2>
        {facts.length > 0 && (
          <p dir="auto" className="flex min-w-0 items-center gap-2 text-xs text-muted">
            {outside > 0 && (
              <span className="flex shrink-0 items-center gap-1 rounded bg-warn-soft px-1.5 font-medium text-warn">
                <Mail size={12} aria-hidden />
                {t("{n} outside, by e-mail", { n: outside })}
              </span>
            )}
            <span className="truncate">{facts.join(" · ")}</span>
          </p>
        )}
      </div>
      {me && (
        <IconButton
          icon={Star}
          label={isFavourite ? t("No favourite any more") : t("Make it a favourite")}
          aria-pressed={isFavourite}
          iconClassName={isFavourite ? "fill-star text-star" : ""}
          onClick={() => void favour()}
        />
      )}
      <IconButton
        icon={Info}
        label={t("About this conversation")}
        onClick={() =>
          void navigate({
            to: "/conversations/$conversationId",
            params: { conversationId: id },
            search: { details: true },
          })
        }
      />
    </header>
  );
}
