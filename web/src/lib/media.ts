import { useSyncExternalStore } from "react";

/** As the `max-sm` of the styles, which begins below 640 px. */
export const PHONE = "(max-width: 639.98px)";
export const MEDIUM = "(max-width: 1099px)";
export const NO_HOVER = "(hover: none)";

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => window.matchMedia(query).matches,
  );
}
