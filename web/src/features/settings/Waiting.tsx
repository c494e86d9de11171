import { CircleAlert } from "lucide-react";
import { messageOf } from "../../api/error";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Skeleton } from "../../ui/Skeleton";

/** In place of what the server has not said yet, or would not say. */
export function Waiting({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (error)
    return (
      <Banner
        tone="danger"
        icon={CircleAlert}
        className="my-3"
        actions={
          <Button size="small" onClick={onRetry}>
            {t("Try again")}
          </Button>
        }
      >
        {messageOf(error)}
      </Banner>
    );
  return (
    <div aria-busy className="flex flex-col gap-3 py-4">
      <span className="sr-only">{t("Loading")}</span>
      <Skeleton className="h-4 w-2/5" />
      <Skeleton className="h-4 w-3/5" />
    </div>
  );
}
