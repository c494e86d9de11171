"""HTML to plain text for reading, search and previews. Nothing of it is ever shown as HTML.

One pass over the tags, no tree: a parser's time grows with the square of hostile nesting (two megabytes of
`<div>` took one 110 seconds), and text needs to know only where lines end. Quotes come out with `> ` before
each line, as in mail that was written as plain text.
"""

from __future__ import annotations

import html as entities
import re

MAX_HTML_CHARS = 2 * 1024 * 1024
MAX_TAGS = 200_000
"""What follows is left out."""
MAX_QUOTE_DEPTH = 8
MAX_INDENT = 8

_TAG = re.compile(
    r"""<!--(?:.*?-->|.*)
    | <(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,15}+)(?![a-zA-Z0-9])
      (?:(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>|[^>]*+>)
    | <[!?/a-zA-Z][^>]*+>""",
    re.VERBOSE | re.DOTALL,
)
_RAW_END = {
    name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE)
    for name in ("style", "script", "title", "textarea", "iframe")
}
_LINES = frozenset(
    {"div", "tr", "li", "dl", "dt", "dd", "hr", "section", "article", "header", "footer", "form", "center",
     "address", "main", "aside", "figure", "figcaption", "fieldset", "option", "body", "html", "thead",
     "tbody"}
)  # fmt: skip
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"})
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")


def html_to_text(html: str, *, limit: int = MAX_HTML_CHARS) -> str:
    """Readable text of HTML: blocks on lines of their own, paragraphs apart, no styles or scripts.

    Reading stops soon after `limit` characters of text.
    """
    return _Reader(limit).read(html[:MAX_HTML_CHARS])


_SIGNATURE = re.compile(r'<div[^<>]*\bclass="posthouse-signature"[^<>]*>')
_QUOTE = 'class="posthouse-quote"'
_SEPARATOR = "\ue000"
"""Stands for the separator until the text is made: it ends with a blank, which no line of HTML keeps."""


def letter_text(html: str) -> str:
    """The text that goes with HTML one sends: one's signature stands behind a line `-- ` (RFC 3676 §4.3)."""
    found = _SIGNATURE.search(html)
    if found is None or _QUOTE in html[: found.start()]:
        return html_to_text(html)
    above, below = (part.replace(_SEPARATOR, "") for part in (html[: found.start()], html[found.start() :]))
    text = html_to_text(f"{above}<div>{_SEPARATOR}</div>{below}")
    lines = text.split("\n")
    if _SEPARATOR not in lines:
        return text
    at = lines.index(_SEPARATOR)
    above, below = "\n".join(lines[:at]).rstrip("\n"), "\n".join(lines[at + 1 :]).lstrip("\n")
    return f"{above}\n\n-- \n{below}" if above else f"-- \n{below}"


class _Reader:
    """`current` collects the line at hand; `gap` says that an empty line is due before the next.

    `mark` waits for the first words of a list's item, which may stand in blocks of their own. `lists` has the
    number of the last item for each list one is in, None where items are not numbered.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.lines: list[str] = []
        self.current: list[str] = []
        self.gap = False
        self.quotes = 0
        self.pre = 0
        self.mark = ""
        self.lists: list[int | None] = []

    def read(self, html: str) -> str:
        end = html.rfind(">") + 1
        position = 0
        for _ in range(MAX_TAGS):
            found = _TAG.search(html, position, end) if self.room > 0 else None
            if found is None:
                break
            if found.start() > position:
                self._text(html[position : found.start()])
            position = found.end()
            name = found["name"]
            if name is not None:
                name = name.lower()
                if name in _RAW_END and not found["close"]:
                    closing = _RAW_END[name].search(html, position)
                    position = closing.start() if closing else len(html)
                else:
                    self._tag(name, is_closing=bool(found["close"]))
        else:
            position = len(html)
        if self.room > 0:
            self._text(html[position:])
        self._break_line()
        return "\n".join(self.lines)

    def _text(self, text: str) -> None:
        if "&" in text:
            text = entities.unescape(text)
        if not self.pre or "\n" not in text:
            self.current.append(text)
            return
        first, *others = text.split("\n")
        self.current.append(first)
        for line in others:
            self._break_line(is_kept=True)
            self.current.append(line)

    def _tag(self, name: str, *, is_closing: bool) -> None:
        if name == "br":
            self._break_line(is_kept=True)
        elif name in _LINES:
            self._break_line()
            if name == "li":
                self.mark = "" if is_closing else self._next_mark()
        elif name in _PARAGRAPHS:
            self._break_line()
            self.gap = self.gap or not self.mark
            if name in ("ul", "ol"):
                self._list(name, is_closing=is_closing)
            elif name == "blockquote":
                self.quotes = max(0, self.quotes + (-1 if is_closing else 1))
            elif name == "pre":
                self.pre = max(0, self.pre + (-1 if is_closing else 1))
        elif name in ("td", "th"):
            self.current.append(" ")

    def _list(self, name: str, *, is_closing: bool) -> None:
        if not is_closing:
            self.mark = ""
            self.lists.append(0 if name == "ol" else None)
            self.gap = self.gap and len(self.lists) == 1
        elif self.lists:
            self.lists.pop()
            self.gap = not self.lists

    def _next_mark(self) -> str:
        indent = "  " * min(len(self.lists) - 1, MAX_INDENT)
        if not self.lists or self.lists[-1] is None:
            return indent + "- "
        self.lists[-1] += 1
        return f"{indent}{self.lists[-1]}. "

    def _break_line(self, *, is_kept: bool = False) -> None:
        """End the line; an empty one counts only where the writer asked for it, and two never meet."""
        joined = "".join(self.current)
        text = joined.rstrip() if self.pre else _SPACE.sub(" ", joined).strip()
        self.current.clear()
        if not text:
            self.gap = self.gap or is_kept
            return
        prefix = "> " * min(self.quotes, MAX_QUOTE_DEPTH)
        if self.gap and self.lines:
            self.lines.append(prefix.rstrip())
        self.gap = False
        self.lines.append(prefix + self.mark + text)
        self.mark = ""
        self.room -= len(text)
