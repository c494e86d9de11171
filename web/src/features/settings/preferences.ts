/** What a person has chosen, with what holds until they choose. Kept on the server (`Me.preferences`). */
import type { Me } from "../../api/types";

export type Preferences = {
  theme: "light" | "dark" | "system";
  contrast: "system" | "normal" | "high";
  density: "compact" | "roomy";
  undo_send_seconds: number;
  remote_images: "ask" | "always";
  read_receipts: "ask" | "never";
  after_archive: "next" | "list";
  shortcuts: boolean;
};

export const MAX_UNDO_SECONDS = 60;

export const DEFAULT_PREFERENCES: Preferences = {
  theme: "system",
  contrast: "system",
  density: "roomy",
  undo_send_seconds: 10,
  remote_images: "ask",
  read_receipts: "ask",
  after_archive: "next",
  shortcuts: true,
};

/** Takes from the server's free object what fits, name by name; the rest is the default. */
export function preferencesOf(me: Pick<Me, "preferences"> | null): Preferences {
  const raw = me?.preferences ?? {};
  const seconds = raw.undo_send_seconds;
  return {
    theme: oneOf(raw.theme, ["light", "dark", "system"], DEFAULT_PREFERENCES.theme),
    contrast: oneOf(raw.contrast, ["system", "normal", "high"], DEFAULT_PREFERENCES.contrast),
    density: oneOf(raw.density, ["compact", "roomy"], DEFAULT_PREFERENCES.density),
    undo_send_seconds:
      typeof seconds === "number" && seconds >= 0 && seconds <= MAX_UNDO_SECONDS
        ? Math.round(seconds)
        : DEFAULT_PREFERENCES.undo_send_seconds,
    remote_images: oneOf(raw.remote_images, ["ask", "always"], DEFAULT_PREFERENCES.remote_images),
    read_receipts: oneOf(raw.read_receipts, ["ask", "never"], DEFAULT_PREFERENCES.read_receipts),
    after_archive: oneOf(raw.after_archive, ["next", "list"], DEFAULT_PREFERENCES.after_archive),
    shortcuts: typeof raw.shortcuts === "boolean" ? raw.shortcuts : DEFAULT_PREFERENCES.shortcuts,
  };
}

function oneOf<Value extends string>(value: unknown, allowed: readonly Value[], otherwise: Value): Value {
  return allowed.find((one) => one === value) ?? otherwise;
}
