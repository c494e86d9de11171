import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, CheckCheck } from "lucide-react";
import { useState } from "react";
import type { Message } from "../../api/chat";
import { messageActs } from "../../api/chat-acts";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { openChatSheet } from "./chatView";
import { acknowledge } from "./messageActs";

/** Where a message asks for it: one's own word, and how many have given theirs. */
export function Acknowledge({ message, meId }: { message: Message; meId: string }) {
  const client = useQueryClient();
  const [said, setSaid] = useState<boolean | null>(null);
  const key = ["chat-readers", message.id, message.ack_count] as const;
  const readers = useQuery({
    queryKey: key,
    queryFn: () => messageActs.readers(message.id),
    enabled: message.needs_ack,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  }).data;
  if (!message.needs_ack) return null;
  const isDone = said ?? readers?.acknowledged.some((one) => one.user_id === meId) ?? false;
  const flip = async () => {
    setSaid(!isDone);
    if (!(await acknowledge(client, message, !isDone))) setSaid(isDone);
  };
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-2">
      {message.author.id !== meId && (
        <Button size="small" kind={isDone ? "ghost" : "primary"} aria-pressed={isDone} onClick={() => void flip()}>
          {isDone ? <CheckCheck size={14} aria-hidden /> : <Check size={14} aria-hidden />}
          {isDone ? t("You have acknowledged it") : t("Acknowledge")}
        </Button>
      )}
      <button
        type="button"
        onClick={() => openChatSheet({ kind: "readers", message })}
        className="rounded text-xs text-muted hover:underline"
      >
        {plural(message.ack_count, "{n} has acknowledged", "{n} have acknowledged")}
      </button>
    </p>
  );
}
