import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useParams } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import {
  AtSign,
  ChevronRight,
  Flag,
  Inbox,
  KeyRound,
  MailPlus,
  MailX,
  MessagesSquare,
  ScrollText,
  Send,
  ShieldBan,
  SlidersHorizontal,
  UserRoundCog,
  Users,
  UsersRound,
} from "lucide-react";
import type { ReactNode } from "react";
import { myselfQuery } from "../../api/myself";
import { t } from "../../lib/i18n";
import { PHONE, useMedia } from "../../lib/media";
import { StepUpDialog } from "../security/StepUpDialog";
import { useMailboxes } from "../shell/useMail";
import { useTitle } from "../shell/useTitle";
import { AccountPage } from "./AccountPage";
import { AccountsSection } from "./AccountsSection";
import { AuditSection } from "./AuditSection";
import { PAGE_ID } from "./act";
import { ConversationsSection } from "./ConversationsSection";
import { DeliverySection } from "./DeliverySection";
import { DomainPage } from "./DomainPage";
import { DomainsSection } from "./DomainsSection";
import { GroupPage } from "./GroupPage";
import { GroupsSection } from "./GroupsSection";
import { InvitationsSection } from "./InvitationsSection";
import { PeopleSection } from "./PeopleSection";
import { PersonPage } from "./PersonPage";
import { PoliciesSection } from "./PoliciesSection";
import { ProvidersSection } from "./ProvidersSection";
import { Waiting } from "./parts";
import { RefusedSection } from "./RefusedSection";
import { ReportsSection } from "./ReportsSection";
import { RolesSection } from "./RolesSection";
import { SuppressedSection } from "./SuppressedSection";
import { type Section, type SectionId, sectionsFor } from "./sections";

const LISTS: { [section in SectionId]: () => ReactNode } = {
  people: PeopleSection,
  groups: GroupsSection,
  accounts: AccountsSection,
  invitations: InvitationsSection,
  roles: RolesSection,
  domains: DomainsSection,
  delivery: DeliverySection,
  suppressed: SuppressedSection,
  conversations: ConversationsSection,
  reports: ReportsSection,
  policies: PoliciesSection,
  "log-in": ProvidersSection,
  refused: RefusedSection,
  audit: AuditSection,
};

const ICONS: { [section in SectionId]: LucideIcon } = {
  people: UsersRound,
  groups: Users,
  accounts: Inbox,
  invitations: MailPlus,
  roles: UserRoundCog,
  domains: AtSign,
  delivery: Send,
  suppressed: MailX,
  conversations: MessagesSquare,
  reports: Flag,
  policies: SlidersHorizontal,
  "log-in": KeyRound,
  refused: ShieldBan,
  audit: ScrollText,
};

const PAGES: { [section in SectionId]?: (props: { id: string }) => ReactNode } = {
  people: PersonPage,
  groups: GroupPage,
  accounts: AccountPage,
  domains: DomainPage,
};

/** The organisation's administration: its sections beside what is open, on a phone one after the other. */
export function OrganisationPage() {
  const { section, itemId } = useParams({ strict: false });
  const isPhone = useMedia(PHONE);
  const myself = useQuery(myselfQuery);
  const sections = sectionsFor(myself.data);
  const open = sections.find(({ id }) => id === section);
  useTitle(open ? t(open.title) : t("Organisation"), useMailboxes().mailboxes);
  const first = sections[0];
  if (!open && first && !isPhone && section === undefined)
    return <Navigate to="/organisation/$section" params={{ section: first.id }} search={{}} replace />;
  return (
    <main id={PAGE_ID} tabIndex={-1} aria-label={t("Organisation")} className="flex h-full bg-paper outline-none">
      {!isPhone && <SectionNav sections={sections} />}
      <div className="min-w-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-4xl px-6 pb-24 max-sm:px-4">
          <Waiting of={myself} />
          {open && <Content key={`${open.id} ${itemId ?? ""}`} section={open.id} itemId={itemId} />}
          {!open && isPhone && <SectionList sections={sections} />}
        </div>
      </div>
      <StepUpDialog />
    </main>
  );
}

function Content({ section, itemId }: { section: SectionId; itemId: string | undefined }) {
  const Page = PAGES[section];
  const List = LISTS[section];
  return Page && itemId ? <Page id={itemId} /> : <List />;
}

function SectionNav({ sections }: { sections: Section[] }) {
  return (
    <nav
      aria-label={t("Sections")}
      className="w-56 shrink-0 overflow-y-auto border-r border-line px-3 pt-5 max-md:w-44"
    >
      <p className="px-2 pb-3 text-lg font-semibold">{t("Organisation")}</p>
      <ul className="flex flex-col gap-0.5">
        {sections.map(({ id, title }) => (
          <li key={id}>
            <SideLink id={id} title={title} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function SideLink({ id, title }: Pick<Section, "id" | "title">) {
  const Icon = ICONS[id];
  return (
    <Link
      to="/organisation/$section"
      params={{ section: id }}
      search={{}}
      className="flex h-8 items-center gap-2.5 rounded-md px-2 text-sm text-muted hover:bg-hover hover:text-ink"
      activeProps={{ className: "bg-selected font-medium text-ink!" }}
      activeOptions={{ includeSearch: false }}
    >
      <Icon size={16} aria-hidden className="shrink-0" />
      <span className="truncate">{t(title)}</span>
    </Link>
  );
}

function SectionList({ sections }: { sections: Section[] }) {
  return (
    <>
      <h1 className="pt-6 pb-4 text-xl font-semibold">{t("Organisation")}</h1>
      <ul className="rounded-md border border-line bg-raised">
        {sections.map((section) => (
          <li key={section.id} className="border-t border-line first:border-t-0">
            <PageLink {...section} />
          </li>
        ))}
      </ul>
    </>
  );
}

function PageLink({ id, title, about }: Section) {
  const Icon = ICONS[id];
  return (
    <Link
      to="/organisation/$section"
      params={{ section: id }}
      search={{}}
      className="flex min-h-14 items-center gap-3 px-4 py-2 hover:bg-hover"
    >
      <Icon size={20} aria-hidden className="shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <span className="block text-base font-medium">{t(title)}</span>
        <span className="block text-sm text-muted">{t(about)}</span>
      </span>
      <ChevronRight size={16} aria-hidden className="shrink-0 text-muted" />
    </Link>
  );
}
