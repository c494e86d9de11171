import type { ReactElement } from "react";
import { cloneElement } from "react";

export type TooltipSide = "top" | "bottom" | "left" | "right";

export type TooltipProps = {
  label: string;
  keys?: string | undefined;
  side?: TooltipSide;
  /** It only repeats what is written, so it shows where that was cut short. */
  isIfCut?: boolean;
  children: ReactElement<TooltipAttributes>;
};

export type TooltipAttributes = {
  "data-tip"?: string;
  "data-tip-keys"?: string | undefined;
  "data-tip-side"?: string;
  "data-tip-if-cut"?: string | undefined;
};

/**
 * Marks one element; `TooltipLayer` shows the words. Attributes instead of a component each, since
 * a list draws hundreds. The label is help, not the element's name.
 */
export function Tooltip({ label, keys, side = "bottom", isIfCut = false, children }: TooltipProps) {
  const attributes = tooltipAttributes(label, keys, side);
  return cloneElement(children, isIfCut ? { ...attributes, "data-tip-if-cut": "" } : attributes);
}

export function tooltipAttributes(label: string, keys: string | undefined, side: TooltipSide): TooltipAttributes {
  return { "data-tip": label, "data-tip-keys": keys, "data-tip-side": side };
}
