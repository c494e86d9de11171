import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { cx } from "../lib/classes";
import { t } from "../lib/i18n";
import { IconButton } from "./IconButton";
import type { Toast } from "./toasts";
import { dismissToast, useToasts } from "./toasts";

/** Stands once in the page, where it covers no sign of the state; polite for news, assertive for problems. */
export function ToastViewport() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <section
      aria-label={t("News")}
      aria-live="polite"
      className="news pointer-events-none fixed z-60 flex w-max flex-col items-start gap-2"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => dismissToast(toast.id), toast.durationMs);
    return () => clearTimeout(timer);
  }, [isHeld, toast.id, toast.durationMs]);
  return (
    <div
      role={toast.kind === "problem" ? "alert" : undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      className={cx(
        "pointer-events-auto flex animate-[slide-up_140ms] items-center gap-1 rounded-md bg-ink py-1 pr-1 pl-3 text-sm text-paper shadow-raised",
        toast.kind === "problem" && "border-l-4 border-danger",
      )}
    >
      <span className="min-w-0 py-1 pr-2">{toast.message}</span>
      {toast.action && (
        <button
          type="button"
          className="h-7 rounded px-2 font-semibold text-paper underline-offset-2 hover:underline"
          onClick={() => {
            dismissToast(toast.id);
            toast.action?.run();
          }}
        >
          {toast.action.label}
        </button>
      )}
      <IconButton
        icon={X}
        label={t("Dismiss")}
        size="small"
        className="text-paper/70 hover:bg-paper/15 hover:text-paper"
        onClick={() => dismissToast(toast.id)}
      />
    </div>
  );
}
