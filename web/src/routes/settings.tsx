/** The settings: a list of pages, and each page at an address of its own. */
import { createRoute } from "@tanstack/react-router";
import { Suspense } from "react";
import { likenessOf } from "../features/rules/likeness";
import { sectionOf } from "../features/settings/sections";
import { BottomBar } from "../features/shell/BottomBar";
import { RailFrame } from "../features/shell/RailFrame";
import { useMailboxes } from "../features/shell/useMail";
import { useTitle } from "../features/shell/useTitle";
import { t } from "../lib/i18n";
import { onDemand } from "../lib/on-demand";
import { appRoute } from "./app";

const SettingsFrame = onDemand(async () => (await import("../features/settings/SettingsFrame")).SettingsFrame);
const SettingsIndex = onDemand(async () => (await import("../features/settings/SettingsFrame")).SettingsIndex);
const SettingsPage = onDemand(async () => (await import("../features/settings/SettingsPage")).SettingsPage);
const RulePage = onDemand(async () => (await import("../features/rules/RulePage")).RulePage);
const ListPage = onDemand(async () => (await import("../features/lists/ListPage")).ListPage);
const WebhookPage = onDemand(async () => (await import("../features/developer/WebhookPage")).WebhookPage);

const settingsRoute = createRoute({ getParentRoute: () => appRoute, path: "/settings", component: Settings });

const indexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/",
  component: Index,
});

const sectionRoute = createRoute({ getParentRoute: () => settingsRoute, path: "$section", component: Section });

const ruleRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "rules/$ruleId",
  validateSearch: likenessOf,
  component: Rule,
});

const listRoute = createRoute({ getParentRoute: () => settingsRoute, path: "lists/$listId", component: List });

const webhookRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "developer/webhooks/$webhookId",
  component: Hook,
});

export const settingsRoutes = settingsRoute.addChildren([indexRoute, sectionRoute, ruleRoute, listRoute, webhookRoute]);

function Settings() {
  return (
    <div className="flex h-full max-sm:flex-col">
      <RailFrame />
      <div className="min-h-0 min-w-0 flex-1">
        <Suspense fallback={null}>
          <SettingsFrame />
        </Suspense>
      </div>
      <BottomBar />
    </div>
  );
}

function Index() {
  useTitle(t("Settings"), useMailboxes().mailboxes);
  return <SettingsIndex />;
}

function Section() {
  const { section } = sectionRoute.useParams();
  useTitle(t(sectionOf(section)?.title ?? "Settings"), useMailboxes().mailboxes);
  return <SettingsPage section={section} />;
}

function Rule() {
  const { ruleId } = ruleRoute.useParams();
  const likeness = ruleRoute.useSearch();
  useTitle(t("Rule"), useMailboxes().mailboxes);
  return <RulePage key={ruleId} id={ruleId} likeness={likeness} />;
}

function List() {
  const { listId } = listRoute.useParams();
  useTitle(t("Mailing list"), useMailboxes().mailboxes);
  return <ListPage key={listId} id={listId} />;
}

function Hook() {
  const { webhookId } = webhookRoute.useParams();
  useTitle(t("Webhook"), useMailboxes().mailboxes);
  return <WebhookPage key={webhookId} id={webhookId} />;
}
