import { createRoute, redirect } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { needsFactor } from "../api/session";
import { bootSession } from "../features/auth/boot";
import { wantedPath } from "../features/auth/wanted";
import { rootRoute } from "./root";

const LoginPage = lazy(async () => ({ default: (await import("../features/auth/LoginPage")).LoginPage }));

export const loginRoute = createRoute({ getParentRoute: () => rootRoute, path: "/login", component: Login });

const ExternalReturn = lazy(async () => ({
  default: (await import("../features/auth/ExternalReturn")).ExternalReturn,
}));

export const externalRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login/external",
  component: External,
});

const FactorFirst = lazy(async () => ({ default: (await import("../features/security/FactorFirst")).FactorFirst }));

export const factorRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login/factor",
  beforeLoad: async ({ location }) => {
    if (!(await bootSession())) throw redirect({ href: "/login" });
    if (!needsFactor()) throw redirect({ href: wantedPath(location.searchStr) });
  },
  component: Factor,
});

function Factor() {
  return (
    <Suspense fallback={null}>
      <FactorFirst />
    </Suspense>
  );
}

function External() {
  return (
    <Suspense fallback={null}>
      <ExternalReturn />
    </Suspense>
  );
}

function Login() {
  return (
    <Suspense fallback={null}>
      <LoginPage />
    </Suspense>
  );
}
