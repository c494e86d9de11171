/** What the editor knows: everyday formatting, pictures by Content-ID, the signature as one block. */
import { type AnyExtension, mergeAttributes, Node } from "@tiptap/core";
import { Image } from "@tiptap/extension-image";
import { Placeholder } from "@tiptap/extensions";
import { StarterKit } from "@tiptap/starter-kit";

/** Shown by its `src`, sent by its `data-cid`. */
const InlineImage = Image.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      cid: {
        default: null,
        parseHTML: (element) => element.getAttribute("data-cid"),
        renderHTML: ({ cid }) => (cid ? { "data-cid": cid } : {}),
      },
    };
  },
}).configure({ inline: true, allowBase64: false });

/** Kept apart, so that another identity's signature can take its place. */
const Signature = Node.create({
  name: "signature",
  group: "block",
  content: "block+",
  defining: true,
  parseHTML: () => [{ tag: "div.posthouse-signature" }],
  renderHTML: ({ HTMLAttributes }) => ["div", mergeAttributes(HTMLAttributes, { class: "posthouse-signature" }), 0],
});

export function textExtensions(placeholder: string): AnyExtension[] {
  return [
    StarterKit.configure({
      heading: { levels: [1, 2, 3] },
      // It would change a draft by opening it; every block here can be left by keys.
      trailingNode: false,
      link: {
        openOnClick: false,
        autolink: true,
        linkOnPaste: true,
        defaultProtocol: "https",
        protocols: ["mailto", "tel"],
        HTMLAttributes: { rel: null, target: null },
      },
      dropcursor: { color: "var(--accent)", width: 2 },
    }),
    Placeholder.configure({ placeholder, showOnlyCurrent: false }),
  ];
}

export function mailExtensions(placeholder: string): AnyExtension[] {
  return [...textExtensions(placeholder), InlineImage, Signature];
}
