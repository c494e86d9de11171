import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";
import { CloudOff } from "lucide-react";
import { messageOf } from "../api/error";
import { t } from "../lib/i18n";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { ToastViewport } from "../ui/ToastViewport";
import { TooltipLayer } from "../ui/TooltipLayer";

export const rootRoute = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Root,
  errorComponent: RootProblem,
  notFoundComponent: NotFound,
});

function Root() {
  return (
    <>
      <Outlet />
      <ToastViewport />
      <TooltipLayer />
    </>
  );
}

function RootProblem({ error }: { error: unknown }) {
  return (
    <main className="h-full">
      <EmptyState isPage icon={CloudOff} title={t("Posthouse could not start")} text={messageOf(error)}>
        <Button kind="primary" onClick={() => window.location.reload()}>
          {t("Try again")}
        </Button>
      </EmptyState>
    </main>
  );
}

function NotFound() {
  return (
    <main className="h-full">
      <EmptyState isPage title={t("There is no such page")} text={t("The address may be old, or mistyped.")}>
        <Button onClick={() => window.location.assign("/")}>{t("To the inbox")}</Button>
      </EmptyState>
    </main>
  );
}
