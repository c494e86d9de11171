/** Coming in for the first time, or without the password: pages for nobody in particular. */
import { createRoute } from "@tanstack/react-router";
import { type ComponentType, Suspense } from "react";
import { whenAsked } from "../lib/on-demand";
import { rootRoute } from "./root";

const SignUpPage = whenAsked(async () => (await import("../features/auth/SignUpPage")).SignUpPage);
const InvitationPage = whenAsked(async () => (await import("../features/auth/InvitationPage")).InvitationPage);
const RecoverPage = whenAsked(async () => (await import("../features/auth/RecoverPage")).RecoverPage);

const show = (Page: ComponentType) => () => (
  <Suspense fallback={null}>
    <Page />
  </Suspense>
);

export const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/signup",
  component: show(SignUpPage),
});

export const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/invitation",
  component: show(InvitationPage),
});

export const recoverRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/recover",
  component: show(RecoverPage),
});
