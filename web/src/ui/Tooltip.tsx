import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Kbd } from "./Kbd";

export const TooltipProvider = Radix.Provider;

export type TooltipProps = {
  label: ReactNode;
  keys?: string | undefined;
  side?: "top" | "bottom" | "left" | "right";
  children: ReactNode;
};

/** Wraps one focusable element. The label is help, not the element's name. */
export function Tooltip({ label, keys, side = "bottom", children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 flex max-w-80 animate-[fade_80ms] items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs text-paper shadow-raised select-none"
        >
          {label}
          {keys && <Kbd keys={keys} className="[&_kbd]:border-transparent [&_kbd]:bg-paper/20 [&_kbd]:text-paper" />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
