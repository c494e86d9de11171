"""E-mail HTML to HTML that may be shown: nothing runs, nothing loads unasked, the layout stays.

What is removed and why is in the security table of the mail reference: scripts and their many disguises,
forms (phishing inside the frame), `meta`/`base`/`link`/`object`/`iframe`, comments (Outlook's conditional
ones too), and every construct that would fetch something before the reader agreed to it.
"""

from __future__ import annotations

import html as stdlib_html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import nh3

from posthouse.wire.html import css
from posthouse.wire.html.resources import BLOCK_REMOTE, RemotePolicy, Resources, safe_link
from posthouse.wire.html.soup import ALLOWED, Balanced, balance

MAX_HTML_CHARS = 4_000_000
MAX_STYLE_CHARS = 262_144
MAX_INLINE_STYLE_CHARS = 1_000_000
MAX_VALUE_CHARS = 4_096

_SIZES = {"width", "height", "align", "valign", "bgcolor", "background"}
_CELL = _SIZES | {"colspan", "rowspan", "nowrap", "scope", "headers", "abbr"}
_EVERYWHERE = {"style", "class", "id", "title", "dir", "lang", "align"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": _EVERYWHERE,
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "border", "hspace", "vspace"},
    "table": _SIZES | {"border", "cellpadding", "cellspacing", "bordercolor", "frame", "rules", "summary"},
    "tr": _SIZES | {"bordercolor"},
    "td": _CELL | {"bordercolor"},
    "th": _CELL | {"bordercolor"},
    "tbody": _SIZES,
    "thead": _SIZES,
    "tfoot": _SIZES,
    "col": {"span", "width", "valign"},
    "colgroup": {"span", "width", "valign"},
    "font": {"color", "face", "size"},
    "hr": {"width", "size", "color", "noshade"},
    "ol": {"start", "type", "reversed"},
    "ul": {"type"},
    "li": {"value", "type"},
    "blockquote": {"type"},
    "bdo": {"dir"},
    "details": {"open"},
    "pre": {"width"},
}
_LINK_ATTRIBUTES = {"target": "_blank", "rel": "noopener noreferrer nofollow"}
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
_COLOUR_ATTRIBUTES = {"bgcolor", "background", "color"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeHtml:
    """`html` is a fragment for a body: style sheets first, then balanced markup.

    `has_remote_content` says that the mail wanted something from elsewhere, shown or not; `cids` are the
    Content-IDs it refers to; `sets_colours` that it brings its own colours; `truncated` that a limit cut it.
    """

    html: str
    has_remote_content: bool = False
    remote_count: int = 0
    cids: frozenset[str] = frozenset()
    sets_colours: bool = False
    truncated: bool = False


def sanitize(html: str, *, cid: Callable[[str], str | None], remote: RemotePolicy = BLOCK_REMOTE) -> SafeHtml:
    """Make e-mail HTML safe for a sandboxed frame. Never raises; linear in the length of `html`.

    `cid` gives our URL for a Content-ID (None: no such part); `remote.proxy` gives our URL for a remote image
    (None: show none). Both must return same-origin URLs.
    """
    resources = Resources(cid=cid, remote=remote)
    balanced = balance(html[:MAX_HTML_CHARS])
    cleaner = Cleaner(resources)
    sheets = _sheets(balanced, resources)
    body = cleaner.clean(_body_wrapped(balanced))
    return SafeHtml(
        html=(f"<style>{sheets}</style>" if sheets else "") + body,
        has_remote_content=resources.remote_seen > 0,
        remote_count=resources.remote_seen,
        cids=frozenset(resources.cids),
        sets_colours=cleaner.sets_colours or css.sets_colours(sheets),
        truncated=balanced.truncated or len(html) > MAX_HTML_CHARS,
    )


def _sheets(balanced: Balanced, resources: Resources) -> str:
    left, out = MAX_STYLE_CHARS, []
    for sheet in balanced.styles:
        if left <= 0:
            break
        out.append(css.stylesheet(sheet[:left], resources.image))
        left -= len(sheet)
    return "".join(out)


def _body_wrapped(balanced: Balanced) -> str:
    """The mail inside a `div` that carries what its `<body>` said, since a fragment has no body."""
    style = _body_style({name: stdlib_html.unescape(value) for name, value in balanced.body.items()})
    if not style and "class" not in balanced.body and "id" not in balanced.body:
        return balanced.html
    kept = {
        name: stdlib_html.unescape(balanced.body[name])
        for name in ("id", "class", "dir", "lang")
        if name in balanced.body
    }
    attributes = "".join(f' {name}="{stdlib_html.escape(value)}"' for name, value in kept.items())
    return f'<div{attributes} style="{stdlib_html.escape(style)}">{balanced.html}</div>'


def _body_style(body: dict[str, str]) -> str:
    parts = []
    if colour := body.get("bgcolor"):
        parts.append(f"background-color:{_colour(colour)}")
    if colour := body.get("text"):
        parts.append(f"color:{_colour(colour)}")
    if style := body.get("style"):
        parts.append(style)
    return ";".join(parts)


def _colour(value: str) -> str:
    value = value.strip()
    return "#" + value if re.fullmatch(r"[0-9a-fA-F]{6}", value) else value


@dataclass(slots=True)
class Cleaner:
    """nh3 with our allow-list and a decision on every attribute value."""

    resources: Resources
    tags: frozenset[str] = ALLOWED
    attributes: dict[str, set[str]] = field(default_factory=lambda: _ATTRIBUTES)
    link_attributes: dict[str, str] = field(default_factory=lambda: _LINK_ATTRIBUTES)
    sets_colours: bool = False
    _styles: dict[str, str] = field(default_factory=dict)
    _style_chars: int = 0

    def clean(self, html: str) -> str:
        return nh3.clean(
            html,
            tags=set(self.tags),
            clean_content_tags={
                "script",
                "style",
                "title",
                "textarea",
                "svg",
                "math",
                "template",
                "noscript",
            },
            attributes=self.attributes,
            attribute_filter=self._attribute,
            set_tag_attribute_values={"a": self.link_attributes},
            link_rel=None,
            url_schemes=_SCHEMES,
            strip_comments=True,
        )

    def _attribute(self, tag: str, name: str, value: str) -> str | None:
        if tag == "a" and name in self.link_attributes:
            return self.link_attributes[name]
        if name in _COLOUR_ATTRIBUTES:
            self.sets_colours = True
        if name == "style":
            return self._style(value)
        if name in {"src", "background"}:
            return self.resources.image(value)
        if name == "href":
            return safe_link(value)
        if len(value) > MAX_VALUE_CHARS:
            return None
        return value.replace("<", "‹").replace(">", "›")

    def _style(self, value: str) -> str | None:
        cleaned = self._styles.get(value)
        if cleaned is None:
            self._style_chars += len(value)
            if self._style_chars > MAX_INLINE_STYLE_CHARS:
                return None
            cleaned = self._styles[value] = css.declarations(value, self.resources.image)
            self.sets_colours = self.sets_colours or css.sets_colours(cleaned)
        return cleaned or None
