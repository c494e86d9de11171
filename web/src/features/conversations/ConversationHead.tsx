import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Info, Mail, Star } from "lucide-react";
import type { Conversation } from "../../api/chat";
import { plural, t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { nameOf } from "./listing";
import { isIn } from "./outsideWords";
import { BackLink } from "./PageFrame";
import { PersonName } from "./PersonName";
import { favour } from "./placeActs";
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
          {conversation.kind === "direct" ? (
            <PersonName
              id={conversation.with?.id ?? null}
              name={nameOf(conversation)}
              className="max-w-full truncate"
            />
          ) : (
            nameOf(conversation)
          )}
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
          onClick={() => void favour(client, conversation)}
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
