import { useNavigate } from "@tanstack/react-router";
import { Mail, TriangleAlert } from "lucide-react";
import type { Conversation } from "../../api/chat";
import { t } from "../../lib/i18n";
import { audienceWords, isIn } from "./outsideWords";
import { useOutsiders } from "./useOutsiders";

/** Above the field while people outside read along: nobody writes to them without seeing it. */
export function AudienceBar({ conversation }: { conversation: Conversation }) {
  const navigate = useNavigate();
  const { outsiders, isUnknown } = useOutsiders(conversation);
  const words = isUnknown ? t("It is not known whether people outside read this by e-mail") : audienceWords(outsiders);
  if (!words) return null;
  const Icon = isUnknown ? TriangleAlert : Mail;
  const names = outsiders.filter(isIn).map((one) => `${one.name} (${one.address})`);
  return (
    <button
      type="button"
      title={names.join(", ")}
      onClick={() =>
        void navigate({
          to: "/conversations/$conversationId",
          params: { conversationId: conversation.id },
          search: { details: true },
        })
      }
      className="mx-3 mb-1 flex min-h-7 shrink-0 items-center gap-2 rounded-md bg-warn-soft px-3 py-1 text-left text-sm font-medium text-warn hover:underline max-sm:mx-2 max-sm:min-h-9"
    >
      <Icon size={14} aria-hidden className="shrink-0" />
      <span className="min-w-0 flex-1">{words}</span>
    </button>
  );
}
