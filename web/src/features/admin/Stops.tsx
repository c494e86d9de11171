import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/call";
import type { StopShape } from "../../api/generated/schema";
import { sendingStopsQuery } from "../../api/sending";
import { fullDate, longDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { ConfirmButton } from "../security/ConfirmButton";
import { useAct } from "./act";
import { Card } from "./parts";
import { whyStopped } from "./queueWords";

/** Whose mail is held, with the two ways on; nothing where nobody's is. */
export function Stops() {
  const stops = useQuery(sendingStopsQuery);
  const open = stops.data?.filter((one) => one.ended_at === null) ?? [];
  if (open.length === 0) return null;
  return (
    <Card title={t("Held, since it looks like a thief's")}>
      <ul className="rounded-md border border-line bg-raised">
        {open.map((one) => (
          <li key={one.id} className="border-t border-line px-4 py-3 first:border-t-0">
            <Stop stop={one} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function Stop({ stop }: { stop: StopShape }) {
  const { act, isBusy } = useAct();
  const path = { stop_id: stop.id };
  const release = () =>
    void act({
      run: () => call("POST /api/v1/sending/stops/{stop_id}/release/", { path }),
      done: t("It is on its way."),
    });
  const discard = () =>
    void act({
      run: () => call("POST /api/v1/sending/stops/{stop_id}/discard/", { path }),
      done: t("None of it is sent."),
    });
  const held = plural(stop.held, "{n} recipient waits", "{n} recipients wait");
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <p className="min-w-0 flex-1 basis-72">
        <span className="block font-medium [overflow-wrap:anywhere]">{stop.email}</span>
        <span className="block text-sm">{whyStopped(stop)}</span>
        <span className="block text-sm text-muted">
          {held}
          {" · "}
          <time dateTime={stop.created_at} title={fullDate(stop.created_at)}>
            {longDate(stop.created_at)}
          </time>
        </span>
      </p>
      <span className="flex gap-2">
        <Button isBusy={isBusy} onClick={release}>
          {t("Let it go")}
        </Button>
        <ConfirmButton
          label={t("Discard")}
          question={t(
            "None of what is held is sent. The mails stay in Sent, where it is said that they were taken back.",
          )}
          onConfirmed={discard}
        />
      </span>
    </div>
  );
}
