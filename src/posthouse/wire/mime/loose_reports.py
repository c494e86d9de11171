"""Bounces that are written for people alone: Exim, qmail, older Exchange and Gmail, and what resembles them.

There is no standard. A notice is the text before the copy of the mail; the addresses in it, each with the lines that
follow it, are what it is about, and its words say whether the mail failed or waits. Only what comes from the null
sender or from a mail system's own address is read so, and only with words that say so: an answer "I am away" comes
from the null sender too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from posthouse.wire.mime.addresses import parse_people
from posthouse.wire.mime.headers import loose, unfold
from posthouse.wire.mime.html_text import html_to_text
from posthouse.wire.mime.part import Part
from posthouse.wire.mime.scan import Scan
from posthouse.wire.mime.text import decode_text

MAX_NOTICE_CHARS = 16 * 1024
MAX_ADDRESSES = 100
MAX_TEXT_CHARS = 480

_SYSTEMS = frozenset(
    {"mailer-daemon", "postmaster", "mailerdaemon", "mail-daemon", "mdaemon", "mail delivery system"}
)
_COPY = re.compile(
    r"^(?:-{2,20}[^\n]{0,120}(?:copy of the|original message|message header|returned message|message (?:text )?follows)"
    r"|(?:Original|Returned) message headers:|Received: from )",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[^\s<>\"(),;:\[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])([245])\.\d{1,3}\.\d{1,3}(?![\d.])")
_FAILED = re.compile(
    r"permanent (?:fatal )?error|failed permanently|permanent failure|given up|could ?n[o'’]t be delivered"
    r"|wasn['’]?t able to deliver|not going to try again|delivery has failed|did not reach"
    r"|delivery status notification \(failure\)",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"not yet been delivered|has been delayed|is being delayed|warning message only|do not need to resend"
    r"|will (?:be retried|be tried again|keep trying)|delivery (?:is )?delayed|status notification \(delay\)"
    r"|delivery attempts will continue",
    re.IGNORECASE,
)
_UNDELIVERED = re.compile(
    r"undeliver|unable to deliver|not be able to deliver|(?:cannot|can['’]t|can not) be delivered|delivery .{0,40}fail"
    r"|returned to sender|(?:was|been) rejected|not delivered|unzustellbar|mailbox (?:unavailable|not found|is full)"
    r"|no such user|user unknown|unknown user",
    re.IGNORECASE,
)


class Told(NamedTuple):
    """What a notice says of one address."""

    action: str
    recipient: str
    status: str
    answer: str


def read(found: Scan, raw: bytes, *, is_null_sender: bool) -> list[Told]:
    """What a message says if it is a bounce; empty if it is none."""
    fields = dict(reversed(found.header.fields))
    named = _failed_recipients(fields)
    if not (is_null_sender or named or _is_from_a_system(fields)):
        return []
    subject = loose(fields.get(b"subject", b""))
    notice = _notice(found.root, raw)
    action = "failed" if named else _action(f"{subject}\n{notice}")
    if not action:
        return []
    told = list(_per_address(notice, action))
    known = {one.recipient.lower() for one in told}
    told += [Told(action, address, "", "") for address in named if address.lower() not in known]
    if named:
        wanted = {address.lower() for address in named}
        told = [one for one in told if one.recipient.lower() in wanted]
    return told[:MAX_ADDRESSES]


def _failed_recipients(fields: dict[bytes, bytes]) -> list[str]:
    """Exim's and Gmail's own field."""
    value = fields.get(b"x-failed-recipients")
    if value is None:
        return []
    return [person.email for person in parse_people(unfold(value)) if "@" in person.email][:MAX_ADDRESSES]


def _is_from_a_system(fields: dict[bytes, bytes]) -> bool:
    people = parse_people(unfold(fields.get(b"from", b"")))
    return any(person.email.partition("@")[0].lower() in _SYSTEMS for person in people)


def _notice(root: Part, raw: bytes) -> str:
    """The text ahead of the copy of the mail, without messages inside."""
    pieces: list[str] = []
    chars = 0
    ahead = [root]
    while ahead and chars < MAX_NOTICE_CHARS:
        part = ahead.pop()
        if part.is_multipart:
            ahead += reversed(part.children)
        elif part.content_type in ("text/plain", "text/html"):
            text = decode_text(part, raw, limit=4 * MAX_NOTICE_CHARS)
            if part.content_type == "text/html":
                if pieces:
                    continue
                text = html_to_text(text)
            pieces.append(text)
            chars += len(text)
    text = "\n".join(pieces)[:MAX_NOTICE_CHARS]
    copy = _COPY.search(text)
    return text[: copy.start()] if copy else text


def _action(text: str) -> str:
    """Plain failures first: a bounce after days of trying also says that it was delayed."""
    if _FAILED.search(text):
        return "failed"
    if _DELAYED.search(text):
        return "delayed"
    return "failed" if _UNDELIVERED.search(text) else ""


def _per_address(notice: str, action: str) -> Iterator[Told]:
    """Each address once, with the words from it to the next one."""
    places = list(_ADDRESS.finditer(notice))[: 4 * MAX_ADDRESSES]
    seen: set[str] = set()
    for index, place in enumerate(places):
        address = place[0].strip(".'")
        if address.lower() in seen:
            continue
        seen.add(address.lower())
        end = next(
            (later.start() for later in places[index + 1 :] if later[0].lower() != address.lower()),
            len(notice),
        )
        words = notice[place.end() : end]
        status = _STATUS.search(words)
        yield Told(action, address, status[0] if status else "", _answer(words))


def _answer(words: str) -> str:
    """The words behind an address as one line: up to the next empty line behind the first that says something."""
    lines: list[str] = []
    for line in words.lstrip(">: \t").splitlines():
        text = line.strip(" \t>:")
        if not text and lines:
            break
        if text:
            lines.append(text)
    return " ".join(" ".join(lines).split())[:MAX_TEXT_CHARS]
