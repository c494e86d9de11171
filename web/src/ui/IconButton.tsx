import type { LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes, Ref } from "react";
import { cx } from "../lib/classes";
import type { TooltipSide } from "./Tooltip";
import { tooltipAttributes } from "./Tooltip";

export type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children" | "aria-label"> & {
  icon: LucideIcon;
  /** The accessible name, and the tooltip. */
  label: string;
  keys?: string | undefined;
  size?: "small" | "normal" | "large";
  tooltipSide?: TooltipSide;
  iconClassName?: string;
  ref?: Ref<HTMLButtonElement>;
};

const SIZES = { small: "size-7", normal: "size-8", large: "size-10" };

export function IconButton(props: IconButtonProps) {
  const { icon: Icon, label, keys, size = "normal", tooltipSide, className, iconClassName, ...rest } = props;
  return (
    <button
      type="button"
      {...tooltipAttributes(label, keys, tooltipSide ?? "bottom")}
      {...rest}
      aria-label={label}
      className={cx(
        "inline-grid shrink-0 place-items-center rounded-md text-muted transition-colors duration-100",
        "hover:bg-hover hover:text-ink disabled:cursor-default disabled:opacity-40 aria-pressed:text-accent",
        "data-[state=open]:bg-hover data-[state=open]:text-ink",
        SIZES[size],
        className,
      )}
    >
      <Icon size={size === "large" ? 20 : 16} className={iconClassName} aria-hidden />
    </button>
  );
}
