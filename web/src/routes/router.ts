import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { appRoute, indexRoute } from "./app";
import { externalRoute, factorRoute, loginRoute } from "./login";
import { mailRoute, threadRoute } from "./mail";
import { oauthRoute } from "./oauth";
import { rootRoute } from "./root";
import { settingsRoute } from "./settings";

const tree = rootRoute.addChildren([
  loginRoute,
  externalRoute,
  factorRoute,
  oauthRoute,
  appRoute.addChildren([indexRoute, mailRoute.addChildren([threadRoute]), settingsRoute]),
]);

export function makeRouter(client: QueryClient) {
  return createRouter({ routeTree: tree, context: { client }, defaultPreload: false });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
