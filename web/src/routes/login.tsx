import { createRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
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
