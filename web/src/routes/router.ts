import type { QueryClient } from "@tanstack/react-query";
import { createRouter, parseSearchWith, stringifySearchWith } from "@tanstack/react-router";
import { searchValue } from "../lib/search-value";
import { appRoute, indexRoute } from "./app";
import { conversationRoute, conversationsRoute } from "./conversations";
import { invitationRoute, recoverRoute, signUpRoute } from "./entering";
import { externalRoute, factorRoute, loginRoute } from "./login";
import { mailRoute, threadRoute } from "./mail";
import { notificationRoute } from "./notification";
import { oauthRoute } from "./oauth";
import { operatorRoute } from "./operator";
import { itemRoute, organisationRoute, sectionRoute } from "./organisation";
import { rootRoute } from "./root";
import { settingsRoutes } from "./settings";

const tree = rootRoute.addChildren([
  loginRoute,
  externalRoute,
  signUpRoute,
  invitationRoute,
  recoverRoute,
  factorRoute,
  oauthRoute,
  operatorRoute,
  appRoute.addChildren([
    indexRoute,
    mailRoute.addChildren([threadRoute]),
    conversationsRoute.addChildren([conversationRoute]),
    settingsRoutes,
    notificationRoute,
    organisationRoute.addChildren([sectionRoute.addChildren([itemRoute])]),
  ]),
]);

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: false,
    parseSearch: parseSearchWith(searchValue),
    stringifySearch: stringifySearchWith(JSON.stringify, searchValue),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
