"""What people write, as HTML that may be shown: CommonMark with tables and strikethrough, links found, mentions marked.

Raw HTML is text here, and what comes out goes through a sanitiser that knows only the elements made below, so a fault
in one of the two lets nothing through. No picture is ever loaded from elsewhere: `![x](url)` becomes a link.

Mentions are `@[Name](user:ID)`, `@[Name](group:ID)`, `@here` and `@channel`, not in code. The name that is shown is the
one that the directory has, whatever was written.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MAX_CHARS = 16_000
MAX_MENTIONS = 50
_NAMED = re.compile(r"@\[([^\]\n]{1,200})\]\((user|group):([0-9]{1,19})\)")
_WIDE = re.compile(r"@(here|channel)(?!\w)")
_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "ol": {"start"},
    "span": {"data-mention"},
    "td": {"align"},
    "th": {"align"},
}
_LANGUAGE = re.compile(r"language-[A-Za-z0-9+#_.-]{1,30}")


class Mentioned(NamedTuple):
    """`kind` is user, group, channel or here; the latter two have the id 0."""

    kind: str
    id: int
    name: str


Names = Mapping[tuple[str, int], str]
"""What the directory calls people and groups; who is not in it is not mentioned."""


class Rendered(NamedTuple):
    html: str
    mentions: list[Mentioned]

    @property
    def has_links(self) -> bool:
        """Whether it leads to somewhere on the web."""
        return '<a href="http' in self.html


def plain(text: str) -> str:
    """With the names of those who are named, in place of how a mention is written."""
    return _NAMED.sub(r"@\1", text)


def named_in(text: str) -> list[tuple[str, int]]:
    """The kinds and ids that a text names, for the directory to be asked about."""
    found = dict.fromkeys((match[2], int(match[3])) for match in _NAMED.finditer(text))
    return list(found)[:MAX_MENTIONS]


def render(text: str, names: Names) -> Rendered:
    """Linear in the text, and safe whatever it says."""
    environment: dict[str, Any] = {"names": names, "mentions": {}}
    made = _PARSER.render(text, environment)
    safe = nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Rendered(safe.strip(), list(environment["mentions"].values())[:MAX_MENTIONS])


def links_in(text: str, most: int) -> list[str]:
    """The first web addresses that a text leads to, each once, without their fragments; not in code, not in quotes."""
    found: dict[str, None] = {}
    quotes = 0
    for token in _PARSER.parse(text, {"names": {}, "mentions": {}}):
        quotes += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        for child in token.children or () if not quotes else ():
            target = str(child.attrGet("href" if child.type == "link_open" else "src") or "")
            if target.startswith(("http://", "https://")):
                found[target.partition("#")[0]] = None
        if len(found) >= most:
            break
    return list(found)[:most]


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "code" and name == "class":
        return value if _LANGUAGE.fullmatch(value) else None
    return value


def _mention(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 the parser's own form
    if state.src[state.pos] != "@":
        return False
    before = state.src[state.pos - 1] if state.pos else " "
    if before.isalnum() or before == "_":
        return False
    match = _NAMED.match(state.src, state.pos) or _WIDE.match(state.src, state.pos)
    if match is None:
        return False
    found = _mentioned(match, state.env["names"])
    if found is None:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.meta = {"mention": found}
        state.env["mentions"][found.kind, found.id] = found
    state.pos = match.end()
    return True


def _mentioned(match: re.Match[str], names: Names) -> Mentioned | None:
    if match.re is _WIDE:
        return Mentioned(match[1], 0, match[1])
    name = names.get((match[2], int(match[3])))
    return None if name is None else Mentioned(match[2], int(match[3]), name)


def _show_mention(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, environment: Any
) -> str:
    found: Mentioned = tokens[index].meta["mention"]
    value = found.kind if not found.id else f"{found.kind}:{found.id}"
    return f'<span data-mention="{value}">@{html.escape(found.name)}</span>'


def _show_picture(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, environment: Any
) -> str:
    token = tokens[index]
    url = html.escape(str(token.attrGet("src") or ""))
    return f'<a href="{url}">{html.escape(token.content or url)}</a>'


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True, "maxNesting": 20})
    parser.enable(["table", "strikethrough", "linkify"])
    parser.inline.ruler.before("link", "mention", _mention)
    parser.add_render_rule("mention", _show_mention)
    parser.add_render_rule("image", _show_picture)
    return parser


_PARSER = _parser()
