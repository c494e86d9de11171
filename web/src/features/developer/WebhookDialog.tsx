import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { developer, eventKindsQuery, WEBHOOKS_KEY, type Webhook, webhookQuery } from "../../api/developer";
import type { EventsEnum, ScopeEnum } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { type Problems, problemsOf } from "../../lib/problems";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Input";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/Skeleton";
import { showToast } from "../../ui/toasts";
import { NotProven, withStepUp } from "../security/stepUp";
import { ScopeChoice } from "./ScopeChoice";

const WHOSE: { [scope in ScopeEnum]: string } = {
  me: "My own mail",
  organisation: "Everybody's mail, without names and subjects",
};

export type WebhookDialogProps = {
  /** Null for a new one. */
  hook: Webhook | null;
  /** Whose mail a new one may hear of. */
  scopes: readonly ScopeEnum[];
  onClose: () => void;
  /** With the secret of a new one. */
  onDone: (secret: string | null) => void;
};

export function WebhookDialog({ hook, scopes, onClose, onDone }: WebhookDialogProps) {
  const client = useQueryClient();
  const formId = useId();
  const scopeId = useId();
  const { data: kinds } = useQuery(eventKindsQuery);
  const [url, setUrl] = useState(hook?.url ?? "");
  const [description, setDescription] = useState(hook?.description ?? "");
  const [events, setEvents] = useState<string[]>(hook?.events ?? []);
  const [scope, setScope] = useState<ScopeEnum>(scopes[0] ?? "me");
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblems({});
    // The names are those that the server listed.
    const body = { url: url.trim(), description: description.trim(), events: events as EventsEnum[] };
    try {
      if (hook) {
        const changed = await withStepUp(() => developer.changeWebhook(hook.id, body));
        client.setQueryData(webhookQuery(hook.id).queryKey, changed);
        showToast({ message: t("Webhook changed."), durationMs: 3_000 });
      }
      const made = hook ? null : await withStepUp(() => developer.addWebhook({ ...body, scope }));
      void client.invalidateQueries({ queryKey: WEBHOOKS_KEY, exact: true });
      onDone(made?.secret ?? null);
    } catch (error) {
      if (!(error instanceof NotProven)) setProblems(problemsOf(error, ["url", "description", "events"]));
      setBusy(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={hook ? t("Change the webhook") : t("Add a webhook")}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            kind="primary"
            type="submit"
            form={formId}
            isBusy={isBusy}
            disabled={!url.trim() || events.length === 0}
          >
            {hook ? t("Save") : t("Add")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
        <Field
          label={t("URL")}
          hint={t("https, at a public address. It gets a POST for each event.")}
          error={problems.url}
          type="url"
          maxLength={2_000}
          autoComplete="off"
          autoFocus
          placeholder="https://"
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
        <Field
          label={t("What it is for")}
          error={problems.description}
          type="text"
          maxLength={200}
          autoComplete="off"
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
        {!hook && scopes.length > 1 && (
          <div className="flex flex-col gap-1">
            <label htmlFor={scopeId} className="text-sm font-medium">
              {t("Whose mail it hears of")}
            </label>
            <Select
              id={scopeId}
              value={scope}
              options={scopes.map((value) => ({ value, label: t(WHOSE[value]) }))}
              onChange={setScope}
              className="h-9"
            />
          </div>
        )}
        {kinds ? (
          <ScopeChoice
            legend={t("It is told of")}
            scopes={kinds.items.map(({ type, meaning }) => ({ scope: type, description: meaning }))}
            chosen={events}
            problem={problems.events}
            onChange={setEvents}
          />
        ) : (
          <Skeleton className="h-32" />
        )}
        {problems[""] && (
          <Banner tone="danger" icon={CircleAlert}>
            {problems[""]}
          </Banner>
        )}
      </form>
    </Dialog>
  );
}
