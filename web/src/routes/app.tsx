/** The part behind the log-in: no page of it is drawn before it is known who asks. */
import { createRoute, redirect } from "@tanstack/react-router";
import { ApiError } from "../api/error";
import { mailboxesQuery } from "../api/queries";
import { needsFactor, resumeOffline } from "../api/session";
import type { Me } from "../api/types";
import { bootSession } from "../features/auth/boot";
import { factorHref, loginHref } from "../features/auth/wanted";
import { Shell } from "../features/shell/Shell";
import { lastKnownUser } from "../sync/offline";
import { rootRoute } from "./root";

export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  beforeLoad: async ({ location }) => {
    const user = await bootSession().catch(goOnOffline);
    if (!user) throw redirect({ href: loginHref(location.href) });
    if (needsFactor()) throw redirect({ href: factorHref(location.href) });
    return { user };
  },
  loader: ({ context: { client, user } }) => {
    const account = user.accounts[0];
    if (account) void client.prefetchQuery(mailboxesQuery(account.id));
  },
  component: Shell,
});

export const indexRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/mail/$box", params: { box: "inbox" }, search: {} });
  },
});

/** Whoever was here last may read what is kept; the server's first answer settles whether rightly. */
async function goOnOffline(error: unknown): Promise<Me> {
  const isSilent = error instanceof ApiError && (error.isOffline || [502, 503, 504].includes(error.status));
  const user = isSilent ? await lastKnownUser() : null;
  if (!user) throw error;
  resumeOffline(user);
  return user;
}
