import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Clock } from "lucide-react";
import { useState } from "react";
import type { Reminder } from "../../api/chat";
import { chatKeys, remindersQuery } from "../../api/chat";
import { messageActs } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { plainLine } from "../../lib/chat-text";
import { longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { showToast } from "../../ui/toasts";
import { remind } from "./messageActs";
import { PageFrame } from "./PageFrame";
import { RemindSheet } from "./Remind";
import { Line, States, useNameOf } from "./Views";

/** What one wanted to be reminded of: what is due stands first. */
export function Reminders() {
  const client = useQueryClient();
  const query = useQuery(remindersQuery);
  const nameOfOne = useNameOf();
  const [later, setLater] = useState<string | null>(null);
  const all = query.data ?? [];
  const done = async (one: Reminder) => {
    client.setQueryData<Reminder[]>(chatKeys.reminders, (some) => some?.filter((other) => other.id !== one.id));
    try {
      await messageActs.forgetReminder(one.message_id);
    } catch (error) {
      showToast({ kind: "problem", message: messageOf(error) });
      void client.invalidateQueries({ queryKey: chatKeys.reminders });
      return;
    }
    const back = () => void remind(one.message_id, new Date(Math.max(Date.parse(one.remind_at), Date.now())));
    showToast({ message: t("Done"), action: { label: t("Undo"), run: back } });
  };
  return (
    <PageFrame title={t("Reminders")}>
      <States
        query={query}
        isEmpty={all.length === 0}
        icon={Clock}
        title={t("No reminders")}
        text={t("“Remind me” in the menu of a message brings it back here when it is time.")}
      >
        {all.map((one) => (
          <Line
            key={one.id}
            id={one.conversation_id}
            search={placeOf(one)}
            head={`${nameOfOne(one.conversation_id)}${one.message ? ` · ${one.message.author.name}` : ""}`}
            text={textOf(one)}
            mark={one.state === "due" ? t("Due") : longDate(one.remind_at)}
            isLoud={one.state === "due"}
            at={one.remind_at}
          >
            <IconButton icon={Check} label={t("Done with it")} onClick={() => void done(one)} />
            <IconButton icon={Clock} label={t("Later …")} onClick={() => setLater(one.message_id)} />
          </Line>
        ))}
      </States>
      {later !== null && <RemindSheet messageId={later} onClose={() => setLater(null)} />}
    </PageFrame>
  );
}

function placeOf({ message, thread_id: thread }: Reminder) {
  if (!message) return {};
  return thread ? { thread, at: message.number } : { at: message.number };
}

function textOf({ message }: Reminder): string {
  if (!message) return t("You are not in this conversation any more.");
  return plainLine(message.text) || t("a file");
}
