import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Message } from "../../api/chat";
import { messageActs } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { fullDate, longDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { Avatar } from "../../ui/Avatar";
import { Dialog } from "../../ui/Dialog";
import { stillToAcknowledge } from "./seen";
import { useParticipants } from "./useConversations";

const MOST_SHOWN = 100;

/** Who has read a message; of one that asks for it, who has acknowledged it and who has not. */
export function ReadersSheet({ message, onClose }: { message: Message; onClose: () => void }) {
  const participants = useParticipants(message.conversation_id) ?? [];
  const query = useQuery({
    queryKey: ["chat-readers", message.id],
    queryFn: () => messageActs.readers(message.id),
    staleTime: 0,
  });
  const readers = query.data;
  const waiting = readers && message.needs_ack ? stillToAcknowledge(message, participants, readers.acknowledged) : [];
  const acknowledged = readers?.acknowledged ?? [];
  const only = readers?.read.filter((one) => !acknowledged.some((other) => other.user_id === one.user_id)) ?? [];
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={message.needs_ack ? t("Who has acknowledged it") : t("Who has read it")}
      width="narrow"
      isTextOnly
    >
      {query.error && <p className="text-sm text-danger">{messageOf(query.error)}</p>}
      {readers && (
        <div className="flex flex-col gap-4">
          {acknowledged.length > 0 && (
            <People title={plural(acknowledged.length, "{n} has acknowledged", "{n} have acknowledged")}>
              {acknowledged.map((one) => (
                <Person key={one.user_id} id={one.user_id} name={one.name}>
                  <time dateTime={one.at} title={fullDate(one.at)} className="shrink-0 text-xs text-ok">
                    {longDate(one.at)}
                  </time>
                </Person>
              ))}
            </People>
          )}
          {waiting.length > 0 && (
            <People title={plural(waiting.length, "{n} has not yet", "{n} have not yet")}>
              {waiting.slice(0, MOST_SHOWN).map((one) => (
                <Person key={one.id} id={one.user_id ?? ""} name={one.name} />
              ))}
              {waiting.length > MOST_SHOWN && (
                <li className="text-xs text-muted">{t("and {n} more", { n: waiting.length - MOST_SHOWN })}</li>
              )}
            </People>
          )}
          {!message.needs_ack && (
            <People title={plural(readers.read_count, "Read by {n} person", "Read by {n} people")}>
              {only.map((one) => (
                <Person key={one.user_id} id={one.user_id} name={one.name} />
              ))}
            </People>
          )}
          <p className="text-xs text-muted">{t("Who hides their reading is not among them.")}</p>
        </div>
      )}
    </Dialog>
  );
}

function People({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="pb-1 text-xs font-medium text-muted">{title}</h3>
      <ul className="flex flex-col gap-1 text-sm">{children}</ul>
    </section>
  );
}

function Person({ id, name, children }: { id: string; name: string; children?: ReactNode }) {
  return (
    <li className="flex min-h-7 items-center gap-2">
      <Avatar person={{ name, email: id }} size={24} />
      <span dir="auto" className="min-w-0 flex-1 truncate">
        {name || t("Somebody who left")}
      </span>
      {children}
    </li>
  );
}
