import type { ReactElement } from "react";
import { cloneElement, lazy, Suspense, useState } from "react";

const load = () => import("./UserMenu");
const UserMenu = lazy(async () => ({ default: (await load()).UserMenu }));

type TriggerProps = { onClick?: () => void; onPointerEnter?: () => void; onFocus?: () => void };

/** The trigger stands at once; the menu's code comes when a hand comes near. */
export function UserMenuOnDemand({ trigger }: { trigger: ReactElement<TriggerProps> }) {
  const [isWanted, setWanted] = useState(false);
  const near = () => void load();
  const asleep = cloneElement(trigger, { onClick: () => setWanted(true), onPointerEnter: near, onFocus: near });
  if (!isWanted) return asleep;
  return (
    <Suspense fallback={asleep}>
      <UserMenu trigger={trigger} isOpenAtFirst />
    </Suspense>
  );
}
