import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "../lib/classes";

export type PopoverProps = {
  trigger: ReactNode;
  label: string;
  side?: "top" | "bottom" | "left" | "right";
  align?: "start" | "center" | "end";
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  /** Says where the focus goes, where the trigger cannot take it. */
  onClosed?: () => void;
  className?: string;
  children: ReactNode;
};

export function Popover(props: PopoverProps) {
  const {
    trigger,
    label,
    side = "bottom",
    align = "start",
    isOpen,
    onOpenChange,
    onClosed,
    className,
    children,
  } = props;
  const state = isOpen === undefined ? {} : { open: isOpen };
  return (
    <Radix.Root {...state} {...(onOpenChange ? { onOpenChange } : {})}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            if (!onClosed) return;
            event.preventDefault();
            onClosed();
          }}
          className={cx(
            "z-50 max-w-[calc(100vw-16px)] animate-[appear_90ms] rounded-md border border-line bg-raised p-3 shadow-raised outline-none",
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
