"""Writing the log, in the transaction of the act itself: neither exists without the other.

Invariants
- Entries are only ever added. A line's number is one above the line before it, and its hash covers that line's hash.
- The chain's row is the lock: on PostgreSQL writers of one organisation wait for each other here, so `record` comes
  late in an action.
- The beginning of a chain goes by `let_go` alone, which keeps the hash that the rest hangs on.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from hashlib import sha256

import orjson
import structlog
from django.conf import settings

from posthouse.audit import chain, queries
from posthouse.audit.acts import Act, Outcome
from posthouse.audit.models import NO_HASH
from posthouse.audit.who import A_JOB, THE_COMMAND_LINE, By, Who
from posthouse.base import clock, db, sql

log = structlog.get_logger(__name__)

Fact = str | int | bool | None | list[str]

HOUR_MS = 3600_000
MAX_TEXT = 200
MAX_FACTS_BYTES = 4_000
CLOSE_BATCH = 200
LET_GO_BATCH = 500


@db.action
def record(
    by: Who,
    act: Act,
    *,
    kind: str = "",
    object_id: int | str = "",
    subject: int | None = None,
    outcome: Outcome = Outcome.OK,
    organisation: int | None = None,
    facts: dict[str, Fact] | None = None,
) -> int:
    """Add a line; gives its number. Call inside the action it tells of.

    `subject` is the person whose account it concerns (the actor, if left out), who may read the line too.
    `facts` are few and small, and never what mail says or what opens a door.
    """
    organisation_id = by.organisation_id if organisation is None else organisation
    text = orjson.dumps(facts or {}).decode()
    if len(text) > MAX_FACTS_BYTES:
        raise ValueError(f"facts of {len(text)} bytes with {act}")
    row = sql.row(
        "INSERT INTO audit_chain (organisation_id, sequence, hash, anchor_sequence, anchor_hash, seal)"
        " VALUES (%s, 1, %s, 0, %s, %s) ON CONFLICT (organisation_id)"
        " DO UPDATE SET sequence = audit_chain.sequence + 1"
        " RETURNING sequence, hash, anchor_sequence, anchor_hash, seal",
        [organisation_id, NO_HASH, NO_HASH, _no_seal(organisation_id)],
    )
    assert row is not None
    sequence, previous = int(row[0]), bytes(row[1])
    before = chain.Ends(
        organisation_id=organisation_id,
        anchor_sequence=row[2],
        anchor_hash=bytes(row[3]),
        sequence=sequence - 1,
        hash=previous,
    )
    values = (
        organisation_id, sequence, clock.now_ms(), by.user_id, by.email[:320], by.real_user_id,
        by.user_id if subject is None else subject, by.via, by.ip[:45], _plain(by.client), act.value, kind,
        str(object_id)[:64], outcome.value, text,
    )  # fmt: skip
    digest = chain.hash_of(previous, values)
    columns = ", ".join((*chain.FIELDS, "previous", "hash"))
    sql.run(
        f"INSERT INTO audit_entry ({columns}) VALUES ({sql.marks(range(len(values) + 2))})",
        [*values, previous, digest],
    )
    _end(before, bytes(row[4]), replace(before, sequence=sequence, hash=digest))
    return sequence


def _plain(text: str) -> str:
    """What a client calls itself: no controls, no halves of surrogate pairs, not long."""
    kept = text[:MAX_TEXT].encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else " " for c in kept)


def _no_seal(organisation_id: int) -> bytes:
    """The seal of a chain that is not there yet."""
    nothing = chain.Ends(
        organisation_id=organisation_id, anchor_sequence=0, anchor_hash=NO_HASH, sequence=0, hash=NO_HASH
    )
    return chain.seal_of(nothing, settings.SECRET_KEY)


def _end(before: chain.Ends, seal: bytes, after: chain.Ends) -> None:
    """Seal the new ends, but only on a seal that fits: a chain that was rewritten is not made good by going on."""
    if hmac.compare_digest(seal, chain.seal_of(before, settings.SECRET_KEY)):
        seal = chain.seal_of(after, settings.SECRET_KEY)
    else:
        log.error("audit.seal_broken", organisation=after.organisation_id, sequence=after.sequence)
    sql.run(
        "UPDATE audit_chain SET hash = %s, anchor_sequence = %s, anchor_hash = %s, seal = %s"
        " WHERE organisation_id = %s",
        [after.hash, after.anchor_sequence, after.anchor_hash, seal, after.organisation_id],
    )


@db.action
def seal_anew(organisation_id: int) -> bool:
    """After a change of SECRET_KEY: seal a chain whose lines all hold, and say so in it. False if they do not."""
    ends, _ = queries.ends(organisation_id)
    if queries.first_fault(ends):
        return False
    sql.run(
        "UPDATE audit_chain SET seal = %s WHERE organisation_id = %s",
        [chain.seal_of(ends, settings.SECRET_KEY), organisation_id],
    )
    record(THE_COMMAND_LINE, Act.AUDIT_SEALED, organisation=organisation_id)
    return True


# --- what mail clients do all day ---------------------------------------------------------------


@db.action
def record_often(
    by: Who,
    act: Act,
    *,
    subject: int | None = None,
    outcome: Outcome = Outcome.OK,
    organisation: int | None = None,
    facts: dict[str, Fact] | None = None,
) -> None:
    """`record` for what programs repeat: at once the first time in an hour, the others of it as one line with a count.

    The same are those by the same person from the same place, door and program, with the same facts.
    """
    now_ms = clock.now_ms()
    hour = now_ms // HOUR_MS
    organisation_id = by.organisation_id if organisation is None else organisation
    line = orjson.dumps(
        (organisation_id, by.user_id, by.email, by.real_user_id, by.user_id if subject is None else subject,
         by.via, by.ip, _plain(by.client), act.value, outcome.value, facts or {})
    )  # fmt: skip
    row = sql.row(
        "INSERT INTO audit_fold (key, line, count, first_at, last_at, ends_at) VALUES (%s, %s, 1, %s, %s, %s)"
        " ON CONFLICT (key) DO UPDATE SET count = audit_fold.count + 1, last_at = excluded.last_at RETURNING count",
        [sha256(b"%d " % hour + line).hexdigest(), line.decode(), now_ms, now_ms, (hour + 1) * HOUR_MS],
    )
    if row is not None and row[0] == 1:
        record(by, act, subject=subject, outcome=outcome, organisation=organisation, facts=facts)


def close_folds() -> None:
    """Write down what came again in hours that are over; in small transactions."""
    while _close_some() == CLOSE_BATCH:
        continue


@db.action
def _close_some() -> int:
    done = sql.rows(
        "SELECT key, line, count, first_at, last_at FROM audit_fold WHERE ends_at <= %s ORDER BY ends_at LIMIT %s",
        [clock.now_ms(), CLOSE_BATCH],
    )
    for key, line, count, first_at, last_at in done:
        if count > 1:
            again = {"again": count - 1, "first_at": clock.iso(first_at), "last_at": clock.iso(last_at)}
            _record_line(line, again)
        sql.run("DELETE FROM audit_fold WHERE key = %s", [key])
    return len(done)


def _record_line(line: str, again: dict[str, Fact]) -> None:
    organisation_id, user_id, email, real, subject, via, ip, client, act, outcome, facts = orjson.loads(line)
    by = By(
        organisation_id=organisation_id,
        user_id=user_id,
        email=email,
        real_user_id=real,
        via=via,
        ip=ip,
        client=client,
    )
    record(by, Act(act), subject=subject, outcome=Outcome(outcome), facts={**facts, **again})


# --- letting the beginning go -------------------------------------------------------------------


def let_go(before_ms: int) -> None:
    """Forget lines from before a moment: whole beginnings of chains, and the hash of the last one stays."""
    for (organisation_id,) in sql.rows("SELECT organisation_id FROM audit_chain ORDER BY organisation_id"):
        if _move_anchor(organisation_id, before_ms):
            while _delete_some(organisation_id):
                continue


@db.action
def _move_anchor(organisation_id: int, before_ms: int) -> bool:
    head = sql.row(
        "SELECT anchor_sequence, sequence, hash, anchor_hash, seal FROM audit_chain WHERE organisation_id = %s"
        + sql.for_update(),
        [organisation_id],
    )
    if head is None:
        return False
    first_kept = sql.row(
        "SELECT min(sequence) FROM audit_entry WHERE organisation_id = %s AND at >= %s",
        [organisation_id, before_ms],
    )
    upto = int(head[1]) if first_kept is None or first_kept[0] is None else int(first_kept[0]) - 1
    last = sql.row(
        "SELECT hash FROM audit_entry WHERE organisation_id = %s AND sequence = %s", [organisation_id, upto]
    )
    if upto <= head[0] or last is None:
        return False
    before = chain.Ends(
        organisation_id=organisation_id,
        anchor_sequence=head[0],
        anchor_hash=bytes(head[3]),
        sequence=head[1],
        hash=bytes(head[2]),
    )
    _end(before, bytes(head[4]), replace(before, anchor_sequence=upto, anchor_hash=bytes(last[0])))
    record(
        A_JOB,
        Act.AUDIT_PRUNED,
        organisation=organisation_id,
        facts={"upto": upto, "lines": upto - int(head[0])},
    )
    return True


@db.action
def _delete_some(organisation_id: int) -> int:
    """Those at or below the anchor; the trigger holds us to it."""
    found = sql.row("SELECT anchor_sequence FROM audit_chain WHERE organisation_id = %s", [organisation_id])
    first = sql.row("SELECT min(sequence) FROM audit_entry WHERE organisation_id = %s", [organisation_id])
    if found is None or first is None or first[0] is None:
        return 0
    upto = min(int(found[0]), int(first[0]) + LET_GO_BATCH - 1)
    return sql.run(
        "DELETE FROM audit_entry WHERE organisation_id = %s AND sequence <= %s", [organisation_id, upto]
    )


__all__ = ["Fact", "close_folds", "let_go", "record", "record_often", "seal_anew"]
