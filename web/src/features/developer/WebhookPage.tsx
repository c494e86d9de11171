import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CloudOff, TriangleAlert, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { developer, WEBHOOKS_KEY, type Webhook, webhookQuery } from "../../api/developer";
import { ApiError, messageOf } from "../../api/error";
import { fullDate, longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { showToast } from "../../ui/toasts";
import { ConfirmButton } from "../security/ConfirmButton";
import { Card } from "../settings/Card";
import { Row, SwitchRow } from "../settings/controls";
import { SettingsBody } from "../settings/SettingsBody";
import { Waiting } from "../settings/Waiting";
import { Deliveries } from "./Deliveries";
import { shortUrl, stateOf } from "./hooks";
import { RotateDialog } from "./RotateDialog";
import { WebhookDialog } from "./WebhookDialog";

export function WebhookPage({ id }: { id: string }) {
  const { data: hook, error, refetch } = useQuery(webhookQuery(id));
  const navigate = useNavigate();
  const back = () => void navigate({ to: "/settings/$section", params: { section: "developer" } });
  const isGone = error instanceof ApiError && error.status === 404;
  if (!hook && isGone)
    return (
      <EmptyState icon={WebhookIcon} title={t("There is no such webhook")} text={t("It may have been removed.")}>
        <Button onClick={back}>{t("To the webhooks")}</Button>
      </EmptyState>
    );
  if (!hook && error)
    return (
      <EmptyState icon={CloudOff} title={t("This webhook could not be read")} text={messageOf(error)}>
        <Button onClick={() => void refetch()}>{t("Try again")}</Button>
      </EmptyState>
    );
  return (
    <SettingsBody
      title={hook ? hook.description || shortUrl(hook.url) : t("Webhook")}
      back={{ to: "/settings/developer", label: t("Developer") }}
    >
      {hook ? <Hook hook={hook} onRemoved={back} /> : <Waiting error={null} onRetry={() => undefined} />}
    </SettingsBody>
  );
}

function Hook({ hook, onRemoved }: { hook: Webhook; onRemoved: () => void }) {
  const client = useQueryClient();
  const [open, setOpen] = useState<"change" | "rotate" | null>(null);
  const [isTesting, setTesting] = useState(false);
  const key = webhookQuery(hook.id).queryKey;
  const attempt = async (act: () => Promise<unknown>, done: string) => {
    try {
      await act();
      showToast({ message: done, durationMs: 3_000 });
    } catch (error) {
      showToast({ message: messageOf(error), kind: "problem" });
    }
    await client.invalidateQueries({ queryKey: WEBHOOKS_KEY });
  };
  const turn = (isOn: boolean) => {
    client.setQueryData(key, { ...hook, is_enabled: isOn });
    void attempt(
      () => developer.changeWebhook(hook.id, { is_enabled: isOn }),
      isOn ? t("The webhook is on.") : t("The webhook is off."),
    );
  };
  const test = async () => {
    setTesting(true);
    await attempt(() => developer.test(hook.id), t("A test is on its way. See below what became of it."));
    setTesting(false);
  };
  const remove = async () => {
    try {
      await developer.removeWebhook(hook.id);
      showToast({ message: t("Webhook removed."), durationMs: 3_000 });
      onRemoved();
      client.removeQueries({ queryKey: key });
      void client.invalidateQueries({ queryKey: WEBHOOKS_KEY, exact: true });
    } catch (error) {
      showToast({ message: messageOf(error), kind: "problem" });
    }
  };
  return (
    <>
      {hook.failing_since && (
        <Banner tone="warn" icon={TriangleAlert} className="mb-6">
          {t("It has been failing since {when}. After five days it is switched off.", {
            when: longDate(hook.failing_since),
          })}
        </Banner>
      )}
      <Card title={t("Webhook")}>
        <Row title={t("URL")} hint={hook.url}>
          <Button onClick={() => setOpen("change")}>{t("Change")}</Button>
        </Row>
        <Row
          title={t("It is told of")}
          hint={
            hook.scope === "organisation" ? t("Everybody's mail, without names and subjects.") : t("Your own mail.")
          }
        >
          <ul className="flex flex-wrap gap-1">
            {hook.events.map((one) => (
              <li key={one} className="rounded border border-line bg-sunken px-1.5 text-xs leading-5">
                {one}
              </li>
            ))}
          </ul>
        </Row>
        <SwitchRow
          title={t("On")}
          hint={hook.is_enabled ? t("What it misses while it is off can be sent again.") : `${stateOf(hook).words}.`}
          isOn={hook.is_enabled}
          onChange={turn}
        />
        <Row title={t("Try it")} hint={t("Sends the event webhook.test.")}>
          <Button isBusy={isTesting} disabled={!hook.is_enabled} onClick={() => void test()}>
            {t("Send a test")}
          </Button>
        </Row>
        <Row
          title={t("Secret")}
          hint={
            hook.old_secret_until
              ? t("The old one signs too until {when}.", { when: fullDate(hook.old_secret_until) })
              : t("By which what you are told is signed.")
          }
        >
          <Button onClick={() => setOpen("rotate")}>{t("Make a new one")}</Button>
        </Row>
        <Row title={t("Remove")} hint={t("With its log. What still waits is not sent.")}>
          <ConfirmButton
            label={t("Remove")}
            name={t("Remove the webhook")}
            question={t("{url} will not be told of anything any more.", { url: shortUrl(hook.url) })}
            onConfirmed={() => void remove()}
          />
        </Row>
      </Card>
      <Card title={t("What it was told")} hint={t("In the last 30 days, newest first.")}>
        <Deliveries hook={hook} />
      </Card>
      {open === "change" && (
        <WebhookDialog hook={hook} scopes={[]} onClose={() => setOpen(null)} onDone={() => setOpen(null)} />
      )}
      {open === "rotate" && <RotateDialog hook={hook} onClose={() => setOpen(null)} />}
    </>
  );
}
