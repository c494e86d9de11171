/** Conversations: the list, and beside it the open one, or one of the lists over all of them. */
import { createRoute, useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import type { ConversationSearch } from "../features/conversations/search";
import { searchOf } from "../features/conversations/search";
import { useMailboxes } from "../features/shell/useMail";
import { useTitle } from "../features/shell/useTitle";
import { t } from "../lib/i18n";
import { onDemand } from "../lib/on-demand";
import { appRoute } from "./app";

const ConversationsPage = onDemand(
  async () => (await import("../features/conversations/ConversationsPage")).ConversationsPage,
);

const NOTHING: ConversationSearch = {};

export const conversationsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/conversations",
  component: Page,
});

/** The list is the parent's, so it stays while conversations come and go. */
export const conversationRoute = createRoute({
  getParentRoute: () => conversationsRoute,
  path: "$conversationId",
  validateSearch: searchOf,
  component: () => null,
});

function Page() {
  const { conversationId } = useParams({ strict: false });
  const search = conversationRoute.useMatch({ shouldThrow: false })?.search ?? NOTHING;
  useTitle(t("Conversations"), useMailboxes().mailboxes);
  return (
    <Suspense fallback={null}>
      <ConversationsPage openId={conversationId ?? null} search={search} />
    </Suspense>
  );
}
