import { useNavigate } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";
import { createElement, memo } from "react";
import { cx } from "../../lib/classes";

/** As the server's own list (conversations/markdown.py): what is not named here is not drawn. */
const TAGS = new Set(
  "a blockquote br code del em h1 h2 h3 h4 h5 h6 hr li ol p pre s span strong table tbody td th thead tr ul".split(" "),
);
const LINK = /^(https?:\/\/|mailto:)/i;
/** A heading inside a message is no heading of the page. */
const HEADING = /^h[1-6]$/;
const DEEPEST = 40;

/** The server's safe HTML as elements of our own: nothing of it is ever set as markup. */
export const MessageBody = memo(function MessageBody({ html, meId }: { html: string; meId: string }) {
  const navigate = useNavigate();
  const body = new DOMParser().parseFromString(html, "text/html").body;
  // A link to a place of ours goes there without loading the page anew.
  const follow = (event: MouseEvent) => {
    const href = placeOf(event);
    if (!href) return;
    event.preventDefault();
    void navigate({ href });
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of a link click it
    // biome-ignore lint/a11y/noStaticElementInteractions: only the links inside are clicked
    <div dir="auto" className="message-body" onClick={follow}>
      {childrenOf(body, meId, 0)}
    </div>
  );
});

/** Of a plain click on a link to ourselves. */
function placeOf(event: MouseEvent): string | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = (event.target as Element).closest("a[href]");
  const href = link?.getAttribute("href") ?? "";
  return isOurs(href) && !link?.hasAttribute("target") ? href.slice(window.location.origin.length) : null;
}

const isOurs = (href: string) => href.startsWith(`${window.location.origin}/`);

function childrenOf(element: Element, meId: string, depth: number): ReactNode[] {
  if (depth > DEEPEST) return [element.textContent];
  return [...element.childNodes].map((node, index) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent;
    return node instanceof Element ? nodeOf(node, meId, depth, index) : null;
  });
}

function nodeOf(element: Element, meId: string, depth: number, key: number): ReactNode {
  const tag = element.localName;
  if (!TAGS.has(tag)) return element.textContent;
  if (tag === "br" || tag === "hr") return createElement(tag, { key });
  const inner = childrenOf(element, meId, depth + 1);
  if (tag === "span") return mention(element, meId, key);
  if (tag === "a") return link(element, inner, key);
  // What is wider than the pane scrolls in itself, also by the keyboard.
  if (tag === "table")
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keys
      <div key={key} className="table-frame" tabIndex={0}>
        <table>{inner}</table>
      </div>
    );
  if (tag === "pre")
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keys
      <pre key={key} tabIndex={0}>
        {inner}
      </pre>
    );
  if (HEADING.test(tag)) return createElement("p", { key, className: "font-semibold" }, inner);
  if (tag === "ol") return createElement(tag, { key, start: Number(element.getAttribute("start") ?? 1) }, inner);
  return createElement(tag, { key }, inner);
}

function mention(element: Element, meId: string, key: number): ReactNode {
  const whom = element.getAttribute("data-mention");
  if (whom === null) return <span key={key}>{element.textContent}</span>;
  const isMe = whom === `user:${meId}` || whom === "here" || whom === "channel";
  return (
    <span
      key={key}
      className={cx("rounded px-0.5 font-medium", isMe ? "bg-found text-ink" : "bg-accent-soft text-ink")}
    >
      {element.textContent}
    </span>
  );
}

function link(element: Element, inner: ReactNode[], key: number): ReactNode {
  const href = element.getAttribute("href") ?? "";
  if (!LINK.test(href)) return <span key={key}>{inner}</span>;
  return (
    <a
      key={key}
      href={href}
      title={element.getAttribute("title") ?? undefined}
      {...(isOurs(href) ? {} : { target: "_blank", rel: "noopener noreferrer nofollow" })}
    >
      {inner}
    </a>
  );
}
