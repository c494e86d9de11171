import { useMatchRoute } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { t } from "../../lib/i18n";
import { useMayTalk, useUnreadConversations } from "../conversations/useConversations";
import { RailLink } from "./RailLink";

type ConversationsLinkProps = { isFolded: boolean; onChoose: (() => void) | undefined };

/** Beside the mailboxes: how many conversations have something new. */
export function ConversationsLink(props: ConversationsLinkProps) {
  const isCurrent = Boolean(useMatchRoute()({ to: "/conversations", fuzzy: true }));
  const count = useUnreadConversations();
  const mayTalk = useMayTalk();
  if (!mayTalk) return null;
  return (
    <RailLink box="" icon={MessagesSquare} name={t("Conversations")} count={count} isCurrent={isCurrent} {...props} />
  );
}
