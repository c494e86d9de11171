"""Plain text to HTML: escaped, links made, quoted lines marked. Linear time, whatever the text."""

from __future__ import annotations

import html
import re

from posthouse.wire.html.resources import safe_link

MAX_TEXT_CHARS = 2_000_000
MAX_QUOTE_DEPTH = 8

# Possessive, and each alternative begins with a fixed word, so no text makes it look twice at a character.
_LINK = re.compile(
    r"""\b(?:https?://[^\s<>"\x00-\x1f\x7f\u2028\u2029]++
      |www\.[a-z0-9-]++\.[^\s<>"\x00-\x1f\x7f\u2028\u2029]++
      |mailto:[^\s<>"\x00-\x1f\x7f\u2028\u2029]++)
      |(?<![\w.+%@-])[a-z0-9][\w.+%-]{0,63}+@(?:[a-z0-9-]{1,63}+\.){1,8}[a-z]{2,24}\b""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
_TRAILING = ".,:;!?'\"*_~`"
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_QUOTE = re.compile(r"(?:> ?){1,64}+")


def text_to_html(text: str) -> str:
    """A fragment that shows `text` as written, with links and with quotes in `<blockquote
    class="ph-quote">`."""
    out: list[str] = ['<div class="ph-text">']
    depth = 0
    for line in text[:MAX_TEXT_CHARS].splitlines():
        quoted = _QUOTE.match(line)
        wanted = min(quoted[0].count(">"), MAX_QUOTE_DEPTH) if quoted else 0
        out.append('<blockquote class="ph-quote">' * (wanted - depth) + "</blockquote>" * (depth - wanted))
        depth = wanted
        out.append(_linked(line[quoted.end() :] if quoted else line) + "\n")
    out.append("</blockquote>" * depth + "</div>")
    return "".join(out)


def _linked(line: str) -> str:
    out: list[str] = []
    at = 0
    for found in _LINK.finditer(line):
        shown = _without_trailing(found[0])
        target = safe_link(_target(shown))
        if target is None:
            continue
        out.append(html.escape(line[at : found.start()]))
        out.append(
            f'<a href="{html.escape(target)}" target="_blank" rel="noopener noreferrer nofollow">'
            f"{html.escape(shown)}</a>"
        )
        at = found.start() + len(shown)
    out.append(html.escape(line[at:]))
    return "".join(out)


def _target(shown: str) -> str:
    lower = shown[:8].lower()
    if lower.startswith(("http://", "https://", "mailto:")):
        return shown
    return "https://" + shown if lower.startswith("www.") else "mailto:" + shown


def _without_trailing(url: str) -> str:
    """A sentence's full stop or closing bracket is not part of the address it follows."""
    counts = {char: url.count(char) for char in "()[]{}"}
    end = len(url)
    while end:
        last = url[end - 1]
        if last in _CLOSERS and counts[last] > counts[_CLOSERS[last]]:
            counts[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return url[:end]
