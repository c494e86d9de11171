import { Suspense, useState } from "react";
import type { Identity } from "../../api/types";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Input";
import { Skeleton } from "../../ui/Skeleton";
import { showToast } from "../../ui/toasts";
import { Row } from "./controls";
import { changeIdentity, useMe } from "./usePreferences";

const SignatureEditor = onDemand(async () => (await import("./SignatureEditor")).SignatureEditor);

/** One row for each name and address one may send as. */
export function SignatureRows() {
  const identities = useMe()?.identities ?? [];
  return identities.map((identity) => <SignatureRow key={identity.id} identity={identity} />);
}

function SignatureRow({ identity }: { identity: Identity }) {
  const [isOpen, setOpen] = useState(false);
  const words = identity.signature_html
    .replace(/<[^>]*>/g, " ")
    .replace(/&\w+;/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return (
    <Row
      title={t("Name and signature of {email}", { email: identity.email })}
      hint={isOpen ? undefined : `${identity.name || identity.email}${words ? ` · ${words.slice(0, 80)}` : ""}`}
      isStacked={isOpen}
    >
      {isOpen ? (
        <IdentityForm identity={identity} onDone={() => setOpen(false)} />
      ) : (
        <Button size="small" aria-label={t("Change {email}", { email: identity.email })} onClick={() => setOpen(true)}>
          {t("Change")}
        </Button>
      )}
    </Row>
  );
}

function IdentityForm({ identity, onDone }: { identity: Identity; onDone: () => void }) {
  const [name, setName] = useState(identity.name);
  const [html, setHtml] = useState(identity.signature_html);
  const [isBusy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const isSaved = await changeIdentity(identity.id, { name: name.trim(), signature_html: html });
    setBusy(false);
    if (!isSaved) return;
    showToast({ message: t("Signature saved."), durationMs: 3_000 });
    onDone();
  };
  return (
    <div className="flex w-full flex-col gap-3">
      <Field
        label={t("Name that others see")}
        value={name}
        autoComplete="name"
        autoFocus
        onChange={(event) => setName(event.target.value)}
      />
      <Suspense fallback={<Skeleton className="h-36 w-full" />}>
        <SignatureEditor html={identity.signature_html} onChange={setHtml} />
      </Suspense>
      <div className="flex gap-2">
        <Button kind="primary" isBusy={isBusy} onClick={() => void save()}>
          {t("Save")}
        </Button>
        <Button kind="ghost" onClick={onDone}>
          {t("Cancel")}
        </Button>
      </div>
    </div>
  );
}
