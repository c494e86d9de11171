import { describe, expect, it } from "vitest";
import { chatQuote, cleanQuoteHtml, forwardQuote, replyQuote, textToHtml } from "./quote";
import { addrs, makeEmail } from "./testing/make";

const nothingInline = () => null;

describe("a quoted plain text", () => {
  it("is escaped", () => {
    expect(textToHtml("<script>alert(1)</script>\n & more")).not.toContain("<script");
    expect(textToHtml("a\r\nb")).toBe("<div>a<br>b</div>");
  });

  it("names who wrote it without letting the name become markup", () => {
    const email = makeEmail({ from: [{ name: "<img src=x onerror=alert(1)>", email: "bob@x.org" }] });
    const html = replyQuote(email, textToHtml("Hi"));
    expect(html).not.toContain("<img");
    expect(html).toContain("wrote:");
  });

  it("is marked as one to fold, a forward is not", () => {
    expect(replyQuote(makeEmail(), "x")).toContain("posthouse-reply");
    expect(forwardQuote(makeEmail(), "x")).not.toContain("posthouse-reply");
  });

  it("of a forward carries the head of the mail", () => {
    const html = forwardQuote(makeEmail({ subject: "A < B", cc: addrs("carol@x.org") }), "<p>x</p>");
    for (const part of ["From: bob@example.net", "Subject: A &#60; B", "Cc: carol@x.org", "<p>x</p>"]) {
      expect(html).toContain(part);
    }
  });
});

describe("a quoted HTML mail", () => {
  it("loses scripts, handlers, forms, styles and frames", () => {
    const { html } = cleanQuoteHtml(
      `<html><head><style>p{}</style></head><body><script>x</script><p onclick="x()">Hi</p><form><input></form>` +
        `<iframe srcdoc="x"></iframe><svg><script>y</script></svg><p style="background:url(x)">a</p>` +
        `<a href="javascript:alert(1)">l</a><img src="data:image/png;base64,AA" alt="dot"></body></html>`,
      nothingInline,
    );
    expect(html).toContain("Hi");
    expect(html).not.toMatch(/script|onclick|<form|<input|<style|<iframe|<svg|url\(|<img/i);
  });

  it("keeps pictures of the mail by their Content-ID and says which they are", () => {
    const { html, cids } = cleanQuoteHtml(
      `<img src="/api/v1/emails/1/attachments/2/?sig=s" alt="logo"><img src="cid:other">`,
      (url) => (url.includes("/attachments/2/") ? "logo@x" : null),
    );
    expect(html).toContain('src="cid:logo@x"');
    expect(cids).toEqual(["logo@x", "other"]);
  });

  it("names remote pictures by their own address, not by our proxy", () => {
    const proxied = `/api/v1/images/?${new URLSearchParams({ u: "https://pics.example/a.png?x=1", sig: "s" })}`;
    const { html } = cleanQuoteHtml(`<img src="${proxied.replace(/&/g, "&amp;")}">`, nothingInline);
    expect(html).toBe('<img src="https://pics.example/a.png?x=1">');
  });

  it("does not pass invisible pictures on", () => {
    const { html } = cleanQuoteHtml('a<img src="https://t.example/o.gif" width="1" height="1" alt="">b', nothingInline);
    expect(html).toBe("ab");
  });

  it("never sends on an address of this server", () => {
    const here = window.location.origin;
    const { html } = cleanQuoteHtml(
      `<img src="/api/v1/images/?u=%2Fapi%2Fv1%2Fme%2F" alt="chart"><img src="${here}/x.png" alt="own"><a href="/api/v1/x">go</a>`,
      nothingInline,
    );
    expect(html).not.toContain("/api/");
    expect(html).not.toContain("<img");
    expect(html).toContain("chart");
  });
});

describe("what was said in a conversation", () => {
  const words = { subject: "x", name: "<Bob>", where: "Desk & co", at: "2026-11-21T08:00:00Z", html: "" };

  it("is quoted by who said it and where", () => {
    const { html, label } = chatQuote({ ...words, html: "<p>Hi <em>all</em></p>" });
    expect(html).toContain("&#60;Bob&#62; wrote in Desk &#38; co:");
    expect(html).toContain("<p>Hi <em>all</em></p>");
    expect(label).toContain("<Bob>, ");
  });

  it("loses what a mail must not carry", () => {
    const link = `<a href="${window.location.origin}/mail/inbox/1">Open</a>`;
    const { html } = chatQuote({ ...words, html: `<p onclick="x()">a</p><script>b</script>${link}` });
    expect(html).not.toMatch(/onclick|<script|href/);
    expect(html).toContain("Open");
  });
});
