"""The index of words as a reader of the log: what changed in an account since it last looked, in small steps.

An account's past is indexed from its newest end, what is new from then on by the log. Each step reads a few e-mails,
and moves the account's place in the log in the transaction that writes them (search/index.py), so a step that was
killed is done again. An e-mail's words never change: what is in the index already is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import structlog

from posthouse.base import blobs, sql
from posthouse.base.errors import Failure
from posthouse.mail import by_uid
from posthouse.search import index
from posthouse.search.index import Batch, Document, Progress
from posthouse.search.tokens import tokens
from posthouse.wire.mime.addresses import Address
from posthouse.wire.mime.digest import digest
from posthouse.wire.mime.encoded_words import decode_words
from posthouse.wire.mime.headers import loose, read_header
from posthouse.wire.mime.html_text import html_to_text
from posthouse.wire.mime.part import Part, headers_of, load_structure, walk
from posthouse.wire.mime.text import bodies, decode_text, is_media

log = structlog.get_logger(__name__)

STEP = 10
"""E-mails of one step: the index is written for some milliseconds, the interpreter kept for some tens."""
LOOK = 500
"""Rows of the log looked at in one step. Is there more, the account goes on from its newest end."""
MAX_PART_BYTES = 1_000_000
MAX_ADDRESSES = 500


@dataclass(frozen=True, slots=True)
class _Account:
    id: int
    modseq: int
    horizon: int


def accounts() -> dict[int, int]:
    """Every account's place in its log."""
    return dict(sql.rows("SELECT id, modseq FROM mail_account"))


def step(account_id: int) -> bool:
    """Bring the index a little nearer to the store; False when there is nothing to do."""
    account = _account(account_id)
    if account is None:
        return False
    progress = index.current().progress_of(account_id)
    if progress is None:
        index.current().write(Batch(account_id=account_id, since=None, progress=_afresh(account)))
        return True
    if not account.horizon <= progress.upto <= account.modseq:
        _compare(account, progress)
        return True
    if progress.upto < account.modseq:
        index.current().write(_forward(account, progress))
        return True
    if not progress.is_complete:
        index.current().write(_backward(account_id, progress))
        return True
    return False


def _account(account_id: int) -> _Account | None:
    row = sql.row("SELECT id, modseq, horizon FROM mail_account WHERE id = %s", [account_id])
    return None if row is None else _Account(*row)


def _afresh(account: _Account) -> Progress:
    return Progress(upto=account.modseq, down_modseq=account.modseq + 1)


def _forward(account: _Account, progress: Progress) -> Batch:
    """What changed; what came since and is not in the index yet; what is gone."""
    gone = [
        row[0]
        for row in sql.rows(
            "SELECT object_id FROM mail_tombstone WHERE account_id = %s AND modseq > %s AND kind = 'email'",
            [account.id, progress.upto],
        )
    ]
    changed = [
        row[0]
        for row in sql.rows(
            "SELECT id FROM mail_email WHERE account_id = %s AND modseq > %s AND modseq <= %s AND created_modseq > %s"
            " LIMIT %s",
            [account.id, progress.upto, account.modseq, _known_upto(progress), LOOK + 1],
        )
    ]
    if len(changed) > LOOK:
        return Batch(account_id=account.id, since=progress, progress=_afresh(account), gone=gone)
    missing = sorted(_missing(account.id, changed), reverse=True)
    upto = account.modseq if len(missing) <= STEP else progress.upto
    return Batch(
        account_id=account.id,
        since=progress,
        progress=replace(progress, upto=upto),
        gone=gone,
        documents=list(documents(missing[:STEP])),
    )


def _known_upto(progress: Progress) -> int:
    """Of what came in up to this number the index has everything: flags and places that changed since are none of its
    business.
    """
    return progress.upto if progress.is_complete else 0


def _backward(account_id: int, progress: Progress) -> Batch:
    """The next older ones."""
    rows = sql.rows(
        "SELECT modseq, id FROM mail_email WHERE account_id = %s AND modseq <= %s AND (modseq, id) < (%s, %s)"
        " ORDER BY modseq DESC, id DESC LIMIT %s",
        [account_id, progress.down_modseq, progress.down_modseq, progress.down_id, LOOK],
    )
    if not rows:
        log.info("search.account_done", account=account_id)
        return Batch(account_id=account_id, since=progress, progress=Progress(upto=progress.upto))
    missing = _missing(account_id, [row[1] for row in rows])
    taken = [row for row in rows if row[1] in missing][:STEP]
    last = taken[-1] if len(taken) == STEP else rows[-1]
    return Batch(
        account_id=account_id,
        since=progress,
        progress=Progress(upto=progress.upto, down_modseq=last[0], down_id=last[1]),
        documents=list(documents([row[1] for row in taken])),
    )


def _missing(account_id: int, email_ids: Sequence[int]) -> set[int]:
    return set(email_ids) - index.current().keys_of(account_id, email_ids).keys()


def _compare(account: _Account, since: Progress) -> None:
    """The log does not reach back to where we were, or is not the one we knew: look at everything again."""
    for gone in stale(account.id):
        index.current().write(Batch(account_id=account.id, since=since, progress=since, gone=gone))
    index.current().write(Batch(account_id=account.id, since=since, progress=_afresh(account)))
    log.info("search.compared", account=account.id)


def stale(account_id: int) -> Iterator[list[int]]:
    """What is in the index and not in the account any more."""
    after = 0
    while ids := index.current().email_ids(account_id, after=after, limit=LOOK):
        after = ids[-1]
        there = {
            row[0]
            for row in sql.rows(
                f"SELECT id FROM mail_email WHERE account_id = %s AND id IN ({sql.marks(ids)})",
                [account_id, *ids],
            )
        }
        gone = [email_id for email_id in ids if email_id not in there]
        if gone:
            yield gone


class Waiting(NamedTuple):
    """The newest e-mails that the index has not reached; `is_all` when there are no others."""

    email_ids: list[int]
    is_all: bool


def waiting(account_id: int, *, limit: int) -> Waiting:
    """At most `limit`; cheap when the index has reached everything."""
    progress = index.current().progress_of(account_id)
    low = progress.upto if progress is not None and progress.is_complete else 0
    state = sql.row("SELECT modseq FROM mail_account WHERE id = %s", [account_id])
    if state is None or state[0] == low:
        return Waiting([], is_all=True)
    recent = [
        row[0]
        for row in sql.rows(
            "SELECT id FROM mail_email WHERE account_id = %s AND modseq > %s AND created_modseq > %s"
            " ORDER BY modseq DESC LIMIT %s",
            [account_id, low, low, LOOK],
        )
    ]
    missing = _missing(account_id, recent)
    found = [email_id for email_id in recent if email_id in missing]
    return Waiting(found[:limit], is_all=len(recent) < LOOK and len(found) <= limit)


# --- documents -------------------------------------------------------------------------------------


def documents(email_ids: Sequence[int]) -> Iterator[Document]:
    """As the index takes them, one in memory at a time; those that are gone meanwhile are left out."""
    structures = by_uid.structures_of(email_ids)
    for chunk in sql.chunks(email_ids):
        for email_id, received_at, blob_id, subject, people in sql.rows(
            "SELECT id, received_at, blob_id, subject, sender || ' ' || recipients || ' ' || copied FROM mail_email"
            f" WHERE id IN ({sql.marks(chunk)})",
            chunk,
        ):
            try:
                raw = blobs.look_at(blob_id)
                yield _document(email_id, received_at, raw, load_structure(structures[email_id]))
            except Exception as error:  # noqa: BLE001 one e-mail that cannot be read must not end the index
                reason = error.code if isinstance(error, Failure) else type(error).__name__
                log.warning("search.unreadable", email=email_id, reason=reason)
                fields = {"subject": tokens(subject), "from": tokens(people)}
                yield Document(email_id=email_id, received_at_ms=received_at, fields=fields, is_whole=False)


def _document(email_id: int, received_at_ms: int, raw: bytes, root: Part) -> Document:
    head = digest(raw[: root.body_start])
    text, others, is_whole, is_plain = _texts(root, raw)
    rest = set(tokens("\n".join(others)))
    for name, value in (field for span in headers_of(root) for field in read_header(raw, *span).fields):
        line = f"{name.decode('ascii', 'replace')}: {decode_words(loose(value))}"
        is_plain = is_plain and line.isascii()
        rest.update(tokens(line))
    fields = {
        "subject": tokens(head.subject),
        "from": _people(head.from_ + head.sender + head.reply_to),
        "to": _people(head.to),
        "cc": _people(head.cc),
        "bcc": _people(head.bcc),
        "filename": tokens("\n".join(part.filename for _, part in walk(root) if part.filename)),
        "list": tokens(head.list_id or ""),
        "body": tokens(text),
    }
    is_bounded = len(fields["body"]) <= index.MAX_TOKENS and len(rest) <= index.MAX_TOKENS
    return Document(
        email_id=email_id,
        received_at_ms=received_at_ms,
        fields={name: found[: index.MAX_TOKENS] for name, found in fields.items()},
        rest=sorted(rest)[: index.MAX_TOKENS],
        is_whole=is_whole and is_bounded,
        is_plain=is_plain and is_whole and is_bounded,
        excerpt=" ".join(text[: 2 * index.EXCERPT_CHARS].split()),
    )


def _people(addresses: Sequence[Address]) -> list[str]:
    return tokens("\n".join(f"{one.name} {one.email}" for one in addresses[:MAX_ADDRESSES]))


class _Texts(NamedTuple):
    """What a person reads, and the texts beside it (another form of it, attached texts).

    `is_whole`: that is all. `is_plain`: all of it is ASCII, and text to IMAP as well.
    """

    own: str
    others: list[str]
    is_whole: bool
    is_plain: bool


def _texts(root: Part, raw: bytes) -> _Texts:
    shown = {number for number, part in bodies(root).text if not is_media(part.content_type)}
    own: list[str] = []
    others: list[str] = []
    is_whole = is_plain = True
    for number, part in walk(root):
        if number not in shown and not part.content_type.startswith("text/"):
            continue
        text = decode_text(part, raw, limit=MAX_PART_BYTES)
        if part.content_type == "text/html":
            text = html_to_text(text)
        # Folding joins a voicing mark to the letter before it, which IMAP may be asked for alone.
        is_whole = is_whole and part.size_bytes <= MAX_PART_BYTES and not {"\u3099", "\u309a"} & set(text)
        is_plain = is_plain and text.isascii() and part.content_type.startswith("text/")
        (own if number in shown else others).append(text)
    return _Texts("\n".join(own), others, is_whole, is_plain)
