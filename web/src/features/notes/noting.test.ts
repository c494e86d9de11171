import { afterEach, expect, it } from "vitest";
import { answerNote, useNoting, wantAnswer, writeNote } from "./noting";

afterEach(() => {
  writeNote(null);
  document.body.innerHTML = "";
});

it("has one field at a time: a note, or an answer to one", () => {
  writeNote("7");
  answerNote("41");
  expect(useNoting.getState()).toMatchObject({ threadId: null, rootId: "41" });
  writeNote("7");
  expect(useNoting.getState()).toMatchObject({ threadId: "7", rootId: null });
});

it("means the note that has the focus, also from an answer to it, else none in particular", () => {
  document.body.innerHTML = `<div data-note-root="41"><article tabindex="-1"></article></div>`;
  wantAnswer("7");
  expect(useNoting.getState().wantedAnswer).toEqual({ threadId: "7", rootId: null });
  document.querySelector("article")?.focus();
  wantAnswer("7");
  expect(useNoting.getState().wantedAnswer).toEqual({ threadId: "7", rootId: "41" });
});
