/** Oneself with what one may do; what is drawn for it the server checks anyway. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./call";

export const myselfQuery = queryOptions({
  queryKey: ["myself"],
  queryFn: ({ signal }) => call("GET /api/v1/users/me/", { signal }),
  staleTime: 60_000,
});
