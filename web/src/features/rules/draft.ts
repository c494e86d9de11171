/** A rule while it is written: texts as they are typed, and what of it makes sense already. */
import type { Action, Condition, Rule, RuleContent } from "../../api/rules";
import type { Likeness } from "./likeness";

export type ConditionDraft = Condition & { key: number; amount: string };
export type ActionDraft = Action & { key: number };
export type RuleDraft = { name: string; match: "all" | "any"; conditions: ConditionDraft[]; actions: ActionDraft[] };

const KILO = 1_000;
const MAX_SCORE = 100;
let lastKey = 0;

const nextKey = () => {
  lastKey += 1;
  return lastKey;
};

const PLAIN: Condition = {
  field: "from",
  op: "contains",
  value: "",
  header: "",
  size_bytes: 0,
  score: 0,
  is_negated: false,
};

function amountOf({ field, size_bytes, score }: Condition): string {
  if (field === "score") return score ? String(score) : "";
  return size_bytes ? String(size_bytes / KILO) : "";
}

export function newCondition(facts: Partial<Condition> = {}): ConditionDraft {
  const condition = { ...PLAIN, ...facts };
  return { ...condition, key: nextKey(), amount: amountOf(condition) };
}

export function newAction(facts: Partial<Action> = {}): ActionDraft {
  return { do: "file", mailbox_id: null, forward_id: null, template_id: null, ...facts, key: nextKey() };
}

export function newDraft({ from, list }: Likeness = {}): RuleDraft {
  const first = list
    ? newCondition({ field: "list", op: "is", value: list })
    : newCondition(from ? { op: "is", value: from } : {});
  return { name: "", match: "all", conditions: [first], actions: [newAction()] };
}

export function draftOf(rule: Rule): RuleDraft {
  return {
    name: rule.name,
    match: rule.match,
    conditions: rule.conditions.map((one) => newCondition(one)),
    actions: rule.actions.map((one) => newAction(one)),
  };
}

/** With another field the comparison starts anew, where it has no such one. */
export function withField(draft: ConditionDraft, field: Condition["field"]): ConditionDraft {
  const isText = (one: Condition["field"]) => !["size", "attachment", "alone", "spam", "score"].includes(one);
  const keeps = isText(field) && isText(draft.field) && (draft.op !== "exists" || ["header", "list"].includes(field));
  if (keeps) return { ...draft, field, header: field === "header" ? draft.header : "" };
  const op = field === "size" || field === "score" ? "over" : isText(field) ? "contains" : "exists";
  return { ...newCondition({ field, op }), key: draft.key, value: isText(field) ? draft.value : "" };
}

function conditionOf({ key: _, amount, ...condition }: ConditionDraft): Condition | null {
  const { field, op, value, header } = condition;
  if (field === "header" && !/^[!-9;-~]{1,100}$/.test(header)) return null;
  if (field === "score") {
    const score = Number(amount.replace(",", "."));
    const isScore = amount.trim() !== "" && Math.abs(score) <= MAX_SCORE;
    return isScore ? { ...condition, value: "", header: "", size_bytes: 0, score } : null;
  }
  if (field === "size") {
    const bytes = Math.round(Number(amount.replace(",", ".")) * KILO);
    return bytes > 0 ? { ...condition, value: "", header: "", size_bytes: bytes } : null;
  }
  if (op === "exists") return { ...condition, value: "", size_bytes: 0 };
  return value.trim() ? { ...condition, size_bytes: 0 } : null;
}

const hasMailbox = (action: Action) => action.do === "file" || action.do === "label";

/** What an action has use for; null while that is missing. */
function actionOf(action: Action): Action | null {
  const mailbox_id = hasMailbox(action) ? action.mailbox_id : null;
  const forward_id = action.do === "forward" ? action.forward_id : null;
  const template_id = action.do === "answer" ? action.template_id : null;
  const isWhole =
    !["file", "label", "forward", "answer"].includes(action.do) || mailbox_id || forward_id || template_id;
  return isWhole ? { do: action.do, mailbox_id, forward_id, template_id } : null;
}

/** The conditions that are finished, for a preview; null while none is. */
export function finishedConditions(draft: RuleDraft): Pick<RuleContent, "match" | "conditions"> | null {
  const conditions = draft.conditions.map(conditionOf).filter((one) => one !== null);
  return conditions.length > 0 ? { match: draft.match, conditions } : null;
}

/** All of it, or null while something is missing. */
export function contentOf(draft: RuleDraft): RuleContent | null {
  const found = finishedConditions(draft);
  const actions = draft.actions.map(actionOf).filter((one) => one !== null);
  if (!found || found.conditions.length !== draft.conditions.length) return null;
  if (actions.length === 0 || actions.length !== draft.actions.length) return null;
  return { ...found, actions };
}

/** What a preview is asked: conditions that are finished, and of the actions those that send. */
export function previewOf(draft: RuleDraft): Asked | null {
  const found = finishedConditions(draft);
  const actions = draft.actions
    .map(actionOf)
    .filter((one) => one !== null && (one.do === "forward" || one.do === "answer"))
    .filter((one) => one !== null);
  return found && (actions.length > 0 ? { ...found, actions } : found);
}

export type Asked = Pick<RuleContent, "match" | "conditions"> & { actions?: Action[] };
