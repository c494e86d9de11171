import { useNavigate } from "@tanstack/react-router";
import { BookmarkPlus } from "lucide-react";
import type { SearchAnswer, SearchPart } from "../../api/types";
import { t } from "../../lib/i18n";
import type { MailSearch } from "../../lib/place";
import { SEARCH } from "../../lib/place";
import { partsOf, together } from "../../lib/query";
import { Chip } from "../../ui/Chip";
import { IconButton } from "../../ui/IconButton";
import { showToast } from "../../ui/toasts";
import { changePreferences } from "../settings/usePreferences";
import { useMe } from "../shell/useMail";
import { savedSearchesOf } from "./saved";

/** What a search was understood as, each part to be taken out again. */
export function UnderstoodChips({ search, answer }: { search: MailSearch; answer: SearchAnswer | null }) {
  const q = search.q ?? "";
  const navigate = useNavigate();
  const me = useMe();
  const saved = savedSearchesOf(me);
  const isSaved = saved.some((one) => one.q === q);
  const parts = together(answer?.understood ?? partsOf(q));
  const without = (index: number) => {
    const rest = parts.filter((_, at) => at !== index).map((part) => part.text);
    const next = rest.join(" ");
    if (next) void navigate({ to: "/mail/$box", params: { box: SEARCH }, search: { ...search, q: next } });
    else void navigate({ to: "/mail/$box", params: { box: "inbox" }, search: {} });
  };
  const save = () => {
    const next = isSaved ? saved.filter((one) => one.q !== q) : [...saved, { name: q, q }];
    void changePreferences({ saved_searches: next });
    showToast({ message: isSaved ? t("Search removed from the rail") : t("Search kept in the rail") });
  };
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1">
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same word may be said twice
        <PartChip key={`${index} ${part.text}`} part={part} onRemove={() => without(index)} />
      ))}
      {q && (
        <IconButton
          icon={BookmarkPlus}
          size="small"
          aria-pressed={isSaved}
          label={isSaved ? t("Remove this search from the rail") : t("Keep this search in the rail")}
          onClick={save}
        />
      )}
    </div>
  );
}

function PartChip({ part, onRemove }: { part: SearchPart; onRemove: () => void }) {
  if (part.kind === "words" && !part.is_negated) return <Chip>{part.text}</Chip>;
  const removeLabel = t("Search without {part}", { part: part.text });
  if (part.kind === "not_understood") {
    return (
      <Chip tone="warn" removeLabel={removeLabel} onRemove={onRemove}>
        {part.text} <span className="text-muted">{t("taken as words")}</span>
      </Chip>
    );
  }
  const isOperator = part.kind === "operator";
  const shown = isOperator ? part.value : part.kind === "words" ? part.value : part.text.replace(/^-/, "");
  return (
    <Chip tone="accent" removeLabel={removeLabel} onRemove={onRemove}>
      <span className="text-muted">
        {part.is_negated && t("not ")}
        {isOperator && `${part.name} `}
      </span>
      {shown}
      {part.only !== null && (
        <span className="text-muted"> {part.only === "mail" ? t("mail only") : t("messages only")}</span>
      )}
    </Chip>
  );
}
