/** Webhooks in words. */
import type { DeliveryState, Webhook } from "../../api/developer";
import { t } from "../../lib/i18n";

export type Tone = "ok" | "warn" | "danger" | "plain";
export type Sign = { words: string; tone: Tone };

/** What is the matter with one, in a word or two. */
export function stateOf(hook: Webhook): Sign {
  if (hook.is_enabled && hook.failing_since) return { words: t("Failing"), tone: "warn" };
  if (hook.is_enabled) return { words: t("On"), tone: "ok" };
  if (hook.disabled_reason === "gone") return { words: t("Off: it said it is gone"), tone: "danger" };
  if (hook.disabled_reason === "failing") return { words: t("Off: it failed for days"), tone: "danger" };
  return { words: t("Off"), tone: "plain" };
}

export const DELIVERY_SIGNS: { [state in DeliveryState]: Sign } = {
  delivered: { words: "Delivered", tone: "ok" },
  pending: { words: "Being tried", tone: "warn" },
  failed: { words: "Failed", tone: "danger" },
  skipped: { words: "Not sent", tone: "plain" },
};

export const TONES: { [tone in Tone]: string } = {
  ok: "text-ok",
  warn: "text-warn",
  danger: "text-danger",
  plain: "text-muted",
};

/** The part of an address by which one knows it. */
export function shortUrl(url: string): string {
  return url.replace(/^https?:\/\//, "").replace(/\/$/, "");
}
