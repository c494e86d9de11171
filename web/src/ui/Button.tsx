import type { ButtonHTMLAttributes, Ref } from "react";
import { cx } from "../lib/classes";
import { Spinner } from "./Spinner";

export type ButtonKind = "primary" | "plain" | "ghost" | "danger";

export type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  kind?: ButtonKind;
  size?: "small" | "normal";
  isBusy?: boolean;
  ref?: Ref<HTMLButtonElement>;
};

const KINDS: { [kind in ButtonKind]: string } = {
  primary: "bg-accent text-on-accent hover:brightness-110 active:brightness-95 border border-transparent",
  plain: "bg-raised text-ink border border-line-strong hover:bg-hover",
  ghost: "text-ink hover:bg-hover border border-transparent",
  danger: "bg-danger text-paper hover:brightness-110 border border-transparent",
};

export function Button({ kind = "plain", size = "normal", isBusy = false, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={isBusy || undefined}
      {...rest}
      disabled={rest.disabled || isBusy}
      className={cx(
        "inline-flex shrink-0 items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap select-none",
        "transition-colors duration-100 disabled:cursor-default disabled:opacity-55",
        size === "small" ? "h-7 px-2.5 text-sm" : "h-8 px-3 text-sm",
        KINDS[kind],
        className,
      )}
    >
      {isBusy && <Spinner size={14} />}
      {children}
    </button>
  );
}
