import { describe, expect, it } from "vitest";
import { fromWireHtml, ownText, toWireHtml, usedCids, withQuoteInText, withSignature } from "./wire";

const noUrl = () => null;

describe("what is sent", () => {
  it("has a line per paragraph, so that it looks the same everywhere", () => {
    expect(toWireHtml("<p>Hi</p><p></p><p>Bye</p>", null)).toBe("<div>Hi</div><div><br></div><div>Bye</div>");
  });

  it("names pictures by their Content-ID", () => {
    const html = toWireHtml('<p><img src="blob:http://x/1" data-cid="a@b"></p>', null);
    expect(html).toContain('src="cid:a@b"');
    expect(html).not.toContain("blob:");
  });

  it("ends with the quote", () => {
    const quote = '<div class="posthouse-quote"><blockquote>old</blockquote></div>';
    expect(toWireHtml("<p>new</p>", quote).endsWith(quote)).toBe(true);
  });
});

describe("a draft opened again", () => {
  it("falls into the same pieces", () => {
    const body = "<p>Hi <strong>you</strong></p><p></p><ul><li><p>one</p></li></ul>";
    const quote =
      '<div class="posthouse-quote"><div>On Tue, Bob wrote:</div><blockquote><div>old</div></blockquote></div>';
    const pieces = fromWireHtml(toWireHtml(body, quote), noUrl);
    expect(pieces).toEqual({ bodyHtml: body, quoteHtml: quote });
    expect(toWireHtml(pieces.bodyHtml, pieces.quoteHtml)).toBe(toWireHtml(body, quote));
  });

  it("is all body when the marks are gone", () => {
    const pieces = fromWireHtml("<div>Hi</div><blockquote><div>old</div></blockquote>", noUrl);
    expect(pieces.quoteHtml).toBeNull();
    expect(pieces.bodyHtml).toContain("old");
  });

  it("shows its pictures", () => {
    const { bodyHtml } = fromWireHtml('<div>x<img src="cid:a@b"></div>', (cid) => `/files/${cid}`);
    expect(bodyHtml).toContain('data-cid="a@b"');
    expect(bodyHtml).toContain('src="/files/a@b"');
    expect(usedCids(bodyHtml)).toEqual(["a@b"]);
  });
});

it("a quote taken into the text is text from then on, with its pictures", () => {
  const quote =
    '<div class="posthouse-quote"><div>Bob wrote:</div><blockquote><img src="cid:a@b">old</blockquote></div>';
  const html = withQuoteInText("<p>new</p>", quote, (cid) => `/files/${cid}`);
  expect(html).toContain('src="/files/a@b"');
  expect(html).not.toContain("posthouse-quote");
  expect(fromWireHtml(toWireHtml(html, null), noUrl).quoteHtml).toBeNull();
});

describe("the signature", () => {
  it("goes below an empty line and is replaced, not repeated", () => {
    const first = withSignature("", "<p>Alice</p>");
    expect(first).toBe('<p></p><p></p><div class="posthouse-signature"><p>Alice</p></div>');
    expect(withSignature(first, "<p>Sales</p>")).toBe(
      '<p></p><p></p><div class="posthouse-signature"><p>Sales</p></div>',
    );
    expect(withSignature(first, "")).toBe("<p></p><p></p>");
  });

  it("is none of one's own words", () => {
    expect(ownText(withSignature("<p>Hi<br>there</p><p>x</p>", "<p>attached to life</p>"))).toBe("Hi\nthere\nx");
  });
});
