"""New DKIM keys by a schedule: made, shown, taken into use when the DNS has them, and the old ones gone a week later.

Nothing signs less than before: no pair is made while the newest is not published, and the pair before goes only when
others have surely found the newest for a week, by when mail that the old one signed is delivered or returned.
"""

from __future__ import annotations

from typing import Any

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.clock import iso
from posthouse.base.jobs import handler
from posthouse.delivery.domains import signing
from posthouse.identity import domain_keys, letters, organisations
from posthouse.identity import queries as people
from posthouse.identity.actor import Actor
from posthouse.wire.auth.dkim_sign import SigningKey

DAY_MS = 24 * 3600_000
RETIRE_MS = 7 * DAY_MS
LEAST_DAYS, MOST_DAYS = 30, 1_095
LOOK_SECONDS = 6 * 3600


def as_json(actor: Actor, domain_id: int) -> dict[str, Any]:
    """Raises Denied, Missing."""
    actor.require("domains.manage")
    domain = organisations.domain_for(actor, domain_id)
    found = sql.row(
        "SELECT every_days, published_at FROM delivery_keyrotation WHERE domain_id = %s", [domain.id]
    )
    every_days, published_at = found or (None, None)
    made_at = domain_keys.newest_at_ms(domain.id)
    is_planned = bool(every_days) and made_at is not None
    return {
        "every_days": every_days,
        "made_at": iso(made_at) if made_at is not None else None,
        "published_at": iso(published_at) if published_at is not None else None,
        "next_at": iso(made_at + every_days * DAY_MS) if is_planned else None,
    }


@db.action
def plan(actor: Actor, domain_id: int, *, every_days: int | None) -> None:
    """None: only by hand. Raises Denied, Missing."""
    actor.require("domains.manage")
    domain = organisations.domain_for(actor, domain_id)
    sql.run(
        "INSERT INTO delivery_keyrotation (domain_id, every_days, newest) VALUES (%s, %s, '')"
        " ON CONFLICT (domain_id) DO UPDATE SET every_days = excluded.every_days",
        [domain.id, every_days],
    )
    facts: dict[str, Fact] = {"name": domain.name, "keys_every_days": every_days or 0}
    record(actor, Act.DOMAIN_CHANGED, kind="domain", object_id=domain.id, facts=facts)


@handler("key_rotation", every_seconds=LOOK_SECONDS)
async def rotate() -> None:
    """Look at each domain with a schedule. Safe to run twice."""
    for domain_id, organisation_id, name in await db.reading(_scheduled):
        keys = await db.reading(domain_keys.signing_keys, name)
        newest = _newest(keys)
        if not newest:
            continue
        is_there = all([await signing.is_surely_published(key) for key in newest])
        if await db.writing(_note, domain_id, newest[0].selector, is_published=is_there):
            old = [key.selector for key in keys if key not in newest]
            if old:
                await db.writing(domain_keys.retire, domain_id, old)
            elif await db.reading(_is_due, domain_id):
                made = await db.heavy(domain_keys.renew, domain_id)
                await db.reading(_tell, organisation_id, name, made)


def _scheduled() -> list[tuple[int, int, str]]:
    return [
        (domain_id, organisation_id, name)
        for domain_id, organisation_id, name in sql.rows(
            "SELECT d.id, d.organisation_id, d.name FROM delivery_keyrotation k"
            " JOIN identity_domain d ON d.id = k.domain_id WHERE k.every_days IS NOT NULL ORDER BY d.id"
        )
    ]


def _newest(keys: list[SigningKey]) -> list[SigningKey]:
    """The pair that was made last: its selectors differ in the letter of their kind alone."""
    stem = keys[0].selector[:-1] if keys else ""
    return [key for key in keys if key.selector[:-1] == stem]


@db.action
def _note(domain_id: int, newest: str, *, is_published: bool) -> bool:
    """Write down since when the newest pair is published; whether that has been long enough."""
    now_ms = clock.now_ms()
    found = sql.row("SELECT newest, published_at FROM delivery_keyrotation WHERE domain_id = %s", [domain_id])
    known, published_at = found or ("", None)
    if known != newest or not is_published:
        published_at = None
    if is_published and published_at is None:
        published_at = now_ms
    sql.run(
        "UPDATE delivery_keyrotation SET newest = %s, published_at = %s WHERE domain_id = %s",
        [newest, published_at, domain_id],
    )
    return published_at is not None and now_ms - published_at >= RETIRE_MS


def _is_due(domain_id: int) -> bool:
    found = sql.row("SELECT every_days FROM delivery_keyrotation WHERE domain_id = %s", [domain_id])
    made_at = domain_keys.newest_at_ms(domain_id)
    if found is None or not found[0] or made_at is None:
        return False
    return clock.now_ms() - made_at >= int(found[0]) * DAY_MS


@db.action
def _write(organisation_id: int, subject: str, text: str) -> None:
    for email in people.caretakers(organisation_id, None):
        letters.write(email, subject=subject, text=text, organisation_id=organisation_id)


def _tell(organisation_id: int, name: str, made: list[SigningKey]) -> None:
    records = "\n\n".join(f"{key.name}\n  TXT  {key.record}" for key in made)
    _write(
        organisation_id,
        f"New keys for {name}",
        f"New keys to sign the mail of {name} with were made, as planned. Publish their records in the DNS:\n\n"
        f"{records}\n\nThey are taken into use when the DNS has them; until then the keys before them go on signing."
        " Those go a week later, and their records may be taken out then.\n",
    )
