import type { ReactElement } from "react";
import { cloneElement, Suspense, useState } from "react";
import { onDemand } from "../../lib/on-demand";

const load = () => import("./UserMenu");
const UserMenu = onDemand(async () => (await load()).UserMenu);

type TriggerProps = { onClick?: () => void; onPointerEnter?: () => void; onFocus?: () => void };

/** The trigger stands at once; the menu's code comes when a hand comes near. */
export function UserMenuOnDemand({ trigger }: { trigger: ReactElement<TriggerProps> }) {
  const [isWanted, setWanted] = useState(false);
  const near = () => void load().catch(() => undefined);
  const asleep = cloneElement(trigger, { onClick: () => setWanted(true), onPointerEnter: near, onFocus: near });
  if (!isWanted) return asleep;
  return (
    <Suspense fallback={asleep}>
      <UserMenu trigger={trigger} isOpenAtFirst />
    </Suspense>
  );
}
