import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { automatic, FORWARDS_KEY, type Forward, forwardsQuery } from "../../api/automatic";
import { messageOf } from "../../api/error";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { showToast } from "../../ui/toasts";
import { ConfirmButton } from "../security/ConfirmButton";
import { NotProven, withStepUp } from "../security/stepUp";
import { Waiting } from "../settings/Waiting";
import { ForwardDialog, type Opened } from "./ForwardDialog";

/** Where mail goes on to; adding one asks who sits there, and then whoever reads there. */
export function Forwards() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(forwardsQuery);
  const [opened, setOpened] = useState<Opened | null>(null);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await withStepUp(act);
    } catch (failure) {
      if (!(failure instanceof NotProven))
        showToast({ message: t("Not changed. {why}", { why: messageOf(failure) }), kind: "problem" });
    }
    await client.invalidateQueries({ queryKey: FORWARDS_KEY });
  };
  const confirmNow = (forward: Forward) =>
    void attempt(async () => setOpened({ forward, flow: (await automatic.sendCode(forward.id)).flow }));
  return (
    <>
      {data.items.length > 0 && (
        <ul aria-label={t("Forwards")}>
          {data.items.map((one) => (
            <Row
              key={one.id}
              forward={one}
              onChange={(changes) => void attempt(() => automatic.change(one.id, changes))}
              onConfirm={() => confirmNow(one)}
              onRemove={() => void attempt(() => automatic.remove(one.id))}
            />
          ))}
        </ul>
      )}
      <div className={cx("flex items-center gap-3 py-3", data.items.length > 0 && "border-t border-line")}>
        <Button onClick={() => setOpened("new")}>{t("Add a forward")}</Button>
        {data.items.length === 0 && <p className="text-sm text-muted">{t("None yet: all mail stays here.")}</p>}
      </div>
      {opened && (
        <ForwardDialog
          opened={opened}
          onClose={() => {
            setOpened(null);
            void client.invalidateQueries({ queryKey: FORWARDS_KEY });
          }}
        />
      )}
    </>
  );
}

type RowProps = {
  forward: Forward;
  onChange: (changes: { is_enabled?: boolean; keeps_copy?: boolean }) => void;
  onConfirm: () => void;
  onRemove: () => void;
};

function Row({ forward, onChange, onConfirm, onRemove }: RowProps) {
  const { address } = forward;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line py-3 first:border-t-0">
      <div className="min-w-0 flex-1 basis-52">
        <p className={cx("truncate font-medium", !forward.is_enabled && "text-muted")}>{address}</p>
        {!forward.is_confirmed && <p className="text-sm text-warn">{t("Not confirmed: nothing goes there yet.")}</p>}
      </div>
      {forward.is_confirmed ? (
        <>
          <Select
            aria-label={t("What stays here of mail to {address}", { address })}
            value={forward.keeps_copy ? "keep" : "trash"}
            options={[
              { value: "keep", label: t("Keep it here too") },
              { value: "trash", label: t("Then put it in Trash") },
            ]}
            onChange={(value) => onChange({ keeps_copy: value === "keep" })}
          />
          <Switch
            label={t("All mail goes on to {address}", { address })}
            isOn={forward.is_enabled}
            onChange={(isOn) => onChange({ is_enabled: isOn })}
          />
        </>
      ) : (
        <Button onClick={onConfirm}>{t("Send a new code")}</Button>
      )}
      <ConfirmButton
        kind="ghost"
        label={t("Remove")}
        name={t("Remove the forward to {address}", { address })}
        question={t("Nothing goes there any more. To begin again, its reader has to agree once more.")}
        onConfirmed={onRemove}
      />
    </li>
  );
}
