import { Check, CheckCheck } from "lucide-react";
import type { Conversation, Message } from "../../api/chat";
import { t } from "../../lib/i18n";
import { openChatSheet } from "./chatView";
import { isDelivered, seenOf } from "./seen";
import { useParticipants } from "./useConversations";

const MOST_NAMED = 3;

type SeenLineProps = { conversation: Conversation; messages: readonly Message[]; meId: string };

/** Below the timeline, where one's own message is the last: whether it came, and who has read it. */
export function SeenLine({ conversation, messages, meId }: SeenLineProps) {
  const participants = useParticipants(conversation.id) ?? [];
  const seen = seenOf(messages, participants, meId);
  if (!seen || seen.message.id !== messages.at(-1)?.id) return null;
  const { message, people, isAll } = seen;
  const named = people.slice(0, MOST_NAMED).map((one) => one.name);
  const more = people.length - named.length;
  const isDirect = conversation.kind === "direct";
  const got = isDelivered(seen, participants, meId) ? t("Delivered") : t("Sent");
  const names = more > 0 ? `${named.join(", ")} +${more}` : named.join(", ");
  const words =
    people.length === 0
      ? got
      : isDirect
        ? t("Seen")
        : isAll && people.length > MOST_NAMED
          ? t("Seen by everybody")
          : t("Seen by {names}", { names });
  const Icon = people.length > 0 ? CheckCheck : Check;
  return (
    <p className="flex justify-end px-4 pt-1">
      <button
        type="button"
        onClick={() => openChatSheet({ kind: "readers", message })}
        className="flex max-w-full items-center gap-1 rounded px-1 text-xs text-muted hover:underline max-sm:min-h-6"
      >
        <Icon size={13} aria-hidden className={people.length > 0 ? "shrink-0 text-ok" : "shrink-0"} />
        <span dir="auto" className="truncate">
          {words}
        </span>
      </button>
    </p>
  );
}
