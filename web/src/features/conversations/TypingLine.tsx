import { t } from "../../lib/i18n";
import { useTalk } from "../../sync/talk";

type TypingLineProps = {
  conversationId: string;
  threadId: string | null;
  meId: string;
  nameOf: (id: string) => string;
};

/** Has its room always, so that nothing moves when somebody begins. */
export function TypingLine({ conversationId, threadId, meId, nameOf }: TypingLineProps) {
  const all = useTalk((talk) => talk.typing[conversationId]);
  const names = (all ?? [])
    .filter((one) => one.thread === threadId && one.user !== meId && !one.answersMail)
    .map((one) => nameOf(one.user) || t("Somebody"));
  const [first, second] = names;
  const words =
    names.length > 2
      ? t("Several people are typing")
      : second
        ? t("{first} and {second} are typing", { first: first ?? "", second })
        : first
          ? t("{first} is typing", { first })
          : "";
  return (
    <p aria-live="polite" className="h-5 shrink-0 truncate px-4 text-xs text-muted">
      {words}
    </p>
  );
}
