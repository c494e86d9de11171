"""The words of messages in the index, as a reader of the conversations' logs: in small steps, each with its cursor.

A conversation's past is indexed from its newest end, what changes from then on by the log: what was edited is made
anew, what was deleted leaves. Each step moves the conversation's place in the transaction that writes the words
(search/index.py), so one that was killed is done again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import orjson

from posthouse.base import sql
from posthouse.conversations.markdown import plain
from posthouse.search import index
from posthouse.search.index import Batch, Document, Progress
from posthouse.search.tokens import tokens

STEP = 50
"""Messages of one step: the index is written for some milliseconds."""
LOOK = 500


class Said(NamedTuple):
    """A message as the index takes it. `is_there`: written by somebody, and not deleted."""

    id: int
    seq: int
    created_at: int
    author_name: str
    author_email: str
    body: str
    attachments: str
    is_there: bool


COLUMNS = (
    "m.id, m.seq, m.created_at, m.author_name, m.author_email, m.body, m.attachments,"
    " CASE WHEN m.kind = 'text' AND m.deleted_at IS NULL THEN 1 ELSE 0 END"
)


class _Log(NamedTuple):
    id: int
    seq: int
    horizon: int


def conversations() -> dict[int, int]:
    """How far each log has come."""
    return dict(sql.rows("SELECT id, seq FROM conversations_conversation"))


def step(conversation_id: int) -> bool:
    """Bring the index a little nearer to the log; False when there is nothing to do."""
    row = sql.row("SELECT id, seq, horizon FROM conversations_conversation WHERE id = %s", [conversation_id])
    if row is None:
        return False
    log, progress = _Log(*row), index.messages().progress_of(conversation_id)
    if progress is None:
        begun = Progress(upto=log.seq, down_modseq=log.seq + 1)
        index.messages().write(Batch(account_id=log.id, since=None, progress=begun))
    elif progress.upto > log.seq:  # the store is older than the index: it came from a backup
        index.messages().forget(log.id)
    elif progress.upto < log.horizon:
        _pass_horizon(log, progress)
    elif progress.upto < log.seq:
        index.messages().write(_forward(log, progress))
    elif not progress.is_complete:
        index.messages().write(_backward(log.id, progress))
    else:
        return False
    return True


def _pass_horizon(log: _Log, progress: Progress) -> None:
    """Rows went that no log tells of: what is in the index and nowhere else leaves it."""
    for gone in stale(log.id):
        index.messages().write(Batch(account_id=log.id, since=progress, progress=progress, gone=gone))
    while progress.upto < log.horizon:
        batch = _forward(log, progress)
        index.messages().write(batch)
        progress = batch.progress


def _forward(log: _Log, progress: Progress) -> Batch:
    """What changed since, whole numbers of the log at a time."""
    since = [log.id, progress.upto]
    found = _read("m.conversation_id = %s AND m.seq > %s ORDER BY m.seq LIMIT %s", [*since, STEP + 1])
    upto = log.seq
    if len(found) > STEP:
        upto = found[-1].seq - 1
        if found[0].seq > upto:  # one act changed more than a step's
            upto = found[0].seq
            found = _read("m.conversation_id = %s AND m.seq = %s", [log.id, upto])
    changed = [said for said in found if said.seq <= upto]
    upto = max([upto, *(said.seq for said in changed)])
    return _batch(log.id, progress, replace(progress, upto=upto), changed)


def _backward(conversation_id: int, progress: Progress) -> Batch:
    """The next older ones."""
    found = _read(
        "m.conversation_id = %s AND (m.seq, m.id) < (%s, %s) ORDER BY m.seq DESC, m.id DESC LIMIT %s",
        [conversation_id, progress.down_modseq, progress.down_id, STEP],
    )
    reached = Progress(upto=progress.upto)
    if len(found) == STEP:
        reached = Progress(upto=progress.upto, down_modseq=found[-1].seq, down_id=found[-1].id)
    return _batch(conversation_id, progress, reached, found)


def _batch(conversation_id: int, since: Progress, progress: Progress, changed: Sequence[Said]) -> Batch:
    return Batch(
        account_id=conversation_id,
        since=since,
        progress=progress,
        gone=[said.id for said in changed],
        documents=[document(said) for said in changed if said.is_there],
    )


def _read(where: str, values: Sequence[object]) -> list[Said]:
    return [
        said_of(row)
        for row in sql.rows(f"SELECT {COLUMNS} FROM conversations_message m WHERE {where}", values)
    ]


def said_of(row: Sequence[Any]) -> Said:
    """Of COLUMNS."""
    return Said._make([*row[:7], bool(row[7])])


def document(said: Said) -> Document:
    names = [str(one["filename"]) for one in orjson.loads(said.attachments)]
    return Document(
        email_id=said.id,
        received_at_ms=said.created_at,
        fields={
            "from": tokens(f"{said.author_name}\n{said.author_email}"),
            "filename": tokens("\n".join(names))[: index.MAX_TOKENS],
            "body": tokens(plain(said.body))[: index.MAX_TOKENS],
        },
    )


def stale(conversation_id: int) -> Iterator[list[int]]:
    """What is in the index and not in the conversation any more."""
    after = 0
    while ids := index.messages().email_ids(conversation_id, after=after, limit=LOOK):
        after = ids[-1]
        there = {
            row[0]
            for row in sql.rows(
                "SELECT id FROM conversations_message WHERE conversation_id = %s AND deleted_at IS NULL"
                f" AND id IN ({sql.marks(ids)})",
                [conversation_id, *ids],
            )
        }
        gone = [message_id for message_id in ids if message_id not in there]
        if gone:
            yield gone


class Waiting(NamedTuple):
    """What the index may say wrongly or not at all: the newest of what changed since it was there.

    `upto` is how far the index has come, by conversation; `is_all` when nothing else is waiting.
    """

    said: list[Said]
    upto: dict[int, int]
    is_all: bool


def waiting(logs: dict[int, int], *, limit: int, most_conversations: int) -> Waiting:
    """Of conversations with the numbers that their logs have come to; the first of them first."""
    reached = index.messages().progress_among(logs)
    upto = {one: reached[one].upto if one in reached else 0 for one in logs}
    behind = [
        one
        for one, seq in logs.items()
        if upto[one] < seq or one not in reached or not reached[one].is_complete
    ]
    found: list[Said] = []
    for conversation_id in behind[:most_conversations]:
        found += _not_reached(conversation_id, reached.get(conversation_id), limit)
        if len(found) > limit:
            return Waiting(found[:limit], upto, is_all=False)
    return Waiting(found, upto, is_all=len(behind) <= most_conversations)


def _not_reached(conversation_id: int, progress: Progress | None, limit: int) -> list[Said]:
    """What changed since, and where the past is not done, what is older than that; one more than the limit at most."""
    found = _read(
        "m.conversation_id = %s AND m.seq > %s ORDER BY m.seq DESC LIMIT %s",
        [conversation_id, progress.upto if progress else 0, limit + 1],
    )
    if progress is not None and not progress.is_complete:
        found += _read(
            "m.conversation_id = %s AND (m.seq, m.id) < (%s, %s) ORDER BY m.seq DESC, m.id DESC LIMIT %s",
            [conversation_id, progress.down_modseq, progress.down_id, limit + 1],
        )
    return found[: limit + 1]
