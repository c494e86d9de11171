import type { ReactNode } from "react";
import { t } from "../../lib/i18n";
import { Popover } from "../../ui/Popover";
import { BellList } from "./BellList";

type Props = {
  trigger: ReactNode;
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
  isFolded: boolean;
  onChoose?: (() => void) | undefined;
};

export function BellPopover({ trigger, isOpen, setOpen, isFolded, onChoose }: Props) {
  const done = () => {
    setOpen(false);
    onChoose?.();
  };
  return (
    <Popover
      label={t("Notifications")}
      side={isFolded ? "right" : "bottom"}
      isOpen={isOpen}
      onOpenChange={setOpen}
      className="w-96 p-0!"
      trigger={trigger}
    >
      <BellList onDone={done} />
    </Popover>
  );
}
