import { MessagesSquare } from "lucide-react";
import { Suspense } from "react";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { EmptyState } from "../../ui/EmptyState";
import { MailScreen } from "../shell/MailScreen";
import { ConversationList, VIEWS } from "./ConversationList";
import { ConversationPane } from "./ConversationPane";
import type { ConversationSearch } from "./search";

const View = onDemand(async () => (await import("./Views")).View);
const NewConversation = onDemand(async () => (await import("./NewConversation")).NewConversation);
const BrowseChannels = onDemand(async () => (await import("./BrowseChannels")).BrowseChannels);

export type ConversationsPageProps = { openId: string | null; search: ConversationSearch };

export function ConversationsPage({ openId, search }: ConversationsPageProps) {
  return (
    <MailScreen
      title={t("Conversations")}
      readingLabel={t("Conversation")}
      isReading={openId !== null}
      list={<ConversationList openId={openId} />}
      reading={
        <Suspense fallback={null}>
          <Reading openId={openId} search={search} />
        </Suspense>
      }
    />
  );
}

function Reading({ openId, search }: ConversationsPageProps) {
  if (openId === null)
    return (
      <EmptyState
        icon={MessagesSquare}
        title={t("No conversation open")}
        text={t("Choose one of the list; Shift and the down arrow go to the next unread one.")}
      />
    );
  if (openId === "new") return <NewConversation />;
  if (openId === "channels") return <BrowseChannels />;
  if (VIEWS.some((one) => one.id === openId)) return <View key={openId} id={openId} />;
  return <ConversationPane key={openId} id={openId} search={search} />;
}
