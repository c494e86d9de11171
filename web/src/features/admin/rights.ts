import type { RightEnum } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import type { SelectOption } from "../../ui/Select";

/** What somebody may do with an account that is not theirs, the least first; each holds what is before it. */
export const RIGHTS: { [right in RightEnum]: { name: string; about: string } } = {
  read: { name: t("Read"), about: t("List, read and search.") },
  draft: { name: t("Read and draft"), about: t("Read, and write drafts; not send.") },
  write: { name: t("Use"), about: t("Read, draft, file, delete, and send as the account.") },
  admin: { name: t("Use and administer"), about: t("All that, and its identities, and who else may use it.") },
};

const EACH: RightEnum[] = ["read", "draft", "write", "admin"];

export const RIGHT_OPTIONS: SelectOption<RightEnum>[] = EACH.map((value) => ({ value, label: RIGHTS[value].name }));
