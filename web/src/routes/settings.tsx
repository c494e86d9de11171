import { createRoute } from "@tanstack/react-router";
import { Suspense } from "react";
import { BottomBar } from "../features/shell/BottomBar";
import { RailFrame } from "../features/shell/RailFrame";
import { useMailboxes } from "../features/shell/useMail";
import { useTitle } from "../features/shell/useTitle";
import { t } from "../lib/i18n";
import { onDemand } from "../lib/on-demand";
import { appRoute } from "./app";

const SettingsPage = onDemand(async () => (await import("../features/settings/SettingsPage")).SettingsPage);

export const settingsRoute = createRoute({ getParentRoute: () => appRoute, path: "/settings", component: Settings });

function Settings() {
  useTitle(t("Settings"), useMailboxes().mailboxes);
  return (
    <div className="flex h-full max-sm:flex-col">
      <RailFrame />
      <div className="min-h-0 min-w-0 flex-1">
        <Suspense fallback={null}>
          <SettingsPage />
        </Suspense>
      </div>
      <BottomBar />
    </div>
  );
}
