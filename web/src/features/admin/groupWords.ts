import type { PostingEnum } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import type { SelectOption } from "../../ui/Select";

/** Who may write to a group. */
export const POSTING: { [posting in PostingEnum]: string } = {
  everybody: t("Everybody, the world too"),
  organisation: t("People of the organisation"),
  members: t("Members only"),
};

const EACH: PostingEnum[] = ["everybody", "organisation", "members"];

export const POSTING_OPTIONS: SelectOption<PostingEnum>[] = EACH.map((value) => ({ value, label: POSTING[value] }));
