import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import type { Conversation, Export } from "../../api/chat";
import { exportsQuery } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { sizeText } from "../../lib/bytes";
import { fullDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/toasts";

/** Have the conversation made into files, and fetch them when they are there. */
export function TakingOut({ conversation: { id } }: { conversation: Conversation }) {
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const newest = useQuery(exportsQuery).data?.find((one) => one.conversation_id === id);
  const isMade = newest?.state === "waiting";
  const ask = async () => {
    setAsking(true);
    try {
      await chat.takeOut(id);
      await client.invalidateQueries({ queryKey: exportsQuery.queryKey });
    } catch (error) {
      showToast({ kind: "problem", message: messageOf(error) });
    }
    setAsking(false);
  };
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-4 text-sm">
      <h3 className="text-xs font-medium text-muted">{t("Take it out")}</h3>
      <p className="text-muted">{t("All messages that you can read as JSON lines, with their files, in a zip.")}</p>
      <div role="status">{newest && !isMade && <Made made={newest} />}</div>
      <Button size="small" className="self-start" isBusy={isAsking || isMade} onClick={() => void ask()}>
        {isMade ? t("Being made …") : t("Make an export")}
      </Button>
    </div>
  );
}

function Made({ made }: { made: Export }) {
  if (made.state === "failed" || !made.url) return <p className="text-danger">{t("It could not be made.")}</p>;
  const count = plural(made.messages, "{n} message", "{n} messages");
  return (
    <p>
      <a href={made.url} download className="inline-flex items-center gap-1.5 font-medium text-accent hover:underline">
        <Download size={16} aria-hidden />
        {t("Download ({size})", { size: sizeText(made.size_bytes) })}
      </a>
      <span className="block text-xs text-muted">
        {t("{count}, there until {when}", { count, when: fullDate(made.expires_at) })}
      </span>
    </p>
  );
}
