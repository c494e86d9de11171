/** Puts the chosen look on the page. A copy on this device lets the next start show it before the server answers. */
import { useEffect } from "react";
import type { Preferences } from "./preferences";
import { usePreferences } from "./usePreferences";

type Look = Pick<Preferences, "theme" | "contrast" | "density">;

const STORED = "posthouse.look";

export function applyLook({ theme, contrast, density }: Look): void {
  const { dataset } = document.documentElement;
  set(dataset, "theme", theme === "system" ? null : theme);
  set(dataset, "contrast", contrast === "system" ? null : contrast);
  set(dataset, "density", density);
}

function set(dataset: DOMStringMap, name: string, value: string | null): void {
  if (value === null) delete dataset[name];
  else dataset[name] = value;
}

/** Call before the first paint. */
export function applyStoredLook(): void {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? "null");
    if (stored !== null && typeof stored === "object") applyLook(stored as Look);
  } catch {
    // Nothing stored, or storage is shut: the system's look holds.
  }
}

/** Stands once in the page for those signed in. */
export function useLook(): void {
  const { theme, contrast, density } = usePreferences();
  useEffect(() => {
    const look = { theme, contrast, density };
    applyLook(look);
    try {
      localStorage.setItem(STORED, JSON.stringify(look));
    } catch {
      // Storage is shut: the look is asked for again next time.
    }
  }, [theme, contrast, density]);
}
