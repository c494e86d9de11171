import { useQueryClient } from "@tanstack/react-query";
import type { Message } from "../../api/chat";
import { cx } from "../../lib/classes";
import { plural, t } from "../../lib/i18n";
import { tooltipAttributes } from "../../ui/Tooltip";
import { react } from "./messageActs";

type ReactionsProps = { message: Message; meId: string; nameOf: (id: string) => string };

export function Reactions({ message, meId, nameOf }: ReactionsProps) {
  const client = useQueryClient();
  const all = Object.entries(message.reactions);
  if (all.length === 0) return null;
  return (
    <ul aria-label={t("Reactions")} className="mt-1 flex flex-wrap gap-1">
      {all.map(([emoji, people]) => {
        const isMine = people.includes(meId);
        const names = people.map((id) => (id === meId ? t("you") : nameOf(id))).filter(Boolean);
        const who = names.length > 0 ? names.join(", ") : plural(people.length, "{n} person", "{n} people");
        return (
          <li key={emoji}>
            <button
              type="button"
              aria-pressed={isMine}
              aria-label={t("{emoji}, {n}: {who}", { emoji, n: people.length, who })}
              {...tooltipAttributes(who, undefined, "top")}
              onClick={() => react(client, message, emoji, meId)}
              className={cx(
                "tabular flex h-6 items-center gap-1 rounded-full border px-2 text-xs max-sm:h-8",
                isMine ? "border-accent bg-accent-soft text-ink" : "border-line bg-raised text-ink hover:bg-hover",
              )}
            >
              <span className="text-sm">{emoji}</span>
              {people.length}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
