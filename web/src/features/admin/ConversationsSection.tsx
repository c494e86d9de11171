import { useQuery } from "@tanstack/react-query";
import { Scale } from "lucide-react";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { ConversationKeeping } from "./ConversationKeeping";
import { ConversationRules } from "./ConversationRules";
import { ManagedList } from "./ManagedList";
import { PageHead, Waiting } from "./parts";
import { conversationPolicyQuery } from "./queries";

/** What the organisation lays down for its conversations, and what holds in each. */
export function ConversationsSection() {
  const query = useQuery(conversationPolicyQuery);
  const policy = query.data;
  return (
    <>
      <PageHead
        title={t("Conversations")}
        about={t("What everybody may do in them, and how long what is said is kept.")}
      />
      <Waiting of={query} />
      {policy && (
        <>
          {policy.is_held && (
            <div className="pb-5">
              <Banner tone="warn" icon={Scale}>
                {t("A legal hold is on everywhere: nothing goes by itself, and what people delete is kept unseen.")}
              </Banner>
            </div>
          )}
          <ConversationRules policy={policy} />
          <ConversationKeeping key={`${policy.retention_days} ${policy.is_held}`} policy={policy} />
        </>
      )}
      <ManagedList />
    </>
  );
}
