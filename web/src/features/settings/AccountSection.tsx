import { type FormEvent, useId, useState } from "react";
import type { Account } from "../../api/types";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/Input";
import { showToast } from "../../ui/toasts";
import { formatBytes } from "../composer/sizes";
import { Row } from "./controls";
import type { SectionProps } from "./section";
import { changeName, useMe } from "./usePreferences";

export function AccountSection({ shows }: SectionProps) {
  const me = useMe();
  if (!me) return null;
  return (
    <>
      {shows("name") && <NameRow key={me.name} name={me.name} />}
      {shows("name") && (
        <Row title={t("E-mail address")} hint={t("Your administrator can change it.")}>
          <span className="text-base">{me.email}</span>
        </Row>
      )}
      {shows("name") && me.accounts.map((account) => <StorageRow key={account.id} account={account} />)}
    </>
  );
}

function NameRow({ name }: { name: string }) {
  const id = useId();
  const [typed, setTyped] = useState(name);
  const [isBusy, setBusy] = useState(false);
  const wanted = typed.trim();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!wanted || wanted === name) return;
    setBusy(true);
    if (await changeName(wanted)) showToast({ message: t("Name saved."), durationMs: 3_000 });
    setBusy(false);
  };
  return (
    <Row
      title={t("Your name")}
      hint={t("What colleagues see here. The name in mails stands with the signature.")}
      labelFor={id}
    >
      <form onSubmit={(event) => void save(event)} className="flex w-72 max-w-full gap-2">
        <Input id={id} value={typed} autoComplete="name" onChange={(event) => setTyped(event.target.value)} />
        <Button type="submit" className="h-9" isBusy={isBusy} disabled={!wanted || wanted === name}>
          {t("Save")}
        </Button>
      </form>
    </Row>
  );
}

function StorageRow({ account }: { account: Account }) {
  const { used_bytes, quota_bytes, email } = account;
  const used = formatBytes(used_bytes);
  const share = quota_bytes ? used_bytes / quota_bytes : 0;
  const words = quota_bytes ? t("{used} of {quota}", { used, quota: formatBytes(quota_bytes) }) : used;
  return (
    <Row title={t("Storage of {email}", { email })}>
      <div className="flex w-72 max-w-full flex-col gap-1">
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
