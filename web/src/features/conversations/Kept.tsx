import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Conversation, Message } from "../../api/chat";
import { foundQuery, pinsQuery } from "../../api/chat";
import { plainLine } from "../../lib/chat-text";
import { shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";

const MOST = 20;

/** What is pinned, and the files. */
export function Kept({ conversation }: { conversation: Conversation }) {
  const pins = useQuery(pinsQuery(conversation.id)).data ?? [];
  const files = useQuery(foundQuery("file", conversation.id)).data ?? [];
  return (
    <>
      {pins.length > 0 && (
        <Lines title={t("Pinned")} messages={pins} wordsOf={(one) => plainLine(one.text, 80) || filesOf(one)} />
      )}
      {files.length > 0 && <Lines title={t("Files")} messages={files} wordsOf={filesOf} />}
    </>
  );
}

const filesOf = (message: Message) => message.attachments.map((one) => one.filename).join(", ");

type LinesProps = { title: string; messages: readonly Message[]; wordsOf: (message: Message) => string };

function Lines({ title, messages, wordsOf }: LinesProps) {
  return (
    <div className="flex flex-col gap-1">
      <h3 className="text-xs font-medium text-muted">{title}</h3>
      <ul aria-label={title} className="-mx-2 flex flex-col">
        {messages.slice(0, MOST).map((one) => (
          <li key={one.id}>
            <Link
              to="/conversations/$conversationId"
              params={{ conversationId: one.conversation_id }}
              search={one.thread_id ? { thread: one.thread_id, at: one.number } : { at: one.number }}
              className="block rounded-md px-2 py-1 text-sm hover:bg-hover"
            >
              <span dir="auto" className="block truncate">
                {wordsOf(one)}
              </span>
              <span className="block truncate text-xs text-muted">
                {one.author.name} · {shortDate(one.created_at)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
