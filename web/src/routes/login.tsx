import { createRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { rootRoute } from "./root";

const LoginPage = lazy(async () => ({ default: (await import("../features/auth/LoginPage")).LoginPage }));

export const loginRoute = createRoute({ getParentRoute: () => rootRoute, path: "/login", component: Login });

function Login() {
  return (
    <Suspense fallback={null}>
      <LoginPage />
    </Suspense>
  );
}
