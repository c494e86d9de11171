/** The part behind the log-in: no page of it is drawn before it is known who asks. */
import { createRoute, redirect } from "@tanstack/react-router";
import { mailboxesQuery } from "../api/queries";
import { bootSession } from "../features/auth/boot";
import { loginHref } from "../features/auth/wanted";
import { Shell } from "../features/shell/Shell";
import { rootRoute } from "./root";

export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  beforeLoad: async ({ location }) => {
    const user = await bootSession();
    if (!user) throw redirect({ href: loginHref(location.href) });
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
