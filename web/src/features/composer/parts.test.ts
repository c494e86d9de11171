import { expect, it } from "vitest";
import type { DraftAttachment } from "../../api/types";
import { withStoredParts } from "./parts";
import { makeAttachment, makeEmail } from "./testing/make";

const stored = (blob_id: string, filename: string, content_id?: string): DraftAttachment => ({
  blob_id,
  filename,
  content_type: "x/y",
  disposition: content_id ? "inline" : "attachment",
  content_id: content_id ?? null,
});

const answer = (...attachments: DraftAttachment[]) =>
  makeEmail({
    is_draft: true,
    draft: { to: [], cc: [], bcc: [], subject: "", html: "", text: null, attachments },
    attachments: attachments.map((one, index) => ({
      part: String(index + 2),
      filename: one.filename,
      content_type: one.content_type,
      size_bytes: 1,
      disposition: one.disposition,
      content_id: one.content_id ?? null,
      url: `/parts/${one.blob_id}`,
      preview_url: null,
      thumbnail_url: null,
      blob_id: one.blob_id,
    })),
  });

const names = (list: { blobId: string | null }[]) => list.map((one) => one.blobId);

it("takes over where the parts live now, pictures by Content-ID and files by order", () => {
  const before = [
    makeAttachment({ key: "a", blobId: "p.1.2", filename: "a.pdf" }),
    makeAttachment({ key: "b", blobId: "p.1.3", disposition: "inline", contentId: "logo@x", url: "/old" }),
    makeAttachment({ key: "c", blobId: "u.9", filename: "a.pdf", url: "blob:here" }),
  ];
  const email = answer(stored("p.2.2", "logo.png", "logo@x"), stored("p.2.3", "a.pdf"), stored("p.2.4", "a.pdf"));
  const after = withStoredParts(before, ["a", "b", "c"], email);
  expect(names(after)).toEqual(["p.2.3", "p.2.2", "p.2.4"]);
  expect(after[1]?.url).toBe("/parts/p.2.2");
  expect(after[2]?.url).toBe("blob:here");
});

it("leaves alone what was attached while the save was under way", () => {
  const before = [makeAttachment({ key: "a", blobId: "p.1.2" }), makeAttachment({ key: "new", blobId: null })];
  expect(names(withStoredParts(before, ["a"], answer(stored("p.2.2", "a"))))).toEqual(["p.2.2", null]);
});

it("does not guess when the answer has other files than were sent", () => {
  const before = [makeAttachment({ key: "a", blobId: "u.1" }), makeAttachment({ key: "b", blobId: "u.2" })];
  expect(names(withStoredParts(before, ["a", "b"], answer(stored("p.2.2", "a"))))).toEqual(["u.1", "u.2"]);
});
