/** Rules in words, as a sentence of them reads. */
import type { Forward } from "../../api/automatic";
import type { Action, Condition, Rule } from "../../api/rules";
import type { Template } from "../../api/templates";
import type { Mailbox } from "../../api/types";
import { sizeText } from "../../lib/bytes";
import { t } from "../../lib/i18n";
import { flatten, mailboxTree } from "../../lib/mailbox-tree";
import { mailboxName } from "../../lib/place";
import type { SelectOption } from "../../ui/Select";

type Field = Condition["field"];

const FIELDS: { [field in Field]: string } = {
  from: "the sender",
  to: "To or Cc",
  recipient: "any recipient",
  subject: "the subject",
  body: "the text",
  header: "a header field",
  list: "the mailing list",
  size: "the size",
  attachment: "an attachment",
  alone: "mail for me alone",
  spam: "what the filter takes for junk",
  score: "the junk score",
};

export const fieldOptions = (): SelectOption<Field>[] =>
  (Object.keys(FIELDS) as Field[]).map((value) => ({ value, label: t(FIELDS[value]) }));

/** The comparison and whether it is turned round, in one word of a list. */
export type Verb = { op: Condition["op"]; is_negated: boolean; words: string };

const verb = (op: Condition["op"], words: string, negated: string): Verb[] => [
  { op, is_negated: false, words },
  { op, is_negated: true, words: negated },
];

const TEXT = [
  ...verb("contains", "contains", "does not contain"),
  ...verb("is", "is", "is not"),
  ...verb("starts", "starts with", "does not start with"),
  ...verb("ends", "ends with", "does not end with"),
  ...verb("matches", "matches", "does not match"),
];
const THERE = verb("exists", "is there", "is not there");
const FOUND = verb("exists", "it is", "it is not");
const SIZE: Verb[] = [
  { op: "over", is_negated: false, words: "is over" },
  { op: "under", is_negated: false, words: "is under" },
];

export function verbsOf(field: Field): Verb[] {
  if (field === "size" || field === "score") return SIZE;
  if (field === "spam") return FOUND;
  if (field === "attachment" || field === "alone") return THERE;
  return field === "header" || field === "list" ? [...TEXT, ...THERE] : TEXT;
}

export const DEEDS: { [deed in Action["do"]]: string } = {
  file: "file it in",
  label: "label it",
  read: "mark it as read",
  star: "star it",
  trash: "delete it",
  forward: "forward it to",
  answer: "answer with",
  stop: "ask no further rule",
};

export const deedOptions = (): SelectOption<Action["do"]>[] =>
  (Object.keys(DEEDS) as Action["do"][]).map((value) => ({ value, label: t(DEEDS[value]) }));

/** Where mail may be filed: not where only what one writes lies. */
export function mailboxOptions(mailboxes: readonly Mailbox[]): SelectOption<string>[] {
  return flatten(mailboxTree(mailboxes))
    .filter(({ mailbox }) => mailbox.role !== "drafts" && mailbox.role !== "sent")
    .map(({ mailbox, inside }) => ({
      value: mailbox.id,
      label: [inside, mailboxName(mailbox)].filter(Boolean).join(" / "),
    }));
}

export function conditionWords(one: Condition): string {
  const found = verbsOf(one.field).find(({ op, is_negated }) => op === one.op && is_negated === one.is_negated);
  const verbWords = t(found?.words ?? one.op);
  const name = one.field === "header" ? one.header : t(FIELDS[one.field]);
  if (one.field === "spam")
    return one.is_negated ? t("the filter does not take it for junk") : t("the filter takes it for junk");
  if (one.field === "score") return `${name} ${verbWords} ${one.score}`;
  if (one.field === "size") return `${name} ${verbWords} ${sizeText(one.size_bytes)}`;
  return one.op === "exists" ? `${name} ${verbWords}` : `${name} ${verbWords} “${one.value}”`;
}

/** What rules may name beside mailboxes. */
export type Named = { forwards: readonly Forward[]; templates: readonly Template[] };

const NOTHING: Named = { forwards: [], templates: [] };

function actionWords(one: Action, mailboxes: readonly Mailbox[], { forwards, templates }: Named): string {
  if (one.do === "forward")
    return `${t(DEEDS.forward)} ${forwards.find(({ id }) => id === one.forward_id)?.address ?? t("an address")}`;
  if (one.do === "answer")
    return `${t(DEEDS.answer)} “${templates.find(({ id }) => id === one.template_id)?.name ?? t("a template")}”`;
  const mailbox = mailboxes.find(({ id }) => id === one.mailbox_id);
  const name = mailbox ? mailboxName(mailbox) : t("a mailbox that is gone");
  return one.mailbox_id === null ? t(DEEDS[one.do]) : `${t(DEEDS[one.do])} ${name}`;
}

/** "When the sender is “ann@example.org”, file it in Work". */
export function sentenceOf(
  rule: Pick<Rule, "match" | "conditions" | "actions">,
  mailboxes: readonly Mailbox[],
  named: Named = NOTHING,
): string {
  const joint = rule.match === "all" ? t(" and ") : t(" or ");
  return t("When {what}, {deeds}", {
    what: rule.conditions.map(conditionWords).join(joint),
    deeds: rule.actions.map((one) => actionWords(one, mailboxes, named)).join(", "),
  });
}

/** A name for who gave none. */
export function nameFor(rule: Pick<Rule, "conditions">): string {
  const first = rule.conditions[0];
  return first ? (first.value || conditionWords(first)).slice(0, 60) : t("Rule");
}
