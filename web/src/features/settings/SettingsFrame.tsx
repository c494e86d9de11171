import { Navigate, Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { t } from "../../lib/i18n";
import { useMedia } from "../../lib/media";
import { StepUpDialog } from "../security/StepUpDialog";
import { SettingsNav } from "./SettingsNav";

/** Where the list of pages has no room beside a page: as the `max-md` of the styles. */
const NARROW = "(max-width: 767.98px)";

/** The list of pages on the left and the page beside it; on a phone each by itself. */
export function SettingsFrame() {
  return (
    <main aria-label={t("Settings")} className="flex h-full bg-paper">
      <div className="w-56 shrink-0 overflow-y-auto border-r border-line px-3 pt-5 max-md:hidden">
        <p className="px-2 pb-3 text-lg font-semibold">{t("Settings")}</p>
        <SettingsNav isPage={false} />
      </div>
      <div id="settings-page" className="min-w-0 flex-1 overflow-y-auto">
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </div>
      <StepUpDialog />
    </main>
  );
}

export function SettingsIndex() {
  const isNarrow = useMedia(NARROW);
  if (!isNarrow) return <Navigate to="/settings/$section" params={{ section: "profile" }} replace />;
  return (
    <div className="px-4 pt-6 pb-24">
      <h1 className="pb-4 text-xl font-semibold">{t("Settings")}</h1>
      <SettingsNav isPage />
    </div>
  );
}
