import { useNavigate } from "@tanstack/react-router";
import { BookmarkPlus } from "lucide-react";
import { t } from "../../lib/i18n";
import { SEARCH } from "../../lib/place";
import { partsOf } from "../../lib/query";
import { Chip } from "../../ui/Chip";
import { IconButton } from "../../ui/IconButton";
import { showToast } from "../../ui/toasts";
import { changePreferences } from "../settings/usePreferences";
import { useMe } from "../shell/useMail";
import { savedSearchesOf } from "./saved";

/** What a search was understood as, each part to be taken out again. */
export function UnderstoodChips({ q }: { q: string }) {
  const navigate = useNavigate();
  const me = useMe();
  const saved = savedSearchesOf(me);
  const isSaved = saved.some((one) => one.q === q);
  const parts = partsOf(q);
  const without = (index: number) => {
    const rest = parts.filter((_, at) => at !== index).map((part) => part.text);
    const next = rest.join(" ");
    if (next) void navigate({ to: "/mail/$box", params: { box: SEARCH }, search: { q: next } });
    else void navigate({ to: "/mail/$box", params: { box: "inbox" }, search: {} });
  };
  const save = () => {
    const next = isSaved ? saved.filter((one) => one.q !== q) : [...saved, { name: q, q }];
    void changePreferences({ saved_searches: next });
    showToast({ message: isSaved ? t("Search removed from the rail") : t("Search kept in the rail") });
  };
  return (
    <div className="flex min-w-0 flex-1 items-center gap-1 overflow-hidden">
      {parts.map((part, index) =>
        part.kind === "operator" ? (
          <Chip
            key={part.text}
            tone="accent"
            removeLabel={t("Search without {part}", { part: part.text })}
            onRemove={() => without(index)}
          >
            <span className="text-muted">
              {part.isNegated && t("not ")}
              {part.name}{" "}
            </span>
            {part.value}
          </Chip>
        ) : (
          <Chip key={part.text}>{part.text}</Chip>
        ),
      )}
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
