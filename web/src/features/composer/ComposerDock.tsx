import { Suspense, useEffect } from "react";
import type { Me } from "../../api/types";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { useSyncStatus } from "../../sync/status";
import { Spinner } from "../../ui/Spinner";
import { restoreLost, resumeAll } from "./lifecycle";
import { recount, sendWaiting } from "./outbox";
import { loadLimits, useSignedInUser } from "./ports";
import { keepAll } from "./saving";
import { outboxNews } from "./sending";
import { useComposers } from "./state";
import { useDockRoom } from "./useDockRoom";
import { useFolding } from "./useFolding";

const loadWindow = () => import("./ComposerWindow");
const ComposerWindow = onDemand(async () => (await loadWindow()).ComposerWindow);
const RETRY_MS = 30_000;
const PRELOAD_MS = 3_000;

/** All composers that are not in a thread, bottom right, the newest innermost. Stands once in the page. */
export function ComposerDock() {
  const user = useSignedInUser();
  const order = useComposers((state) => state.order);
  const composers = useComposers((state) => state.composers);
  useBackground(user);
  useFolding();
  const shown = order.flatMap((key) => {
    const composer = composers[key];
    return composer && composer.placement === "dock" && !composer.isHidden ? [composer] : [];
  });
  useDockRoom(shown.filter((composer) => composer.minimised).length);
  if (shown.length === 0) return null;
  return (
    <section
      aria-label={t("Mails being written")}
      className="pointer-events-none fixed right-4 bottom-0 z-30 flex max-w-[calc(100vw-32px)] max-sm:max-w-none flex-row-reverse items-end gap-3 max-sm:right-2 max-sm:bottom-(--bar) max-sm:left-2 max-sm:flex-col max-sm:items-stretch max-sm:gap-1"
    >
      <Suspense fallback={<Opening />}>
        {[...shown].reverse().map((composer) => (
          <ComposerWindow key={composer.key} composer={composer} />
        ))}
      </Suspense>
    </section>
  );
}

function Opening() {
  return (
    <div className="pointer-events-auto grid h-[min(600px,calc(100dvh-64px))] w-[560px] max-w-full place-items-center rounded-t-md border border-b-0 border-line bg-raised text-muted shadow-raised">
      <Spinner label={t("Opening")} />
    </div>
  );
}

/** What goes on while no composer is open: lost drafts come back, waiting mails go out, the editor is fetched. */
function useBackground(user: Me | null): void {
  const userId = user?.id ?? null;
  useEffect(() => {
    if (!userId) return;
    const goOn = () => {
      resumeAll();
      void sendWaiting(userId, outboxNews);
    };
    void loadLimits();
    void restoreLost(userId);
    void recount(userId).then(goOn);
    const retry = window.setInterval(() => void sendWaiting(userId, outboxNews), RETRY_MS);
    const preload = window.setTimeout(() => void loadWindow().catch(() => undefined), PRELOAD_MS);
    const stopHearing = useSyncStatus.subscribe((now, before) => {
      if (now.connection === "live" && before.connection !== "live") goOn();
    });
    window.addEventListener("online", goOn);
    window.addEventListener("pagehide", keepAll);
    return () => {
      stopHearing();
      window.clearInterval(retry);
      window.clearTimeout(preload);
      window.removeEventListener("online", goOn);
      window.removeEventListener("pagehide", keepAll);
    };
  }, [userId]);
}
