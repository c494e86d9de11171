import { Bell as BellIcon } from "lucide-react";
import { Suspense, useState } from "react";
import { plural, t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { IconButton } from "../../ui/IconButton";
import { countOf } from "./place";
import { useNotifications } from "./useNotifications";

const load = () => import("./BellPopover");
const BellPopover = onDemand(async () => (await load()).BellPopover);

export type BellProps = { isFolded: boolean; onChoose?: (() => void) | undefined };

/** How much is unread, and the list behind it, whose code comes when it is first wanted. */
export function Bell({ isFolded, onChoose }: BellProps) {
  const [isOpen, setOpen] = useState<boolean | null>(null);
  const unread = useNotifications().data?.unread ?? 0;
  const spoken = unread > 0 ? `, ${plural(unread, "{n} unread", "{n} unread")}` : "";
  const near = () => void load().catch(() => undefined);
  const button = (
    <IconButton
      icon={BellIcon}
      label={t("Notifications") + spoken}
      tooltipSide="right"
      onPointerEnter={near}
      onFocus={near}
      {...(isOpen === null ? { onClick: () => setOpen(true) } : {})}
    />
  );
  return (
    <span className="relative inline-grid">
      {isOpen === null ? (
        button
      ) : (
        <Suspense fallback={button}>
          <BellPopover {...{ trigger: button, isOpen, setOpen, isFolded, onChoose }} />
        </Suspense>
      )}
      {unread > 0 && (
        <span
          aria-hidden
          className="tabular pointer-events-none absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-accent px-1 text-center text-[10px] leading-4 font-semibold text-on-accent"
        >
          {countOf(unread)}
        </span>
      )}
    </span>
  );
}
