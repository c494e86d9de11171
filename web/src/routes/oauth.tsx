/** Where other programs send people to be let in; a page of its own, behind the log-in. */
import { createRoute, redirect } from "@tanstack/react-router";
import { Suspense } from "react";
import { needsFactor } from "../api/session";
import { bootSession } from "../features/auth/boot";
import { factorHref, loginHref } from "../features/auth/wanted";
import { onDemand } from "../lib/on-demand";
import { rootRoute } from "./root";

const ConsentPage = onDemand(async () => (await import("../features/auth/ConsentPage")).ConsentPage);

export const oauthRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/oauth/authorize",
  beforeLoad: async ({ location }) => {
    if (!(await bootSession())) throw redirect({ href: loginHref(location.href) });
    if (needsFactor()) throw redirect({ href: factorHref(location.href) });
  },
  component: Consent,
});

function Consent() {
  return (
    <Suspense fallback={null}>
      <ConsentPage />
    </Suspense>
  );
}
