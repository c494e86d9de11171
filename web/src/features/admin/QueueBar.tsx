import type { WaitingShape } from "../../api/generated/schema";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { ConfirmButton } from "../security/ConfirmButton";
import type { Verb } from "./queueWords";

export type QueueBarProps = {
  items: readonly WaitingShape[];
  chosen: readonly WaitingShape[];
  isBusy: boolean;
  onAll: (isOn: boolean) => void;
  onAct: (verb: Verb) => void;
};

/** What can be done to those that are chosen; always there, so that nothing moves under the hand. */
export function QueueBar({ items, chosen, isBusy, onAll, onAct }: QueueBarProps) {
  const isAll = items.length > 0 && chosen.length === items.length;
  const canRelease = chosen.some(({ held_by }) => held_by === "admin");
  const canTry = chosen.some(({ state }) => state === "queued" || state === "retrying");
  return (
    <div className="mb-2 flex min-h-8 flex-wrap items-center gap-2">
      <label className="mr-auto flex items-center gap-3 pl-3 text-sm text-muted max-sm:basis-full">
        <input
          type="checkbox"
          checked={isAll}
          disabled={items.length === 0}
          onChange={(event) => onAll(event.target.checked)}
          className="accent-(--accent)"
        />
        {chosen.length > 0 ? plural(chosen.length, "{n} chosen", "{n} chosen") : t("All that are shown")}
      </label>
      <Button size="small" disabled={!canTry || isBusy} onClick={() => onAct("retry")}>
        {t("Try now")}
      </Button>
      <Button size="small" disabled={!canTry || isBusy} onClick={() => onAct("hold")}>
        {t("Hold")}
      </Button>
      <Button size="small" disabled={!canRelease || isBusy} onClick={() => onAct("release")}>
        {t("Let go")}
      </Button>
      {canTry || canRelease ? (
        <ConfirmButton
          size="small"
          label={t("Give up")}
          question={plural(
            chosen.length,
            "{n} mail is not tried again, and its sender is told that it did not arrive.",
            "{n} mails are not tried again, and their senders are told that they did not arrive.",
          )}
          onConfirmed={() => onAct("give_up")}
        />
      ) : (
        <Button size="small" disabled>
          {t("Give up")}
        </Button>
      )}
    </div>
  );
}
