import type { Account } from "../../api/types";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { formatBytes } from "../composer/sizes";
import { AboutForm } from "./AboutForm";
import { AddressRows } from "./AddressRows";
import { Card } from "./Card";
import { Row } from "./controls";
import { LanguageRows } from "./LanguageRows";
import { PictureRow } from "./PictureRow";
import { RecoveryRow } from "./RecoveryRow";
import { StatusRow } from "./StatusRow";
import { useMyself } from "./useMyself";
import { useMe } from "./usePreferences";
import { Waiting } from "./Waiting";

/** What colleagues see of one, and by what one is reached. */
export function ProfileSection() {
  const me = useMe();
  const { data: myself, error, refetch } = useMyself();
  if (!myself || !me)
    return (
      <Card title={t("You")}>
        <Waiting error={error} onRetry={() => void refetch()} />
      </Card>
    );
  return (
    <>
      <Card title={t("You")}>
        <PictureRow myself={myself} />
        <StatusRow key={myself.status?.text} status={myself.status} />
      </Card>
      <Card title={t("About you")} at="about" hint={t("Colleagues always see your name, picture and role.")}>
        <AboutForm myself={myself} />
      </Card>
      <Card title={t("Language and time")}>
        <LanguageRows locale={myself.locale} timeZone={myself.time_zone} />
      </Card>
      <Card title={t("E-mail addresses")} at="addresses">
        <AddressRows myself={myself} />
      </Card>
      <Card title={t("Coming in again")}>
        <RecoveryRow />
      </Card>
      <Card title={t("Storage")} at="storage">
        {me.accounts.map((account) => (
          <StorageRow key={account.id} account={account} />
        ))}
      </Card>
    </>
  );
}

function StorageRow({ account }: { account: Account }) {
  const { used_bytes, quota_bytes, email } = account;
  const used = formatBytes(used_bytes);
  const share = quota_bytes ? used_bytes / quota_bytes : 0;
  const words = quota_bytes ? t("{used} of {quota}", { used, quota: formatBytes(quota_bytes) }) : used;
  return (
    <Row title={t("Storage of {email}", { email })}>
      <div className={cx("flex max-w-full flex-col gap-1", quota_bytes !== null && "w-72")}>
        <span className="tabular text-sm">{words}</span>
        {quota_bytes !== null && quota_bytes > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: a meter element cannot be given our colours everywhere
          <div
            role="meter"
            aria-label={t("Storage used")}
            aria-valuenow={used_bytes}
            aria-valuemin={0}
            aria-valuemax={quota_bytes}
            aria-valuetext={words}
            className="h-1.5 overflow-hidden rounded-full bg-line"
          >
            <div
              className={cx("h-full", share > 0.9 ? "bg-danger" : "bg-accent")}
              style={{ width: `${Math.min(1, share) * 100}%` }}
            />
          </div>
        )}
      </div>
    </Row>
  );
}
