import { createRoute, useNavigate, useParams } from "@tanstack/react-router";
import { CloudOff, MailX, Search } from "lucide-react";
import { Suspense, useEffect } from "react";
import { messageOf } from "../api/error";
import { ListHead } from "../features/mail-list/ListHead";
import { ListPane } from "../features/mail-list/ListPane";
import { ListSkeleton } from "../features/mail-list/states";
import { MailScreen } from "../features/shell/MailScreen";
import { useAccount, useMailboxes } from "../features/shell/useMail";
import { useTitle } from "../features/shell/useTitle";
import { NoThread } from "../features/thread/NoThread";
import { t } from "../lib/i18n";
import { onDemand } from "../lib/on-demand";
import type { MailSearch } from "../lib/place";
import { boxTitle, SEARCH, scopeOf } from "../lib/place";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { appRoute } from "./app";

const PRELOAD_MS = 800;
const loadThreadPane = () => import("../features/thread/ThreadPane");
const ThreadPane = onDemand(async () => (await loadThreadPane()).ThreadPane);

export const mailRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/mail/$box",
  validateSearch: (raw: Record<string, unknown>): MailSearch => ({
    ...(typeof raw.q === "string" || typeof raw.q === "number" ? { q: String(raw.q) } : {}),
    ...(raw.unread === true ? { unread: true } : {}),
    ...(raw.in === "mail" || raw.in === "messages" ? { in: raw.in } : {}),
  }),
  component: MailPage,
});

/** The list is the parent's, so it stays while threads come and go. */
export const threadRoute = createRoute({ getParentRoute: () => mailRoute, path: "/$threadId", component: () => null });

function MailPage() {
  const { box } = mailRoute.useParams();
  const search = mailRoute.useSearch();
  const { threadId } = useParams({ strict: false });
  const account = useAccount();
  const { mailboxes } = useMailboxes();
  const title = boxTitle(box, mailboxes);
  useTitle(title, mailboxes);
  useEffect(() => {
    // Once the list stands, so that the first thread opens without waiting for code.
    const timer = setTimeout(() => void loadThreadPane().catch(() => undefined), PRELOAD_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!account) return null;
  return (
    <MailScreen
      title={title}
      isReading={threadId !== undefined}
      list={<List accountId={account.id} box={box} search={search} openId={threadId ?? null} />}
      reading={
        threadId ? (
          <Suspense fallback={null}>
            <ThreadPane key={threadId} threadId={threadId} box={box} mailboxes={mailboxes} />
          </Suspense>
        ) : (
          <NoThread />
        )
      }
    />
  );
}

type ListProps = { accountId: string; box: string; search: MailSearch; openId: string | null };

function List({ accountId, box, search, openId }: ListProps) {
  const { mailboxes, isReady, error, retry } = useMailboxes();
  const scope = scopeOf(box, search, mailboxes);
  if (scope) return <ListPane {...{ accountId, box, search, scope, mailboxes, openId }} />;
  if (box === SEARCH) return <EmptySearch search={search} />;
  if (isReady) return <NoMailbox />;
  if (!error) return <ListSkeleton rowHeight={36} />;
  return (
    <EmptyState icon={CloudOff} title={t("Your mailboxes could not be read")} text={messageOf(error)}>
      <Button onClick={retry}>{t("Try again")}</Button>
    </EmptyState>
  );
}

function NoMailbox() {
  const navigate = useNavigate();
  const toInbox = () => void navigate({ to: "/mail/$box", params: { box: "inbox" }, search: {} });
  return (
    <EmptyState icon={MailX} title={t("There is no such mailbox")} text={t("It may have been deleted.")}>
      <Button onClick={toInbox}>{t("To the inbox")}</Button>
    </EmptyState>
  );
}

function EmptySearch({ search }: { search: MailSearch }) {
  return (
    <section aria-label={t("Search")} className="flex h-full flex-col">
      <ListHead title={t("Search")} box={SEARCH} search={search} mailbox={null} rows={[]} answer={null} />
      <EmptyState
        icon={Search}
        title={t("Search mail and conversations")}
        text={t("Words, names, or from:, subject:, in:#channel, has:attachment.")}
      />
    </section>
  );
}
