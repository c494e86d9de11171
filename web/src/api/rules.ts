/** Rules: what is to be done with mail that comes in, and tried on mail that is here. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type * as Wire from "./generated/schema";

export type Rule = Wire.Rule;
export type Condition = Wire.RuleCondition;
export type Action = Wire.RuleAction;
export type Run = Wire.RuleRun;
export type Previewed = Wire.RulePreviewed;
export type RuleContent = { match: Wire.MatchEnum; conditions: Condition[]; actions: Action[] };

export const RULES_KEY = ["rules"] as const;
const SOON_MS = 400;

export const rulesQuery = queryOptions({
  queryKey: RULES_KEY,
  queryFn: ({ signal }) => api.get<Wire.Rules>("/rules/", { signal }),
});

/** Of a rule that is being written; asked anew for each thing it says. */
export const previewQuery = (content: Pick<RuleContent, "match" | "conditions"> & { actions?: Action[] }) =>
  queryOptions({
    queryKey: ["rule-preview", content],
    queryFn: ({ signal }) => api.post<Previewed>("/rules/preview/", content, { signal }),
    staleTime: 30_000,
  });

export const isAtWork = (run: Run) => run.state === "running" || run.state === "undoing";

/** Looked at again while it is at work. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ["rule-run", id],
    queryFn: ({ signal }) => api.get<Run>(`/rules/runs/${id}/`, { signal }),
    refetchInterval: ({ state: { data } }) => (data && !isAtWork(data) ? false : SOON_MS),
  });

export const rules = {
  add: (body: RuleContent & { name: string }) => api.post<Rule>("/rules/", body),
  change: (id: string, body: Wire.PatchedRuleChangeRequest) => api.patch<Rule>(`/rules/${id}/`, body),
  remove: (id: string) => api.delete(`/rules/${id}/`),
  apply: (id: string) => api.post<Run>(`/rules/${id}/apply/`),
  undo: (runId: string) => api.post<Run>(`/rules/runs/${runId}/undo/`),
};

export const countOlder = (mailboxId: string, days: number) =>
  queryOptions({
    queryKey: ["retention", mailboxId, days],
    queryFn: ({ signal }) => api.get<Wire.Retention>(`/mailboxes/${mailboxId}/retention/`, { query: { days }, signal }),
  });
