import { useState } from "react";
import { t } from "../../lib/i18n";
import { Field, type FieldProps } from "../../ui/Input";
import { showToast } from "../../ui/toasts";
import { clock, MOST_RESENDS, RESEND_MS, useLeft } from "./countdown";
import { entrances } from "./entrances";
import { TextButton } from "./SecondFactor";
import { problemOf } from "./words";

export type CodeFieldProps = Pick<FieldProps, "value" | "onChange" | "error"> & {
  flow: string;
  /** How long the code is good, as the server said. */
  seconds: number;
};

/** The code of a letter, with what to do when the letter does not come. */
export function CodeField({ flow, seconds, ...rest }: CodeFieldProps) {
  const [sent, setSent] = useState(() => ({ at: Date.now(), more: 0 }));
  const [isBusy, setBusy] = useState(false);
  const wait = useLeft(sent.at + RESEND_MS);
  const left = useLeft(sent.at + seconds * 1_000);
  const sendAgain = async () => {
    setBusy(true);
    try {
      await entrances.sendAgain(flow);
      setSent({ at: Date.now(), more: sent.more + 1 });
      showToast({ message: t("One more letter is on its way.") });
    } catch (error) {
      showToast({ message: problemOf(error), kind: "problem" });
    }
    setBusy(false);
  };
  const isOver = left === 0;
  return (
    <div className="flex flex-col gap-1">
      <Field
        label={t("Code from the letter")}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        maxLength={20}
        placeholder="1234-5678"
        hint={isOver ? undefined : t("Eight digits, good for ten minutes.")}
        {...rest}
        error={rest.error ?? (isOver ? t("The code is too old. Begin again.") : undefined)}
      />
      {sent.more < MOST_RESENDS && !isOver && (
        <p className="tabular text-sm text-muted">
          {wait > 0 ? (
            t("No letter? One more can be sent in {time}.", { time: clock(wait) })
          ) : (
            <TextButton onClick={() => !isBusy && void sendAgain()}>{t("Send one more letter")}</TextButton>
          )}
        </p>
      )}
    </div>
  );
}
