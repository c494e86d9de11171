/** Colleagues, as far as each shows themselves. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./call";
import type * as Wire from "./generated/schema";

export type Person = Wire.UserShape;

export const personCardQuery = (id: string) =>
  queryOptions({
    queryKey: ["person-card", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/users/{user_id}/", { path: { user_id: id }, signal }),
    staleTime: 60_000,
  });
