/** Lines of the house in a timeline. */
import type { Message } from "../../api/chat";
import { plural, t } from "../../lib/i18n";

export function systemWords({ event, author }: Message, nameOf: (id: string) => string): string {
  const who = author.name || t("Somebody");
  const facts = event ?? {};
  const ids = Array.isArray(facts.user_ids) ? facts.user_ids.map(String) : [];
  const count = typeof facts.count === "number" ? facts.count : ids.length;
  const names = ids.map(nameOf).filter(Boolean);
  const people =
    names.length === count && names.length > 0 ? names.join(", ") : plural(count, "{n} person", "{n} people");
  const isOneself = ids.length === 1 && ids[0] === author.id;
  switch (facts.type) {
    case "created":
      return t("{who} opened this conversation", { who });
    case "joined":
      return t("{who} joined", { who });
    case "added":
      return isOneself ? t("{who} joined", { who }) : t("{who} brought in {people}", { who, people });
    case "left":
      return t("{who} left", { who });
    case "removed":
      return isOneself ? t("{who} left", { who }) : t("{who} put out {people}", { who, people });
    case "name_changed":
      return t("{who} named it {name}", { who, name: String(facts.name ?? "") });
    case "topic_changed":
      return facts.topic
        ? t("{who} set the topic: {topic}", { who, topic: String(facts.topic) })
        : t("{who} took the topic away", { who });
    case "visibility_changed":
      return facts.visibility === "private"
        ? t("{who} made it private", { who })
        : t("{who} opened it to the organisation", { who });
    case "history_changed":
      return historyWords(who, facts.history);
    case "archived":
      return t("{who} archived it: nobody writes here any more", { who });
    case "unarchived":
      return t("{who} opened it for writing again", { who });
    case "outsider_added":
      return t("{who} brought in {person} by e-mail", { who, person: personOf(facts) });
    case "outsider_removed":
      return t("{who} put out {person}, who took part by e-mail", { who, person: personOf(facts) });
    case "outsider_left":
      return t("{person}, who took part by e-mail, left", { person: personOf(facts) });
    case "outsider_bounced":
      return t("Mail to {person} came back: nothing more is sent there until somebody lets it go on", {
        person: personOf(facts),
      });
    case "assigned":
      return facts.user_id === author.id
        ? t("{who} took this", { who })
        : t("{who} gave this to {person}", { who, person: String(facts.name ?? "") });
    case "unassigned":
      return t("{who} let this go: nobody has it", { who });
    case "status_changed":
      return statusWords(who, facts.status);
    case "threads_joined":
      return t("Two threads were joined, and their notes with them");
    default:
      return t("{who} changed something here", { who });
  }
}

function historyWords(who: string, history: unknown): string {
  if (history === "joined") return t("{who} changed what newcomers see: only what is said after they come", { who });
  if (history === "all") return t("{who} changed what newcomers see: also what was said before", { who });
  return t("{who} changed what newcomers see: what the organisation says", { who });
}

function statusWords(who: string, status: unknown): string {
  if (status === "done") return t("{who} marked this as done", { who });
  if (status === "pending") return t("{who} waits for something here", { who });
  return t("{who} opened this again", { who });
}

/** Somebody outside may call themselves what they like, so the address stands beside it. */
function personOf({ name, address }: { [fact: string]: unknown }): string {
  return name ? `${name} (${address})` : String(address ?? "");
}
