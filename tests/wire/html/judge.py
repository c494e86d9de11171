"""A second opinion: another parser (lexbor) reads what the sanitiser put out and lists its faults."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FORBIDDEN_TAGS = _words("""
    script iframe frame frameset object embed applet svg math form input button select textarea link meta base
    video audio source track picture noscript template xmp plaintext noembed noframes area map dialog
    """)
URL_ATTRIBUTES = _words("src href background srcset poster action formaction data cite ping xlink:href")
_LINK = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
_LOADS = re.compile(r"(/proxy\?|/part/|data:image/(png|jpeg|gif|webp|bmp);)")
_CSS_LOAD = re.compile(r"""url\(\s*["']?+(?!/proxy\?|/part/|data:image/)""", re.IGNORECASE)
_CSS_BAD = re.compile(
    r"expression|behavior|binding|@import|@font-face|image-set|var\(|\\7[25]|javascript:", re.I
)


def faults(html: str) -> list[str]:
    """What is dangerous in a sanitised fragment; empty when nothing is."""
    found: list[str] = []
    tree = LexborHTMLParser(f"<!DOCTYPE html><html><head></head><body>{html}</body></html>")
    for node in tree.css("body, body *"):
        tag = node.tag or ""
        if tag in FORBIDDEN_TAGS:
            found.append(f"tag {tag}")
        if tag == "style":
            found.extend(_css_faults(node.text()))
        for name, value in node.attributes.items():
            found.extend(_attribute_faults(tag, name, value or ""))
    if "<!--" in html:
        found.append("comment")
    return found


def _attribute_faults(tag: str, name: str, value: str) -> list[str]:
    if name.startswith("on"):
        return [f"handler {name}"]
    if name == "style":
        return _css_faults(value)
    if name in URL_ATTRIBUTES:
        allowed = _LINK if (tag, name) == ("a", "href") else _LOADS
        known = (tag, name) == ("a", "href") or name in {"src", "background"}
        return [] if known and allowed.match(value) else [f"{tag} {name}={value!r}"]
    return [f"{name}={value!r}"] if "<" in value else []


def _css_faults(css: str) -> list[str]:
    found = [f"css load {css!r}"] if _CSS_LOAD.search(css) else []
    if _CSS_BAD.search(css) or "<" in css:
        found.append(f"css {css!r}")
    return found
