"""The tokens an e-mail is known by: words, and what its header, links, marks and files look like.

As SpamBayes and bogofilter do it: a word of the subject is another token than the same word of the text. What always
comes together (marks of HTML, fields of lists) is one token, since Fisher's method takes tokens for independent. Tokens
are kept as 32-bit numbers, so what was learnt cannot be read back as text.

`VERSION` changes when the same e-mail would give other tokens: what was learnt before is then learnt anew
(delivery/junk/learning.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from zlib import crc32

from posthouse.filters.spam.reading import Reading
from posthouse.wire.mime.addresses import parse_people
from posthouse.wire.mime.encoded_words import decode_words

VERSION = 1
MAX_TOKENS = 1_500
"""Of one e-mail; the header's come first, then words in their order."""
MAX_WORD = 20
MAX_PAIRED_CHARS = 4_000
"""So far into the text words are taken by pairs too."""
MAX_RECEIVED = 8

_WORD = re.compile(r"[\w$€£'’-]{3,}!?")
_DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,40}")
"""Scripts that set no blanks between words: taken two letters at a time."""
_MARK = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,15})\b")
_PLAIN_MARKS = frozenset(
    ["html", "head", "body", "title", "meta", "style", "br", "p", "a", "b", "i", "u", "hr", "font", "span", "div",
     "table", "tr", "td", "th", "tbody", "img", "center", "ul", "li"]
)  # fmt: skip
"""Nearly all HTML has them; together they would say "HTML" twenty times."""
_COLOUR = re.compile(r"(?:color|size)\s*=\s*[\"']?([#\w%+-]{1,12})", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}\b")
_FROM_HOST = re.compile(r"from\s+([\w.-]{1,100})")
_RUN = re.compile(r"[A-Za-z]+|\d+")
_NOT_SEEN = re.compile(
    r"x-spam|x-bogosity|x-mozilla|x-keywords|x-uid|x-status|status$|x-imap|authentication-results|arc-"
    r"|received-spf|return-path|delivered-to|x-original-to|x-pyzor|x-razor|lines$|content-length"
)
"""Fields of other filters, of mail programs, and of doors, our own among them: they are the same for good and bad."""
_LIST_FIELDS = re.compile(
    r"list-|x-list-|x-mailman|x-beenthere|errors-to|precedence|x-mailing-list|x-loop|mailing-list"
)
"""A list's mail has most of them: told once, or they would outweigh what is written in it."""
_PROGRAM = ("x-mailer", "user-agent", "x-priority", "organization")
_EXPECTED = ("from", "to", "subject", "date", "message-id", "mime-version")


def numbers(reading: Reading) -> frozenset[int]:
    """An e-mail's tokens, each once."""
    return frozenset(crc32(token.encode("utf-8", "replace")) for token in tokens(reading))


def tokens(reading: Reading) -> list[str]:
    """The same as text, for tests and for people who ask."""
    found: dict[str, None] = {}
    for source in (_head(reading), _links(reading), _form(reading), _text(reading)):
        for token in source:
            found[token] = None
            if len(found) >= MAX_TOKENS:
                return list(found)
    return list(found)


def _words(text: str) -> Iterator[str]:
    for word in dict.fromkeys(_WORD.findall(text.lower())):
        if len(word) <= MAX_WORD:
            yield word
        else:
            yield f"long:{word[0]}{len(word) // 10}"
    if not text.isascii():
        for run in _DENSE.findall(text):
            yield from (run[at : at + 2] for at in range(len(run) - 1))


def _text(reading: Reading) -> Iterator[str]:
    """Words, and pairs of neighbours: what a word means often shows by the next one."""
    yield from _words(reading.text)
    words = _WORD.findall(reading.text[:MAX_PAIRED_CHARS].lower())
    yield from (f"{one} {other}" for one, other in pairwise(words) if len(one) + len(other) <= 2 * MAX_WORD)


def _head(reading: Reading) -> Iterator[str]:
    yield from (f"subject:{word}" for word in _words(reading.subject))
    if reading.subject.isupper():
        yield "subject is upper"
    for field in ("from", "reply-to", "sender"):
        yield from _people(field, reading.all(field))
    for field in ("to", "cc"):
        people = [person for value in reading.all(field) for person in parse_people(value.encode())][:50]
        yield f"{field}:{min(len(people), 5)}"
        for person in people[:5]:
            yield f"{field}:{person.email.lower()}"
            if person.name:
                yield f"{field}:named"
    names = dict.fromkeys(name for name, _ in reading.fields)
    for name in names:
        if _LIST_FIELDS.match(name):
            yield "field:list"
        elif not _NOT_SEEN.match(name):
            yield f"field:{name}"
    yield from (f"no:{name}" for name in _EXPECTED if name not in names)
    for name in _PROGRAM:
        value = reading.first(name)
        if value:
            yield f"{name}={value[:60].lower()}"
    yield f"list-id={reading.first('list-id')[-60:].lower()}"
    local, _, place = reading.first("message-id").strip("<> ").rpartition("@")
    yield f"message-id={_shape(local)}"
    yield f"message-id@{_suffix(place.lower())}"
    yield from _received(reading.all("received"))
    yield f"zone:{reading.first('date').strip()[-5:]}"


def _people(field: str, values: Iterable[str]) -> Iterator[str]:
    for value in values:
        for person in parse_people(value.encode())[:5]:
            address = person.email.lower()
            local, _, domain = address.rpartition("@")
            yield f"{field}:{address}"
            yield f"{field}@{_suffix(domain)}"
            yield f"{field} local:{_shape(local)}"
            yield from (f"{field}:{word}" for word in _words(decode_words(person.name)[:200]))
            if not person.name:
                yield f"{field}:unnamed"


def _received(values: list[str]) -> Iterator[str]:
    """Who brought it, from whom: the last hops are ours, but the same for everybody."""
    for value in values[:MAX_RECEIVED]:
        if found := _FROM_HOST.search(value):
            yield f"via:{_suffix(found[1].lower())}"
        yield from (f"net:{net}" for net in dict.fromkeys(_ADDRESS.findall(value)))
    yield f"hops:{min(len(values), MAX_RECEIVED)}"


def _suffix(domain: str) -> str:
    """Whose a host is, about: its last labels."""
    labels = domain.strip(".").split(".")
    return ".".join(labels[-3:] if len(labels) > 2 and len(labels[-2]) <= 3 else labels[-2:])


def _shape(value: str) -> str:
    """Letters and digits by their runs: how a program makes its ids."""
    return _RUN.sub(lambda run: f"{'9' if run[0].isdigit() else 'a'}{min(len(run[0]), 9)}", value[:80])


def _links(reading: Reading) -> Iterator[str]:
    for url in reading.urls:
        rest = url.partition("://")[2]
        place, _, path = rest.partition("/")
        host, _, port = place.rpartition("@")[2].partition(":")
        yield f"link:{_suffix(host.lower())}"
        if "@" in place:
            yield "link has user"
        if port:
            yield "link has port"
        if host.replace(".", "").isdigit():
            yield "link to number"
        yield from (f"path:{word}" for word in _words(path[:100]))
    yield f"links:{min(len(reading.urls), 10)}"


def _form(reading: Reading) -> Iterator[str]:
    for part in reading.parts:
        yield f"part:{part.content_type}:{part.encoding}:{part.charset or ''}".lower()
        if part.disposition:
            yield f"disposition:{part.disposition}"
    for file in reading.files:
        yield f"file:{file.name.rpartition('.')[2].lower()[:10]}"
        yield from (f"file:{word}" for word in _words(file.name[:100]))
    source = reading.html
    if source:
        yield "html"
        yield from (f"<{name}" for name in {name.lower() for name in _MARK.findall(source)} - _PLAIN_MARKS)
        yield from (f"mark={value.lower()}" for value in dict.fromkeys(_COLOUR.findall(source)))
