import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { messageOf } from "../../api/error";
import { DEVICES_KEY, type Device, devicesQuery, notifications } from "../../api/notifications";
import { shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import type { PushState } from "../../lib/push";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/toasts";
import { clientName } from "../security/clients";
import { Item, Items } from "../security/Items";
import { Row } from "../settings/controls";
import { Waiting } from "../settings/Waiting";
import { readPushState, subscribeHere, unsubscribeHere } from "./device";

const WORDS: { [state in PushState]: string } = {
  on: "This browser is told, also while nobody looks at it.",
  off: "Be told by this browser while nobody looks at it.",
  denied: "This browser was told not to show notifications. Its own settings for this site can allow them.",
  unsupported:
    "This browser cannot be told while nobody looks at it. On a phone, add the page to the home screen first.",
  insecure: "This needs an address that begins with https://.",
};

/** The browsers that are pushed to; this one is added with a click, after which it asks the person itself. */
export function Devices() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(devicesQuery);
  const here = data?.items.find((one) => one.is_current);
  const [state, setState] = useState<PushState | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isKnown = here !== undefined;
  useEffect(() => {
    if (data) void readPushState(isKnown).then(setState);
  }, [data, isKnown]);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const act = async (doing: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await doing();
    } catch (problem) {
      showToast({ message: t("That did not work: {why}", { why: messageOf(problem) }), kind: "problem" });
    } finally {
      setBusy(false);
      await client.invalidateQueries({ queryKey: DEVICES_KEY });
    }
  };
  const others = data.items.filter((one) => !one.is_current);
  return (
    <>
      <Row title={t("This browser")} hint={state ? t(WORDS[state]) : undefined}>
        {state === "off" && (
          <Button
            kind="primary"
            isBusy={isBusy}
            onClick={() => void act(async () => setState(await subscribeHere(data.public_key)))}
          >
            {t("Allow")}
          </Button>
        )}
        {state === "on" && here && (
          <span className="flex gap-2">
            <Button isBusy={isBusy} onClick={() => void act(() => notifications.testDevice(here.id))}>
              {t("Test")}
            </Button>
            <Button onClick={() => void act(() => unsubscribeHere(here.id))}>{t("Stop")}</Button>
          </span>
        )}
      </Row>
      {others.length > 0 && (
        <Row title={t("Other devices")} isStacked>
          <Items label={t("Other devices")}>
            {others.map((one) => (
              <Item
                key={one.id}
                title={clientName(one.client)}
                facts={factsOf(one)}
                act={t("Stop")}
                onAct={() => void act(() => notifications.removeDevice(one.id))}
              />
            ))}
          </Items>
        </Row>
      )}
    </>
  );
}

export function factsOf(one: Pick<Device, "service" | "last_used_at">): string[] {
  const used = one.last_used_at ? t("told {date}", { date: shortDate(one.last_used_at) }) : t("not told yet");
  return [one.service, used];
}
