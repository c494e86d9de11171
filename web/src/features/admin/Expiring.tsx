import { useQuery } from "@tanstack/react-query";
import { t } from "../../lib/i18n";
import { useSettled } from "../../lib/settled";
import { expiringWords, numberOf } from "./keepingWords";
import { expiringQuery } from "./queries";

export const MOST_DAYS = 36_500;

/** What would go by the days that are typed, asked once the hand rests; null while nothing would, or it is not known. */
export function useExpiring(typed: string, conversation: string | null) {
  const days = numberOf(useSettled(typed));
  const isDays = days !== null && Number.isInteger(days) && days >= 1 && days <= MOST_DAYS;
  const found = useQuery({
    ...expiringQuery(isDays ? days : 1, conversation),
    enabled: isDays,
    placeholderData: (before) => before,
  });
  return isDays && numberOf(typed) !== null ? (found.data ?? null) : null;
}

/** Said below the field, so that nobody finds out afterwards. */
export function ExpiringLine({ of }: { of: ReturnType<typeof useExpiring> }) {
  const isLoss = of !== null && of.messages > 0 && !of.is_held;
  return (
    <p aria-live="polite" className={isLoss ? "text-sm font-medium text-warn" : "text-sm text-muted"}>
      {of ? expiringWords(of) : t("Nothing goes by itself.")}
    </p>
  );
}
