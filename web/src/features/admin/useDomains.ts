import { useQuery } from "@tanstack/react-query";
import { myselfQuery } from "../../api/myself";
import { domainsQuery, organisationQuery } from "./queries";

/** The domains in which there can be addresses, the one that is offered first at the head; that one at least. */
export function useDomains(): string[] {
  const first = useQuery(organisationQuery).data?.default_domain;
  const maySee = useQuery(myselfQuery).data?.permissions.includes("users.read") ?? false;
  const { data } = useQuery({ ...domainsQuery, enabled: maySee });
  const all = (data ?? []).filter((one) => one.is_proved).map((one) => one.name);
  const names = all.length > 0 ? all : first ? [first] : [];
  return first ? [first, ...names.filter((name) => name !== first)] : names;
}
