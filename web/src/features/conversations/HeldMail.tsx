import { useQueryClient } from "@tanstack/react-query";
import type { Conversation } from "../../api/chat";
import { messageOf } from "../../api/error";
import type { Held, Outsider } from "../../api/outside";
import { outside, outsideKeys } from "../../api/outside";
import { fullDate, shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { showToast } from "../../ui/toasts";
import { ConfirmButton } from "../security/ConfirmButton";
import { heldWords, isIn } from "./outsideWords";

type HeldMailProps = {
  conversation: Conversation;
  held: readonly Held[];
  outsiders: readonly Outsider[];
  onClose: () => void;
};

/** What waits, the oldest first: each is let in or thrown away by somebody who has read it. */
export function HeldMail({ conversation, held, outsiders, onClose }: HeldMailProps) {
  const client = useQueryClient();
  const queryKey = outsideKeys.held(conversation.id);
  const take = async (mail: Held, act: () => Promise<unknown>, done: string) => {
    await client.cancelQueries({ queryKey });
    client.setQueryData<Held[]>(queryKey, (all) => all?.filter((one) => one.id !== mail.id));
    try {
      await act();
      showToast({ message: done });
    } catch (error) {
      showToast({ kind: "problem", message: t("Not done. {why}", { why: messageOf(error) }) });
    }
    void client.invalidateQueries({ queryKey });
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("Held mail")}
      description={t("Whoever knows an address can write to it. What is let in stands here under the person's name.")}
    >
      {held.length === 0 && <p className="py-2 text-sm text-muted">{t("Nothing is held any more.")}</p>}
      <ul aria-label={t("Held mail")} className="flex flex-col">
        {held.map((mail) => {
          const of = outsiders.find((one) => one.id === mail.outsider_id);
          const name = of?.name || of?.address || "";
          return (
            <HeldRow
              key={mail.id}
              mail={mail}
              of={of}
              onLetIn={() =>
                void take(mail, () => outside.letIn(conversation.id, mail.id), t("Let in, as from {name}", { name }))
              }
              onDrop={() => void take(mail, () => outside.drop(conversation.id, mail.id), t("Thrown away"))}
            />
          );
        })}
      </ul>
    </Dialog>
  );
}

type HeldRowProps = { mail: Held; of: Outsider | undefined; onLetIn: () => void; onDrop: () => void };

function HeldRow({ mail, of, onLetIn, onDrop }: HeldRowProps) {
  const { sender, subject, text, received_at: at } = mail;
  const isHere = of !== undefined && isIn(of);
  return (
    <li className="flex flex-col gap-2 border-t border-line py-3 first:border-t-0">
      <div className="flex min-w-0 items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate font-semibold" title={sender}>
          {sender}
        </span>
        <time dateTime={at} title={fullDate(at)} className="shrink-0 text-xs text-muted">
          {shortDate(at)}
        </time>
      </div>
      <p dir="auto" className="truncate text-sm font-medium">
        {subject || t("No subject")}
      </p>
      <p dir="auto" className="line-clamp-6 text-sm break-words whitespace-pre-line text-muted">
        {text || t("No words; perhaps only files.")}
      </p>
      <p className="text-sm text-warn">{heldWords(mail, of)}</p>
      {!isHere && <p className="text-sm text-muted">{t("They take part no more, so it cannot be let in.")}</p>}
      <div className="flex flex-wrap gap-2">
        {isHere && (
          <Button
            size="small"
            aria-label={t("Let in the mail of {sender}", { sender })}
            title={t("It appears under the name of {name}", { name: of.name })}
            onClick={onLetIn}
          >
            {t("Let in")}
          </Button>
        )}
        <ConfirmButton
          size="small"
          kind="ghost"
          label={t("Throw away")}
          name={t("Throw away the mail of {sender}", { sender })}
          question={t("It is gone then, and its sender is not told.")}
          onConfirmed={onDrop}
        />
      </div>
    </li>
  );
}
