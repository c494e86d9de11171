import { useState } from "react";
import type { Addr } from "../api/types";
import { hueIndexOf, initialsOf } from "../lib/avatar";
import { cx } from "../lib/classes";
import { t } from "../lib/i18n";
import { tooltipAttributes } from "./Tooltip";

const HUES = [22, 48, 72, 105, 140, 165, 195, 230, 262, 290, 320, 350];

export type AvatarProps = {
  person: Addr;
  size?: number;
  src?: string | null;
  /** Draws a dot, and says so. */
  isHere?: boolean;
  className?: string;
};

/** Decoration beside a written name, so drawn and hidden from screen readers; that somebody is here is not. */
export function Avatar({ isHere = false, className, ...face }: AvatarProps) {
  if (!isHere) return <Face {...face} className={className} />;
  return (
    <span
      className={cx("relative inline-block shrink-0 leading-none", className)}
      {...tooltipAttributes(t("Here now"), undefined, "bottom")}
    >
      <Face {...face} />
      <span className="absolute -right-px -bottom-px size-2.5 rounded-full border-2 border-raised bg-ok" />
      <span className="sr-only">{t("Here now")} </span>
    </span>
  );
}

function Face({
  person,
  size = 28,
  src,
  className,
}: Omit<AvatarProps, "isHere" | "className"> & { className?: string | undefined }) {
  const [failed, setFailed] = useState<string | null>(null);
  const hue = HUES[hueIndexOf(person.email)] ?? 0;
  const shape = cx("inline-grid shrink-0 place-items-center rounded-full select-none", className);
  // The address of a picture holds for an hour or two.
  if (src && src !== failed)
    return (
      <img
        onError={() => setFailed(src)}
        src={src}
        alt=""
        width={size}
        height={size}
        className={cx(shape, "object-cover")}
      />
    );
  return (
    <span
      aria-hidden
      data-initials={initialsOf(person)}
      className={cx(shape, "font-semibold before:content-[attr(data-initials)]")}
      style={{
        width: size,
        height: size,
        fontSize: Math.round(size * 0.38),
        background: `light-dark(oklch(0.9 0.055 ${hue}), oklch(0.36 0.06 ${hue}))`,
        color: `light-dark(oklch(0.38 0.1 ${hue}), oklch(0.9 0.06 ${hue}))`,
      }}
    />
  );
}
