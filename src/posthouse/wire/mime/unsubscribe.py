"""How to leave a list: List-Unsubscribe (RFC 2369 §3.2) and its one click (RFC 8058).

Anybody can write any of it. One click is believed only where a signature that held covers both fields, each of which
stands once: else somebody between could have put the address there that we then call.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from posthouse.wire.auth import dkim
from posthouse.wire.auth.message import Message
from posthouse.wire.auth.results import Header
from posthouse.wire.mime.headers import loose, without_controls

FIELD, POST_FIELD = b"list-unsubscribe", b"list-unsubscribe-post"
POST_BODY = "List-Unsubscribe=One-Click"
MAX_TARGETS = 10
MAX_TARGET_CHARS = 2_000
MAX_SUBJECT_CHARS, MAX_BODY_CHARS = 200, 1_000
WORD = "unsubscribe"
_TARGET = re.compile(r"<([^<>]{1,2000})>")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that leaves the list."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """`post` is where one click goes, `letter` the mail to send, `page` what a person opens; None if there is none."""

    post: str | None = None
    letter: Letter | None = None
    page: str | None = None


def ways_of(raw: bytes, found: Header | None) -> Ways:
    """The ways out of a list that a message names; `found` is what we wrote of its signatures at arrival."""
    message = Message(raw)
    targets = [
        target.strip()
        for field in message.named(FIELD)[:1]
        for target in _TARGET.findall(loose(field.partition(b":")[2]))[:MAX_TARGETS]
    ]
    page = next((target for target in targets if target[:8].lower() == "https://"), None)
    web = page or next((target for target in targets if target[:7].lower() == "http://"), None)
    mailto = next((target for target in targets if target[:7].lower() == "mailto:"), None)
    is_one_click = web is not None and _offers_click(message) and _is_covered(message, found)
    return Ways(post=web if is_one_click else None, letter=_letter(mailto), page=page)


def _offers_click(message: Message) -> bool:
    values = [loose(field.partition(b":")[2]).strip().lower() for field in message.named(POST_FIELD)]
    return values == [POST_BODY.lower()]


def _is_covered(message: Message, found: Header | None) -> bool:
    if found is None or len(message.named(FIELD)) != 1:
        return False
    passed = {
        (one.get("header.d").lower(), one.get("header.s").lower(), one.get("header.b"))
        for one in found.of("dkim")
        if one.result == "pass"
    }
    return any(_covers(field, passed) for field in dkim.signatures(message))


def _covers(field: bytes, passed: Collection[tuple[str, str, str]]) -> bool:
    try:
        signature = dkim.read_signature(field)
    except ValueError:
        return False
    value = base64.b64encode(signature.value).decode()
    is_proved = any(
        b
        and value.startswith(b)
        and (domain, selector) == (signature.domain.lower(), signature.selector.lower())
        for domain, selector, b in passed
    )
    return is_proved and {FIELD, POST_FIELD} <= set(signature.names)


def _letter(mailto: str | None) -> Letter | None:
    """To one address, with a subject and a text; what else a mailto: can say is left out."""
    if mailto is None:
        return None
    address, _, query = mailto[len("mailto:") :].partition("?")
    asked = (
        {name.lower(): value for name, value in parse_qsl(query, max_num_fields=20)}
        if query.count("&") < 20
        else {}
    )
    to = unquote(address).split(",")[0].strip()
    if not to or not to.isprintable():
        return None
    subject = " ".join(without_controls(asked.get("subject", "")).split())[:MAX_SUBJECT_CHARS]
    text = without_controls(asked.get("body", ""))[:MAX_BODY_CHARS]
    return Letter(to=to, subject=subject or WORD, text=text.strip() or WORD)


def fields_for(url: str) -> bytes:
    """The two fields of a mail that one leaves by one click."""
    return f"List-Unsubscribe: <{url}>\r\nList-Unsubscribe-Post: {POST_BODY}\r\n".encode("ascii")
