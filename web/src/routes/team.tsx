/** Threads by whose they are, in one's own account and in those that one shares. */
import { createRoute, useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import type { WorkView } from "../api/notes";
import { MailScreen } from "../features/shell/MailScreen";
import { useMailboxes } from "../features/shell/useMail";
import { useTitle } from "../features/shell/useTitle";
import { NoThread } from "../features/thread/NoThread";
import { t } from "../lib/i18n";
import { onDemand } from "../lib/on-demand";
import { viewOf } from "../lib/work";
import { appRoute } from "./app";

const TeamList = onDemand(async () => (await import("../features/notes/TeamList")).TeamList);
const ThreadPane = onDemand(async () => (await import("../features/thread/ThreadPane")).ThreadPane);

export type TeamSearch = { account?: string };

export const teamRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/team/$view",
  validateSearch: (raw: Record<string, unknown>): TeamSearch => {
    const account = String(raw.account ?? "");
    return /^\d{1,18}$/.test(account) ? { account } : {};
  },
  component: TeamPage,
});

/** The list is the parent's, so it stays while threads come and go. */
export const teamThreadRoute = createRoute({
  getParentRoute: () => teamRoute,
  path: "/$sharedThreadId",
  component: () => null,
});

function TeamPage() {
  const { view: name } = teamRoute.useParams();
  const { account } = teamRoute.useSearch();
  const { sharedThreadId } = useParams({ strict: false });
  const view: WorkView = viewOf(name);
  const title = t("Team");
  useTitle(title, useMailboxes().mailboxes);
  return (
    <MailScreen
      title={title}
      isReading={sharedThreadId !== undefined}
      list={
        <Suspense fallback={null}>
          <TeamList view={view} accountId={account ?? null} openId={sharedThreadId ?? null} />
        </Suspense>
      }
      reading={
        sharedThreadId ? (
          <Suspense fallback={null}>
            <ThreadPane
              key={sharedThreadId}
              threadId={sharedThreadId}
              box=""
              mailboxes={[]}
              team={{ view, accountId: account ?? null }}
            />
          </Suspense>
        ) : (
          <NoThread />
        )
      }
    />
  );
}
