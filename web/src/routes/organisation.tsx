/** The organisation's administration. For whom there is nothing in it, it does not exist. */
import { createRoute, notFound } from "@tanstack/react-router";
import { Suspense } from "react";
import { myselfQuery } from "../api/myself";
import { searchOf } from "../features/admin/search";
import { mayOpen, sectionsFor } from "../features/admin/sections";
import { BottomBar } from "../features/shell/BottomBar";
import { RailFrame } from "../features/shell/RailFrame";
import { whenAsked } from "../lib/on-demand";
import { appRoute } from "./app";

const OrganisationPage = whenAsked(async () => (await import("../features/admin/OrganisationPage")).OrganisationPage);

export const organisationRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/organisation",
  beforeLoad: async ({ context }) => {
    // A server that is silent says neither yes nor no; the page tells of it.
    const me = await context.client.fetchQuery(myselfQuery).catch(() => undefined);
    if (me && sectionsFor(me).length === 0) throw notFound();
    return { permitted: me };
  },
  component: Organisation,
});

export const sectionRoute = createRoute({
  getParentRoute: () => organisationRoute,
  path: "/$section",
  validateSearch: searchOf,
  beforeLoad: ({ context: { permitted }, params }) => {
    if (permitted && !mayOpen(permitted, params.section)) throw notFound();
  },
  component: () => null,
});

export const itemRoute = createRoute({
  getParentRoute: () => sectionRoute,
  path: "/$itemId",
  component: () => null,
});

function Organisation() {
  return (
    <div className="flex h-full max-sm:flex-col">
      <RailFrame />
      <div className="min-h-0 min-w-0 flex-1">
        <Suspense fallback={null}>
          <OrganisationPage />
        </Suspense>
      </div>
      <BottomBar />
    </div>
  );
}
