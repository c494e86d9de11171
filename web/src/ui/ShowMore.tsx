import { t } from "../lib/i18n";
import { Button } from "./Button";

type Growing = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

/** The end of a list in a card that has more pages. */
export function ShowMore({ of: { hasNextPage, isFetchingNextPage, fetchNextPage } }: { of: Growing }) {
  if (!hasNextPage) return null;
  return (
    <div className="border-t border-line py-3">
      <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {t("Show more")}
      </Button>
    </div>
  );
}
