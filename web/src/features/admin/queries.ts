/** What the administration asks of the server. All keys begin alike, so that one act can make all of it fresh. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Asked, call } from "../../api/call";

export const ORGANISATION_KEY = ["organisation"] as const;
export const PEOPLE_KEY = [...ORGANISATION_KEY, "people"] as const;
export const MEMBERS_KEY = [...ORGANISATION_KEY, "members"] as const;
export const GRANTS_KEY = [...ORGANISATION_KEY, "grants"] as const;
export const INVITATIONS_KEY = [...ORGANISATION_KEY, "invitations"] as const;

const PAGE = 50;
const MOST = 200;

type Page<Item> = { items: Item[]; next: string | null };
type Fetch<Item> = (cursor: { cursor?: string }, signal: AbortSignal) => Promise<Page<Item>>;

function paged<Item>(key: readonly unknown[], fetch: Fetch<Item>) {
  return infiniteQueryOptions({
    queryKey: [...ORGANISATION_KEY, ...key],
    queryFn: ({ pageParam, signal }) => fetch(pageParam ? { cursor: pageParam } : {}, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

function single<Data>(key: readonly unknown[], fetch: (signal: AbortSignal) => Promise<Data>) {
  return queryOptions({ queryKey: [...ORGANISATION_KEY, ...key], queryFn: ({ signal }) => fetch(signal) });
}

export type PeopleFilter = { q?: string | undefined; role?: string | undefined; state?: string | undefined };

/** By what stands in the address; nothing there means those who are active. */
const STATES: Record<string, { active: boolean } | { everybody: true }> = {
  off: { active: false },
  all: { everybody: true },
};

export function peopleQuery({ q, role, state }: PeopleFilter) {
  const wanted = { ...(q ? { q } : {}), ...(role ? { role } : {}), ...STATES[state ?? ""], limit: PAGE };
  return paged(["people", wanted], (cursor, signal) =>
    call("GET /api/v1/users/", { query: { ...wanted, ...cursor }, signal }),
  );
}

/** Whether a list of people, by its key, holds those who are switched off too. */
export function isOfEverybody(key: readonly unknown[]): boolean {
  const wanted = key.at(-1);
  return typeof wanted === "object" && wanted !== null && "everybody" in wanted;
}

export const personQuery = (id: string) =>
  single(["person", id], (signal) => call("GET /api/v1/users/{user_id}/", { path: { user_id: id }, signal }));

export const addressesQuery = (id: string) =>
  single(["addresses", id], (signal) =>
    call("GET /api/v1/users/{user_id}/addresses/", { path: { user_id: id }, signal }),
  );

/** For choosers: people by some letters of their name or address. */
export const foundPeopleQuery = (q: string) =>
  single(["found", q], async (signal) => {
    return (await call("POST /api/v1/users/search/", { body: { q, limit: 8 }, signal })).items;
  });

export const rolesQuery = single(["roles"], async (signal) => (await call("GET /api/v1/roles/", { signal })).items);

export const permissionsQuery = queryOptions({
  queryKey: ["permissions"],
  queryFn: async ({ signal }) => (await call("GET /api/v1/permissions/", { signal })).items,
  staleTime: Number.POSITIVE_INFINITY,
});

export const groupsQuery = paged(["groups"], (cursor, signal) =>
  call("GET /api/v1/groups/", { query: { limit: PAGE, ...cursor }, signal }),
);

/** For choosers: the first that there are. */
export const someGroupsQuery = single(["some-groups"], async (signal) => {
  return (await call("GET /api/v1/groups/", { query: { limit: MOST }, signal })).items;
});

export const groupQuery = (id: string) =>
  single(["group", id], (signal) => call("GET /api/v1/groups/{group_id}/", { path: { group_id: id }, signal }));

export const membersQuery = (id: string) =>
  paged(["members", id], (cursor, signal) =>
    call("GET /api/v1/groups/{group_id}/members/", {
      path: { group_id: id },
      query: { limit: PAGE, ...cursor },
      signal,
    }),
  );

export const domainsQuery = single(
  ["domains"],
  async (signal) => (await call("GET /api/v1/domains/", { signal })).items,
);

export const keyScheduleQuery = (id: string) =>
  single(["key-schedule", id], (signal) =>
    call("GET /api/v1/domains/{domain_id}/keys/schedule/", { path: { domain_id: id }, signal }),
  );

export const domainReportsQuery = (id: string) =>
  single(["domain-reports", id], (signal) =>
    call("GET /api/v1/domains/{domain_id}/reports/", { path: { domain_id: id }, signal }),
  );

export const invitationsQuery = paged(["invitations"], (cursor, signal) =>
  call("GET /api/v1/invitations/", { query: { limit: PAGE, ...cursor }, signal }),
);

export const accountsQuery = single(["accounts"], async (signal) => {
  return (await call("GET /api/v1/accounts/", { signal })).items.filter((one) => one.kind === "shared");
});

export const grantsQuery = (id: string) =>
  single(["grants", id], (signal) =>
    call("GET /api/v1/accounts/{account_id}/grants/", { path: { account_id: id }, signal }),
  );

export const organisationQuery = single(["settings"], (signal) => call("GET /api/v1/organisation/", { signal }));

export const sendingLimitsQuery = single(["sending-limits"], (signal) =>
  call("GET /api/v1/sending/limits/", { signal }),
);

export const destinationsQuery = single(["queue-destinations"], async (signal) => {
  return (await call("GET /api/v1/queue/destinations/", { signal })).items;
});

export type QueueFilter = NonNullable<Asked<"GET /api/v1/queue/">>;

export const queueQuery = (wanted: QueueFilter) =>
  paged(["queue", wanted], (cursor, signal) =>
    call("GET /api/v1/queue/", { query: { limit: PAGE, ...wanted, ...cursor }, signal }),
  );

export const providersQuery = single(["providers"], async (signal) => {
  return (await call("GET /api/v1/identity-providers/", { signal })).items;
});

export type AuditFilter = NonNullable<Asked<"GET /api/v1/audit/">>;

export const auditQuery = (wanted: AuditFilter) =>
  paged(["audit", wanted], (cursor, signal) =>
    call("GET /api/v1/audit/", { query: { limit: PAGE, ...wanted, ...cursor }, signal }),
  );

export type RefusalFilter = NonNullable<Asked<"GET /api/v1/refusals/">>;

export const refusalsQuery = (wanted: RefusalFilter) =>
  paged(["refusals", wanted], (cursor, signal) =>
    call("GET /api/v1/refusals/", { query: { limit: PAGE, ...wanted, ...cursor }, signal }),
  );

export type SuppressedFilter = NonNullable<Asked<"GET /api/v1/sending/suppressions/">>;

export const suppressedQuery = (wanted: SuppressedFilter) =>
  paged(["suppressed", wanted], (cursor, signal) =>
    call("GET /api/v1/sending/suppressions/", { query: { limit: PAGE, ...wanted, ...cursor }, signal }),
  );

export const conversationPolicyQuery = single(["conversation-policy"], (signal) =>
  call("GET /api/v1/conversations/policy/", { signal }),
);

export type ManagedFilter = NonNullable<Asked<"GET /api/v1/conversations/managed/">>;

export const managedQuery = (wanted: ManagedFilter) =>
  paged(["managed", wanted], (cursor, signal) =>
    call("GET /api/v1/conversations/managed/", { query: { limit: PAGE, ...wanted, ...cursor }, signal }),
  );

/** What would go by so many days; in one conversation, or in all without days of their own. */
export const expiringQuery = (days: number, conversation: string | null) =>
  single(["expiring", days, conversation], (signal) =>
    call("GET /api/v1/conversations/expiring/", {
      query: { days, ...(conversation ? { conversation } : {}) },
      signal,
    }),
  );

export type ReportState = NonNullable<NonNullable<Asked<"GET /api/v1/conversations/reports/">>["state"]>;

export const reportsQuery = (state: ReportState) =>
  paged(["reports", state], (cursor, signal) =>
    call("GET /api/v1/conversations/reports/", { query: { limit: PAGE, state, ...cursor }, signal }),
  );
