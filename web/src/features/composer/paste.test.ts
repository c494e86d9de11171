import { expect, it } from "vitest";
import { cleanPastedHtml, filesOf, sorted } from "./paste";

it("drops pictures that would call home, styles and classes, and keeps words and their weight", () => {
  const html = cleanPastedHtml(
    `<style>p{}</style><p class="MsoNormal" style="color:red;font-weight:700">Hi<img src="https://t.example/x.gif" alt=""></p>`,
  );
  expect(html).toBe('<p style="font-weight:700">Hi</p>');
});

it("leaves pictures that are already part of the mail", () => {
  expect(cleanPastedHtml('<p><img src="blob:x" data-cid="a@b"></p>')).toContain('data-cid="a@b"');
});

const clipboard = (files: File[], html: string) =>
  ({ files, getData: () => html, types: [] }) as unknown as DataTransfer;
const picture = new File(["x"], "shot.png", { type: "image/png" });

it("takes a screenshot as a picture and a document as a file", () => {
  const paper = new File(["x"], "a.pdf", { type: "application/pdf" });
  expect(filesOf(clipboard([picture, paper], ""))).toEqual({ images: [picture], others: [paper] });
  expect(sorted([paper, picture])).toEqual({ images: [picture], others: [paper] });
  expect(filesOf(clipboard([picture], '<img src="https://x/y.png">')).images).toEqual([picture]);
});

it("prefers the text when an office program adds a picture of it", () => {
  expect(filesOf(clipboard([picture], "<p>Cell A1</p>"))).toEqual({ images: [], others: [] });
});
