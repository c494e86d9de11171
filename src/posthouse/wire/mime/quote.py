"""What a reply or a forward begins with: subject, threading ids, recipients, quoted text (RFC 5322 §3.6.4)."""

from __future__ import annotations

import html
from collections.abc import Collection
from typing import NamedTuple

from posthouse.wire.mime.addresses import Address
from posthouse.wire.mime.digest import Digest
from posthouse.wire.mime.subject import base_subject

MAX_QUOTED_CHARS = 200_000


class ThreadIds(NamedTuple):
    """The In-Reply-To and References of an answer."""

    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]


class Recipients(NamedTuple):
    to: tuple[Address, ...]
    cc: tuple[Address, ...]


def reply_subject(subject: str) -> str:
    """ "Re: " and the subject, whatever marks of whatever language it had."""
    return f"Re: {base_subject(subject)}".rstrip()


def forward_subject(subject: str) -> str:
    return f"Fwd: {base_subject(subject)}".rstrip()


def thread_ids(original: Digest) -> ThreadIds:
    """References are the original's and its id; where it had none, its one In-Reply-To stands in."""
    if original.message_id is None:
        return ThreadIds((), original.references)
    before = original.references or (original.in_reply_to if len(original.in_reply_to) == 1 else ())
    chain = dict.fromkeys([*before, original.message_id])
    return ThreadIds((original.message_id,), tuple(chain))


def reply_recipients(original: Digest, *, own: Collection[str], is_to_all: bool) -> Recipients:
    """Whom an answer goes to; our `own` addresses (lower case) are left out, unless nobody else is left.

    An answer to a mail of our own goes to those it went to.
    """
    author = original.reply_to or original.from_
    if original.from_ and original.from_[0].email.lower() in own and not original.reply_to:
        author = original.to
    to = _without(author, own) or author
    if not is_to_all:
        return Recipients(to, ())
    seen = {person.email.lower() for person in to} | {email.lower() for email in own}
    return Recipients(to, _without((*original.to, *original.cc), seen))


def _without(people: tuple[Address, ...], emails: Collection[str]) -> tuple[Address, ...]:
    kept: dict[str, Address] = {}
    for person in people:
        if person.email and person.email.lower() not in emails:
            kept.setdefault(person.email.lower(), person)
    return tuple(kept.values())


def reply_text(text: str, *, attribution: str) -> str:
    """The attribution line and the text with `> ` before each line."""
    lines = text[:MAX_QUOTED_CHARS].rstrip().split("\n")
    return "\n".join(
        [attribution, *[f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines]]
    )


def forward_text(text: str, *, heading: str, fields: tuple[tuple[str, str], ...]) -> str:
    """The heading line, the fields to show ("From", "Date", …) and the text as it was."""
    return "\n".join([heading, *[f"{name}: {value}" for name, value in fields], "", text[:MAX_QUOTED_CHARS]])


def reply_html(safe_html: str, *, attribution: str) -> str:
    """Sanitised HTML as a quote; `attribution` is plain text."""
    return f'<p>{html.escape(attribution)}</p><blockquote type="cite">{safe_html}</blockquote>'
