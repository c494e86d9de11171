"""Tag soup in, a balanced and bounded stream of allowed tags out.

HTML parsers take time and memory that grow with the square of hostile input: deep nesting makes every scope
check long, and an unclosed `<font>` is rebuilt in each paragraph that follows. So before a real parser sees
a mail, this pass reads it once, drops comments and every tag we would drop anyway, closes what is left
open, and holds depth and count under a limit. It tokenises as WHATWG HTML §13.2.5 does, but safety never
rests on that: the parser after it judges what this one let through.

Invariants: every start tag put out is matched by one end tag, in order; the stack never exceeds MAX_DEPTH;
each input character is scanned a constant number of times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_DEPTH = 200
MAX_TAGS = 60_000
MAX_REOPENED = 8
MAX_REOPENED_CHARS = 200_000
MAX_ATTRIBUTES = 64


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = frozenset({"br", "hr", "img", "wbr", "col"})
FORMATTING = _words("a b big code em font i s small strike strong tt u")
INLINE = FORMATTING | _words(
    "span abbr acronym bdi bdo cite data del dfn ins kbd mark q samp sub sup time var ruby rb rt rp"
)
TABLE_PARTS = _words("caption colgroup tbody thead tfoot tr td th")
BLOCKS = _words(
    "address article aside blockquote center details dd dir div dl dt fieldset figcaption figure footer h1 h2"
    " h3 h4 h5 h6 header hgroup legend li main menu nav ol p pre section summary table ul"
)
ALLOWED = VOID | INLINE | TABLE_PARTS | BLOCKS

# A start tag closes the nearest of these, but looks no further down than the second set.
_CELLS = frozenset({"td", "th"})
_TABLE = frozenset({"table"})
_BARRIERS = frozenset({"table", "td", "th", "caption"})
_CLOSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), _BARRIERS | {"ul", "ol", "menu", "dir"}),
    "dt": (frozenset({"dt", "dd"}), _BARRIERS | {"dl"}),
    "dd": (frozenset({"dt", "dd"}), _BARRIERS | {"dl"}),
    "td": (_CELLS, _TABLE | {"tr"}),
    "th": (_CELLS, _TABLE | {"tr"}),
    "tr": (frozenset({"tr", "caption", "colgroup"}), _TABLE),
    **{
        name: (frozenset({"tbody", "thead", "tfoot", "caption", "colgroup"}), _TABLE)
        for name in ("tbody", "thead", "tfoot", "caption", "colgroup")
    },
}

# Their content is no part of what the mail says, or would be read by other rules (foreign content).
_DROPPED_WHOLE = _words(
    "script title textarea xmp iframe noembed noframes noscript svg math template select object applet"
    " audio video frameset"
)
_RAW = _words("script style title textarea xmp iframe noembed noframes noscript")

_SPACE = r"[\t\n\f\r ]"
TAG = re.compile(
    rf"""<(/?)([a-zA-Z][^\t\n\f\r />]*+)
    ((?:[\t\n\f\r /]++
      |=?[^\t\n\f\r />=]++(?:{_SPACE}*+={_SPACE}*+(?:"[^"]*+"|'[^']*+'|[^\t\n\f\r >"'][^\t\n\f\r >]*+)?)?+
      |=)*+)>""",
    re.VERBOSE,
)
_TIDY = re.compile(r"""(?: [a-zA-Z][a-zA-Z-]*+="[^"<>]*+")*+ ?/?""")
_ATTRIBUTE = re.compile(
    rf"""(=?[^\t\n\f\r />=]++)
    (?:{_SPACE}*+={_SPACE}*+("[^"]*+"|'[^']*+'|[^\t\n\f\r >"'][^\t\n\f\r >]*+)?)?+""",
    re.VERBOSE,
)
_NAME = re.compile(r"[a-zA-Z][a-zA-Z-]*\Z")
_COMMENT_END = re.compile(r"--!?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Balanced:
    html: str
    styles: tuple[str, ...]
    body: dict[str, str]
    truncated: bool


def balance(html: str, *, allowed: frozenset[str] = ALLOWED) -> Balanced:
    """Keep the allowed tags of `html`, closed in order; take out style sheets and the attributes of `<body>`.

    Linear in the length. `truncated` says that a limit was met and the rest left out.
    """
    return _Balancer(html=html, allowed=allowed).run()


@dataclass(slots=True)
class _Balancer:
    html: str
    allowed: frozenset[str]
    out: list[str] = field(default_factory=list)
    stack: list[tuple[str, str]] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    styles: list[str] = field(default_factory=list)
    body: dict[str, str] = field(default_factory=dict)
    never_closed: set[str] = field(default_factory=set)
    tags: int = 0
    reopened_chars: int = 0
    truncated: bool = False

    def run(self) -> Balanced:
        html, at = self.html, 0
        while (lt := html.find("<", at)) >= 0:
            self.out.append(html[at:lt])
            following = self._markup(lt)
            if following is None:
                break
            at = following
        else:
            self.out.append(html[at:])
        self.out.extend(f"</{name}>" for name, _ in reversed(self.stack))
        return Balanced(
            html="".join(self.out), styles=tuple(self.styles), body=self.body, truncated=self.truncated
        )

    def _markup(self, at: int) -> int | None:
        """Handle what begins with `<` at `at`; where to go on, or None when nothing of use follows."""
        nxt = self.html[at + 1 : at + 3]
        letter = nxt[1:] if nxt.startswith("/") else nxt[:1]
        if letter.isascii() and letter.isalpha():
            found = TAG.match(self.html, at)
            if found is None:  # the tag never ends: a browser drops the rest as well
                return None
            return self._tag(found)
        if nxt[:1] in {"!", "?", "/"} and len(nxt) == 2:
            return after_comment(self.html, at)
        self.out.append("&lt;")
        return at + 1

    def _tag(self, found: re.Match[str]) -> int | None:
        closing, name, attributes = found[1], found[2].lower(), found[3]
        if not closing and (name == "style" or name in _DROPPED_WHOLE):
            return self._element_with_content(name, attributes, found.end())
        if name == "plaintext":
            return None
        if name == "body" and not closing and not self.body:
            self.body = dict(attributes_of(attributes))
        if name not in self.allowed:
            return found.end()
        self.tags += 1
        if self.tags > MAX_TAGS:
            self.truncated = True
            return None
        if closing:
            self._end(name)
        else:
            self._start(name, attributes)
        return found.end()

    def _element_with_content(self, name: str, attributes: str, at: int) -> int | None:
        """Skip the whole element; keep a style sheet aside, inside its `media` query if it has one."""
        end = None if name in self.never_closed else _end_tag(name).search(self.html, at)
        if end is None:
            self.never_closed.add(name)
            return None if name in _RAW else at
        if name == "style":
            media = dict(attributes_of(attributes)).get("media", "").strip()
            sheet = self.html[at : end.start()]
            plain = not media or media.lower() == "all"
            self.styles.append(sheet if plain else f"@media {media} {{{sheet}}}")
        tag_end = self.html.find(">", end.end())
        return tag_end + 1 if tag_end >= 0 else None

    def _start(self, name: str, attributes: str) -> None:
        tag = f"<{name}{_tidied(attributes)}>"
        if name in _CLOSES:
            self._close_nearest(*_CLOSES[name])
        if name in BLOCKS or name == "hr":
            reopen = self._close_paragraph()
        else:
            reopen = []
        if name == "a":
            self._end("a")
        if name in VOID:
            self.out.append(tag)
        elif len(self.stack) >= MAX_DEPTH:
            self.skipped[name] = self.skipped.get(name, 0) + 1
            self.truncated = True
        else:
            self.stack.append((name, tag))
            self.out.append(tag)
        self._reopen(reopen)

    def _end(self, name: str) -> None:
        if self.skipped.get(name):
            self.skipped[name] -= 1
            return
        index = self._find(frozenset({name}), _stoppers(name))
        if index is None:
            return
        above = self._close_from(index)
        if name in INLINE:
            self._reopen(above)

    def _find(self, names: frozenset[str], stop: frozenset[str]) -> int | None:
        for index in range(len(self.stack) - 1, -1, -1):
            name = self.stack[index][0]
            if name in names:
                return index
            if name in stop:
                return None
        return None

    def _close_from(self, index: int) -> list[tuple[str, str]]:
        """Close the element at `index` and all above it; the formatting ones above, outermost first."""
        above = self.stack[index + 1 :]
        self.out.extend(f"</{name}>" for name, _ in reversed(self.stack[index:]))
        del self.stack[index:]
        return [entry for entry in above if entry[0] in FORMATTING]

    def _close_nearest(self, names: frozenset[str], stop: frozenset[str]) -> None:
        index = self._find(names, stop)
        if index is not None:
            self._close_from(index)

    def _close_paragraph(self) -> list[tuple[str, str]]:
        index = self._find(frozenset({"p"}), _BARRIERS)
        return [] if index is None else self._close_from(index)

    def _reopen(self, entries: list[tuple[str, str]]) -> None:
        for entry in entries[-MAX_REOPENED:]:
            self.reopened_chars += len(entry[1])
            if self.reopened_chars > MAX_REOPENED_CHARS or len(self.stack) >= MAX_DEPTH:
                return
            self.stack.append(entry)
            self.out.append(entry[1])


def after_comment(html: str, at: int) -> int | None:
    """Where what begins with `<!`, `<?` or `</` at `at` has ended; None when it never does."""
    if html.startswith("<!--", at):
        if html.startswith(">", at + 4):
            return at + 5
        if html.startswith("->", at + 4):
            return at + 6
        found = _COMMENT_END.search(html, at + 4)
        return found.end() if found else None
    end = html.find(">", at)
    return end + 1 if end >= 0 else None


def _stoppers(name: str) -> frozenset[str]:
    if name in INLINE:
        return BLOCKS | TABLE_PARTS
    if name == "table":
        return frozenset()
    return _TABLE if name in TABLE_PARTS else _BARRIERS


_END_TAGS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE) for name in _DROPPED_WHOLE | {"style"}
}


def _end_tag(name: str) -> re.Pattern[str]:
    return _END_TAGS[name]


def attributes_of(text: str) -> list[tuple[str, str]]:
    """Name and value (character references untouched) of each attribute; the first of a name wins."""
    seen: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(text):
        name, value = found[1].lower(), found[2] or ""
        if value[:1] in {'"', "'"}:
            value = value[1:-1]
        if _NAME.match(name):
            seen.setdefault(name, value)
        if len(seen) >= MAX_ATTRIBUTES:
            break
    return list(seen.items())


def _tidied(text: str) -> str:
    """Attributes in the one form every tokeniser reads alike: ` name="value"`."""
    if not text or _TIDY.fullmatch(text):
        return text.rstrip("/ ")
    return "".join(
        f' {name}="{value.replace(chr(34), "&quot;").replace("<", "&lt;").replace(">", "&gt;")}"'
        for name, value in attributes_of(text)
    )
