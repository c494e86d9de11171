import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf } from "../../api/error";
import { SIGNATURES_KEY, type Signature, signatures, signaturesQuery } from "../../api/templates";
import type { Identity } from "../../api/types";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/toasts";
import { useMe } from "../settings/usePreferences";
import { Waiting } from "../settings/Waiting";
import { TextForm } from "./TextForm";
import { TextRow } from "./TextRow";

/** Signatures to choose from while one writes, and the addresses that begin with them. */
export function SignatureList() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(signaturesQuery);
  const me = useMe();
  const [open, setOpen] = useState<string | null>(null);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const own = me?.accounts.find((one) => one.is_own)?.id;
  const identities = (me?.identities ?? []).filter((one) => one.account_id === own);
  const done = async () => {
    setOpen(null);
    await client.invalidateQueries({ queryKey: SIGNATURES_KEY });
  };
  const remove = async (one: Signature) => {
    try {
      await signatures.remove(one.id);
      await done();
    } catch (failure) {
      showToast({ message: t("Not removed. {why}", { why: messageOf(failure) }), kind: "problem" });
    }
  };
  const addresses = (one: Signature) =>
    identities.filter(({ id }) => one.identity_ids.includes(id)).map(({ email }) => email);
  return (
    <>
      {data.items.length > 0 && (
        <ul aria-label={t("Signatures")}>
          {data.items.map((one) =>
            open === one.id ? (
              <li key={one.id} className="border-t border-line first:border-t-0">
                <Form signature={one} identities={identities} onDone={() => void done()} />
              </li>
            ) : (
              <TextRow
                key={one.id}
                name={one.name}
                facts={addresses(one).join(", ")}
                html={one.html}
                onChange={() => setOpen(one.id)}
                onRemove={() => void remove(one)}
              />
            ),
          )}
        </ul>
      )}
      {open === "new" ? (
        <Form signature={null} identities={identities} onDone={() => void done()} />
      ) : (
        <div className={cx("flex items-center gap-3 py-3", data.items.length > 0 && "border-t border-line")}>
          <Button onClick={() => setOpen("new")}>{t("Add a signature")}</Button>
          {data.items.length === 0 && <p className="text-sm text-muted">{t("None yet to choose from.")}</p>}
        </div>
      )}
    </>
  );
}

type FormProps = { signature: Signature | null; identities: Identity[]; onDone: () => void };

function Form({ signature, identities, onDone }: FormProps) {
  const [chosen, setChosen] = useState(signature?.identity_ids ?? []);
  const save = async (name: string, html: string) => {
    const content = { name, html, identity_ids: chosen };
    await (signature ? signatures.change(signature.id, content) : signatures.add(content));
    showToast({ message: t("Signature saved."), durationMs: 3_000 });
    onDone();
  };
  const turn = (id: string, isOn: boolean) =>
    setChosen(isOn ? [...chosen, id] : chosen.filter((other) => other !== id));
  return (
    <TextForm
      label={signature ? t("Change {name}", { name: signature.name }) : t("New signature")}
      text={t("Signature")}
      name={signature?.name ?? ""}
      html={signature?.html ?? ""}
      onSave={save}
      onCancel={onDone}
    >
      <fieldset className="flex flex-col gap-1">
        <legend className="pb-1 text-sm font-medium">{t("Mail from these begins with it")}</legend>
        {identities.map(({ id, email }) => (
          <label key={id} className="flex min-h-8 items-center gap-2 text-base">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={(event) => turn(id, event.target.checked)}
              className="size-4 accent-(--accent)"
            />
            <span className="truncate">{email}</span>
          </label>
        ))}
      </fieldset>
    </TextForm>
  );
}
