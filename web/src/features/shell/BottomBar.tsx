import { Link, useMatchRoute, useParams } from "@tanstack/react-router";
import { CircleUser, Inbox, MessagesSquare, PenLine, Search } from "lucide-react";
import { here } from "../../commands/here";
import { focusSearch } from "../../commands/moving";
import { runCommand } from "../../commands/registry";
import { cx } from "../../lib/classes";
import { plural, t } from "../../lib/i18n";
import { SEARCH } from "../../lib/place";
import { useMayTalk, useUnreadConversations } from "../conversations/useConversations";
import { UserMenuOnDemand } from "../rail/UserMenuOnDemand";

const TAB = "flex flex-1 flex-col items-center justify-center gap-0.5 text-xs font-medium";

/** The phone's way between the places, and to a new mail: nothing floats over what one reads. */
export function BottomBar() {
  const { box } = useParams({ strict: false });
  const isChat = Boolean(useMatchRoute()({ to: "/conversations", fuzzy: true }));
  const unread = useUnreadConversations();
  const mayTalk = useMayTalk();
  const isMail = box !== undefined;
  const isSearch = box === SEARCH;
  const search = () => {
    const context = here();
    if (!context) return;
    if (!isSearch) context.navigate({ box: SEARCH });
    requestAnimationFrame(() => requestAnimationFrame(() => focusSearch(context)));
  };
  const tone = (isCurrent: boolean) => cx(TAB, isCurrent ? "text-accent" : "text-muted");
  return (
    <nav
      aria-label={t("Places")}
      className="box-content flex h-14 shrink-0 border-t border-line bg-raised pb-[env(safe-area-inset-bottom)] sm:hidden print:hidden"
    >
      <Link
        to="/mail/$box"
        params={{ box: "inbox" }}
        search={{}}
        className={tone(isMail && !isSearch)}
        aria-current={isMail && !isSearch ? "page" : undefined}
      >
        <Inbox size={20} aria-hidden />
        {t("Mail")}
      </Link>
      {mayTalk && (
        <Link
          to="/conversations"
          search={{}}
          className={cx(tone(isChat), "relative")}
          aria-current={isChat ? "page" : undefined}
        >
          <MessagesSquare size={20} aria-hidden />
          {t("Chat")}
          {unread > 0 && (
            <span className="absolute top-2 left-[calc(50%+6px)] size-2.5 rounded-full border-2 border-raised bg-accent">
              <span className="sr-only">{plural(unread, ", {n} unread", ", {n} unread")}</span>
            </span>
          )}
        </Link>
      )}
      <button type="button" className={tone(isSearch)} onClick={search}>
        <Search size={20} aria-hidden />
        {t("Search")}
      </button>
      <button type="button" className={tone(false)} onClick={() => runCommand("compose")}>
        <span className="grid h-5 w-11 place-items-center rounded-full bg-accent text-on-accent">
          <PenLine size={14} aria-hidden />
        </span>
        {t("Write")}
      </button>
      <UserMenuOnDemand
        trigger={
          <button type="button" className={tone(false)}>
            <CircleUser size={20} aria-hidden />
            {t("You")}
          </button>
        }
      />
    </nav>
  );
}
