/** The parts of the organisation's administration: each once, with whom it is for. */
import type { MyselfShape, PermissionsEnum } from "../../api/generated/schema";

export type SectionId =
  | "people"
  | "groups"
  | "accounts"
  | "invitations"
  | "roles"
  | "domains"
  | "delivery"
  | "suppressed"
  | "conversations"
  | "reports"
  | "policies"
  | "log-in"
  | "refused"
  | "audit";

export type Section = { id: SectionId; title: string; about: string; needs: PermissionsEnum[]; isOwners?: boolean };

/** What one may not do is not shown; the server refuses it besides. */
export const SECTIONS: readonly Section[] = [
  { id: "people", title: "People", about: "Who is here, and what they may do", needs: ["users.manage"] },
  { id: "groups", title: "Groups", about: "Teams with an address of their own", needs: ["groups.manage"] },
  { id: "accounts", title: "Shared accounts", about: "Mail that several people mind", needs: ["accounts.manage"] },
  { id: "invitations", title: "Invitations", about: "Who is asked to come", needs: ["users.invite"] },
  { id: "roles", title: "Roles", about: "Bundles of permissions", needs: ["roles.manage"] },
  { id: "domains", title: "Domains", about: "Where your addresses are", needs: ["domains.manage", "users.read"] },
  {
    id: "delivery",
    title: "Delivery",
    about: "What waits to leave, and how much may",
    needs: ["organisation.manage"],
  },
  {
    id: "suppressed",
    title: "Suppressions",
    about: "Addresses that lists pass over, and why",
    needs: ["organisation.manage"],
  },
  {
    id: "conversations",
    title: "Conversations",
    about: "How long messages are kept, edited and deleted",
    needs: ["conversations.manage"],
  },
  {
    id: "reports",
    title: "Reports",
    about: "Messages that somebody brought before you",
    needs: ["conversations.manage"],
  },
  { id: "policies", title: "Policies", about: "Name, sign-up, passwords", needs: ["organisation.manage"] },
  {
    id: "log-in",
    title: "Outside log-in",
    about: "Your own identity provider",
    needs: ["organisation.own"],
    isOwners: true,
  },
  { id: "refused", title: "Refused mail", about: "What was turned away, and why", needs: ["domains.manage"] },
  { id: "audit", title: "Log", about: "Who did what, and when", needs: ["audit.read"] },
];

type Permitted = Pick<MyselfShape, "permissions" | "role">;

export function sectionsFor(me: Permitted | undefined): Section[] {
  if (!me) return [];
  const held = new Set(me.permissions);
  return SECTIONS.filter(
    ({ needs, isOwners }) => needs.every((one) => held.has(one)) && (!isOwners || me.role === "owner"),
  );
}

export function mayOpen(me: Permitted | undefined, id: string): boolean {
  return sectionsFor(me).some((section) => section.id === id);
}
