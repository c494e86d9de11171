/** The way to the server's own pages at /admin/: logs in where nobody is, asks for a fresh proof where one is wanted. */
import { createRoute, redirect } from "@tanstack/react-router";
import { Suspense } from "react";
import { bootSession } from "../features/auth/boot";
import { loginHref } from "../features/auth/wanted";
import { onDemand } from "../lib/on-demand";
import { rootRoute } from "./root";

const OperatorEntrance = onDemand(async () => (await import("../features/auth/OperatorEntrance")).OperatorEntrance);

export const operatorRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/operator",
  beforeLoad: async ({ location }) => {
    if (!(await bootSession())) throw redirect({ href: loginHref(location.href) });
  },
  component: Entrance,
});

function Entrance() {
  return (
    <Suspense fallback={null}>
      <OperatorEntrance />
    </Suspense>
  );
}
