import { useMemo } from "react";
import { chat } from "../../api/chat-acts";
import type { Email } from "../../api/types";
import { t } from "../../lib/i18n";
import { nameOf } from "../../lib/people";
import { ForwardTo } from "./ForwardTo";

/** A mail into a conversation: its beginning, and a link for those who may read it. */
export function ForwardMail({ email, onClose }: { email: Email; onClose: () => void }) {
  // Sent again after a bad line it is the same message.
  const clientId = useMemo(() => crypto.randomUUID(), []);
  const sender = email.from[0];
  return (
    <ForwardTo
      title={t("Say it in a conversation")}
      head={email.subject || t("No subject")}
      text={`${sender ? nameOf(sender) : ""}: ${email.preview}`}
      note={t("Everybody there sees this much. The mail itself opens only for those who may read it.")}
      send={(id, text) => chat.sayMail(id, { email_id: email.id, text, client_id: clientId })}
      onClose={onClose}
    />
  );
}
