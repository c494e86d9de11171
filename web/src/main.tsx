import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "./api/error";
import { onSession, signOut } from "./api/session";
import type { Location } from "./commands/here";
import { connectCommands } from "./commands/here";
import { factorHref, loginHref } from "./features/auth/wanted";
import { nextUnread } from "./features/conversations/listing";
import { applyStoredLook } from "./features/settings/appearance";
import type { MailSearch } from "./lib/place";
import { makeRouter } from "./routes/router";
import "./lib/nonce";
import "./styles/index.css";
import { forgetOffline, keepOffline, restoreOffline, startServiceWorker } from "./sync/offline";

const MOST_RETRIES = 2;

applyStoredLook();

const client = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < MOST_RETRIES && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});
const router = makeRouter(client);

const isNumber = (id: string | undefined) => id !== undefined && /^\d+$/.test(id);

function placeNow(): Location {
  const { matches, location } = router.state;
  const params: { box?: string; threadId?: string; sharedThreadId?: string; conversationId?: string } =
    matches.at(-1)?.params ?? {};
  const threadId = params.threadId ?? null;
  const readId = threadId ?? params.sharedThreadId ?? null;
  const mail = { box: params.box ?? null, threadId, readId, search: location.search as MailSearch };
  const isChat = location.pathname.startsWith("/conversations");
  return { ...mail, isChat, conversationId: isNumber(params.conversationId) ? params.conversationId : null };
}

let wasSignedIn = false;
/** Somebody logs out by their own will. */
let isLeaving = false;

connectCommands({
  client,
  location: placeNow,
  navigate: ({ box, threadId, search = {}, isReplacing = false }) => {
    if (threadId)
      void router.navigate({ to: "/mail/$box/$threadId", params: { box, threadId }, search, replace: isReplacing });
    else void router.navigate({ to: "/mail/$box", params: { box }, search, replace: isReplacing });
  },
  openOrganisation: (section) =>
    void router.navigate({ to: "/organisation/$section", params: { section }, search: {} }),
  openNewRule: (from) =>
    void router.navigate({
      to: "/settings/rules/$ruleId",
      params: { ruleId: "new" },
      search: from ? { from } : {},
    }),
  openSettings: (section) =>
    void (section
      ? router.navigate({ to: "/settings/$section", params: { section } })
      : router.navigate({ to: "/settings" })),
  openConversations: (id, at, thread) =>
    void (id
      ? router.navigate({
          to: "/conversations/$conversationId",
          params: { conversationId: id },
          search: { ...(at === undefined ? {} : { at }), ...(thread ? { thread } : {}) },
        })
      : router.navigate({ to: "/conversations", search: {} })),
  openNextUnread: () => {
    const id = nextUnread(client, placeNow().conversationId ?? null);
    if (id) void router.navigate({ to: "/conversations/$conversationId", params: { conversationId: id }, search: {} });
  },
  signOut: () => {
    isLeaving = true;
    void signOut().catch(() => undefined);
  },
});

onSession((session) => {
  if (session) {
    wasSignedIn = true;
    const { pathname, href } = router.state.location;
    if (session.needs_factor && !pathname.startsWith("/login")) void router.navigate({ href: factorHref(href) });
    return;
  }
  if (!wasSignedIn) return;
  wasSignedIn = false;
  // The next person must not find what this one read; whose session ran out comes back to where they were.
  const next = isLeaving ? "/login" : loginHref(router.state.location.href);
  void forgetOffline().then(() => window.location.assign(next));
});

if (import.meta.env.PROD) startServiceWorker();
// A notification that is clicked leads to its place, in the tab that is open.
if ("serviceWorker" in navigator)
  navigator.serviceWorker.addEventListener("message", ({ data }: MessageEvent<{ type?: unknown; path?: unknown }>) => {
    if (data?.type === "open" && typeof data.path === "string" && data.path.startsWith("/"))
      void router.navigate({ href: data.path });
  });

const root = document.getElementById("root");
if (!root) throw new Error("index.html lacks #root");
void restoreOffline(client).then(() => {
  keepOffline(client);
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
});
