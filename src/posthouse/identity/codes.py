"""Proof by a code in a letter: eight digits, ten minutes, five tries.

The asker gets a *flow*, 128 random bits, whatever they asked for; a code is worth nothing without it. What happens at
the request does not depend on who exists: the row is written, a job is asked for, and only the job finds out whether
there is anybody to write to. So answers and their time are the same for known and unknown addresses by construction,
and no code stands in a job's arguments.

Invariants
- Of a code only a keyed hash is kept; a code works once.
- A try is counted, durably, before the code is looked at: tries side by side count as many.
- A letter more is sent RESENDS times at most, a minute apart; a fresh code takes the place of the one before, and the
  tries go on counting.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings

from posthouse.base import clock, db, jobs
from posthouse.base.errors import Invalid
from posthouse.identity import code_limits, letters
from posthouse.identity.models import Code

DIGITS = 8
SECONDS = 600
TRIES = 5
SENDS = 3
RESEND_SECONDS = 60
KIND = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who gets a code, and what their letter says; `text` holds `{code}`."""

    email: str
    user_id: int | None
    organisation_id: int | None
    subject: str
    text: str


Asked = Code
"""A code that was asked for, as rooms above see it: who asked, for which address, and the facts they gave along."""

Find = Callable[[Code], Reader | None]
"""Finds out, in the job, whom to write to; None for nobody."""

_finders: dict[str, Find] = {}


def purpose(name: str) -> Callable[[Find], Find]:
    """Say who finds the readers of codes for a purpose."""

    def register(find: Find) -> Find:
        _finders[name] = find
        return find

    return register


@db.action
def begin(
    name: str, *, email: str, ip: str, facts: dict[str, Any] | None = None, user_id: int | None = None
) -> str:
    """Ask for a code; gives the flow. Raises Limited. The same work whoever the address belongs to."""
    code_limits.check(email=email, ip=ip)
    flow = secrets.token_urlsafe(24)
    row = Code.objects.create(
        flow=flow,
        purpose=name,
        user_id=user_id,
        email=email,
        facts=facts or {},
        expires_at=clock.from_ms(clock.now_ms() + SECONDS * 1000),
    )
    jobs.enqueue(KIND, code_id=row.id)
    return flow


@db.action
def send_again(flow: str, *, ip: str) -> None:
    """One more letter, if the flow may have one; silent in every case, so that it tells nothing."""
    code_limits.check(email=f"flow:{flow}", ip=ip)
    now_ms = clock.now_ms()
    rows = Code.objects.filter(
        flow=flow,
        used_at=None,
        sends__lt=SENDS,
        sent_at__lt=clock.from_ms(now_ms - RESEND_SECONDS * 1000),
        expires_at__gt=clock.now(),
    )
    for row in rows:
        Code.objects.filter(id=row.id).update(
            sends=row.sends + 1,
            sent_at=clock.now(),
            code_hash="",
            expires_at=clock.from_ms(now_ms + SECONDS * 1000),
        )
        jobs.enqueue(KIND, code_id=row.id)


@jobs.handler(KIND)
def write_letter(code_id: int) -> None:
    """Find out whom to write to and write. Run twice it sends a second letter, with another code that takes over."""
    row = Code.objects.filter(id=code_id, used_at=None, expires_at__gt=clock.now()).first()
    reader = None if row is None else _finders[row.purpose](row)
    if row is not None and reader is not None:
        _write(row.id, row.flow, reader)


@db.action
def _write(code_id: int, flow: str, reader: Reader) -> None:
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    Code.objects.filter(id=code_id).update(
        code_hash=_hash(flow, code), email=reader.email, user_id=reader.user_id
    )
    grouped = f"{code[:4]}-{code[4:]}"
    letters.write(
        reader.email,
        subject=reader.subject,
        text=reader.text.replace("{code}", grouped),
        organisation_id=reader.organisation_id,
    )


def check(name: str, flow: str, code: str) -> Code:
    """The row of a right code, which `use` must still take. Raises Invalid (wrong_code), whatever the reason."""
    row = _take_try(name, flow)
    digits = "".join(c for c in code if c.isascii() and c.isdigit())
    given = _hash(flow, digits)
    kept = row.code_hash if row is not None and row.code_hash else _hash("", secrets.token_hex(8))
    if not hmac.compare_digest(given, kept) or row is None or len(digits) != DIGITS:
        raise _wrong()
    return row


def _wrong() -> Invalid:
    return Invalid("wrong_code", "The code is wrong or too old.", pointer="/code")


@db.action
def _take_try(name: str, flow: str) -> Code | None:
    live = Code.objects.filter(
        flow=flow, purpose=name, used_at=None, tries__lt=TRIES, expires_at__gt=clock.now()
    ).select_for_update()
    row = live.first()
    if row is not None:
        row.tries += 1
        row.save(update_fields=["tries"])
    return row


def use(row: Code) -> None:
    """Take a code for good; call inside the action that does what it is for. Raises Invalid for a used one."""
    if not Code.objects.filter(id=row.id, used_at=None).update(used_at=clock.now(), facts={}, code_hash=""):
        raise _wrong()


def _hash(flow: str, code: str) -> str:
    """Eight digits are guessed in no time by who has the hash alone; the key is not in the database."""
    return hmac.digest(_key(settings.SECRET_KEY), f"{flow}\0{code}".encode(), "sha256").hex()


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return sha256(b"posthouse code" + secret.encode()).digest()
