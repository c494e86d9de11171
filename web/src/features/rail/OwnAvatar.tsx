import { useQuery } from "@tanstack/react-query";
import { myselfQuery } from "../../api/myself";
import type { Addr } from "../../api/types";
import { Avatar } from "../../ui/Avatar";

/** One's own picture, which comes after what one waits for. */
export function OwnAvatar({ person }: { person: Addr }) {
  const { data } = useQuery(myselfQuery);
  return <Avatar person={person} size={28} src={data?.avatar_url ?? null} />;
}

/** One's address, or what one tells of oneself now. */
export function OwnLine({ person }: { person: Addr }) {
  const status = useQuery(myselfQuery).data?.status;
  return status ? `${status.emoji} ${status.text}`.trim() : person.email;
}
