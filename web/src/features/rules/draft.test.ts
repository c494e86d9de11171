import { describe, expect, it } from "vitest";
import { mailbox } from "../../testing/make";
import {
  contentOf,
  draftOf,
  finishedConditions,
  newAction,
  newCondition,
  newDraft,
  previewOf,
  withField,
} from "./draft";
import { nameFor, sentenceOf } from "./words";

const NONE = { mailbox_id: null, forward_id: null, template_id: null };
const work = mailbox({ id: "w", name: "Work", role: null });

describe("a rule while it is written", () => {
  it("begins with the sender of an e-mail, and is whole once a mailbox is chosen", () => {
    const draft = newDraft({ from: "ann@example.org" });
    expect(contentOf(draft)).toBeNull();
    expect(finishedConditions(draft)?.conditions).toMatchObject([
      { field: "from", op: "is", value: "ann@example.org" },
    ]);
    const whole = contentOf({ ...draft, actions: [newAction({ mailbox_id: "w" })] });
    expect(whole?.actions).toEqual([{ ...NONE, do: "file", mailbox_id: "w" }]);
  });

  it("keeps what was typed from one text to another, and nothing for what has no text", () => {
    const typed = newCondition({ field: "from", op: "ends", value: "@example.org", is_negated: true });
    expect(withField(typed, "subject")).toMatchObject({ op: "ends", value: "@example.org", is_negated: true });
    expect(withField(typed, "size")).toMatchObject({ op: "over", value: "", is_negated: false });
    expect(withField(typed, "alone")).toMatchObject({ op: "exists", value: "" });
  });

  it("drops a mailbox that an action has no use for, and reads sizes in kilobytes", () => {
    const size = { ...newCondition({ field: "size", op: "over" }), amount: "1,5" };
    const draft = { ...newDraft(), conditions: [size], actions: [newAction({ do: "star", mailbox_id: "w" })] };
    expect(contentOf(draft)).toEqual({
      match: "all",
      conditions: [{ field: "size", op: "over", value: "", header: "", size_bytes: 1500, score: 0, is_negated: false }],
      actions: [{ ...NONE, do: "star" }],
    });
    expect(contentOf({ ...draft, conditions: [{ ...size, amount: "much" }] })).toBeNull();
  });

  it("previews what is finished while the rest is not, and does not save it", () => {
    const half = { ...newDraft({ from: "a@b.c" }), actions: [newAction({ do: "star" })] };
    const draft = { ...half, conditions: [...half.conditions, newCondition({ field: "header", value: "x" })] };
    expect(finishedConditions(draft)?.conditions).toHaveLength(1);
    expect(contentOf(draft)).toBeNull();
  });

  it("names where it forwards to and what it answers with, and nothing else", () => {
    const half = newDraft({ from: "a@b.c" });
    const forward = newAction({ do: "forward", mailbox_id: "w", template_id: "t" });
    expect(contentOf({ ...half, actions: [forward] })).toBeNull();
    const actions = [
      { ...forward, forward_id: "f" },
      newAction({ do: "answer", template_id: "t" }),
      newAction({ do: "star" }),
    ];
    const sending = [
      { ...NONE, do: "forward", forward_id: "f" },
      { ...NONE, do: "answer", template_id: "t" },
    ];
    expect(contentOf({ ...half, actions })?.actions).toEqual([...sending, { ...NONE, do: "star" }]);
    expect(previewOf({ ...half, actions })?.actions).toEqual(sending);
    expect(previewOf({ ...half, actions: [forward] })).not.toHaveProperty("actions");
  });

  it("is the same again when it comes from the server", () => {
    const content = {
      match: "any" as const,
      conditions: [
        {
          field: "size" as const,
          op: "under" as const,
          value: "",
          header: "",
          size_bytes: 2500,
          score: 0,
          is_negated: false,
        },
      ],
      actions: [{ ...NONE, do: "trash" as const }],
    };
    const rule = {
      ...content,
      id: "1",
      account_id: "a",
      name: "n",
      position: 1,
      is_enabled: true,
      is_broken: false,
      last_run: null,
    };
    expect(contentOf(draftOf(rule))).toEqual(content);
  });
});

describe("its words", () => {
  it("read as a sentence", () => {
    const content = contentOf({
      name: "",
      match: "all",
      conditions: [
        newCondition({ op: "is", value: "ann@example.org" }),
        newCondition({ field: "attachment", op: "exists", is_negated: true }),
      ],
      actions: [newAction({ mailbox_id: "w" }), newAction({ do: "read" })],
    });
    if (!content) throw new Error("it is whole");
    expect(sentenceOf(content, [work])).toBe(
      "When the sender is “ann@example.org” and an attachment is not there, file it in Work, mark it as read",
    );
    expect(sentenceOf(content, [])).toContain("a mailbox that is gone");
    expect(nameFor(content)).toBe("ann@example.org");
  });
});
