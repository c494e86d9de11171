/** Reports of messages as a person says them. */
import type { ChatReport } from "../../api/generated/schema";
import { t } from "../../lib/i18n";

export const REASONS: { [reason in ChatReport["reason"]]: string } = {
  spam: t("Junk"),
  harassment: t("Harassment"),
  inappropriate: t("Inappropriate"),
  misinformation: t("It is not true"),
  other: t("Something else"),
};

export const DECISIONS: { [state in Exclude<ChatReport["state"], "open">]: string } = {
  removed: t("Taken away"),
  dismissed: t("Left as it is"),
};
