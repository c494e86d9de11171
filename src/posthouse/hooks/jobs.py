"""What runs later: posting to endpoints, telling their owners of trouble, and forgetting what is old."""

from __future__ import annotations

import asyncio
import random
import secrets
import time

import structlog

from posthouse.base import clock, db, net_http, sql
from posthouse.base.errors import Failure
from posthouse.base.ids import EPOCH_MS
from posthouse.base.jobs import handler
from posthouse.delivery import setup
from posthouse.delivery.receiving import accepting
from posthouse.hooks import outbox, queries, signing
from posthouse.hooks.models import Endpoint
from posthouse.hooks.outbox import Outcome
from posthouse.identity import queries as people
from posthouse.mail import storing
from posthouse.wire.mime import Address
from posthouse.wire.mime import build as mime

log = structlog.get_logger(__name__)

LIMITS = net_http.Limits(max_bytes=65_536, timeout=15.0, max_redirects=0)
AT_ONCE = 4
ROUND_SECONDS = 120.0
"""An endpoint gives its place to others after so long, well before its job's lease ends."""
MAX_WAIT_S = 86_400
KEEP_DAYS = 30
BATCH = 500


_busy: set[int] = set()
_again: set[int] = set()


@handler(outbox.KIND)
async def deliver(endpoint_id: int) -> None:
    """Send what is due for one endpoint, a few at a time. Whatever the other side does is an outcome, never a fault of
    the job; safe to run twice, since a receiver knows a message by its `webhook-id`."""
    if endpoint_id in _busy:
        _again.add(endpoint_id)
        return
    _busy.add(endpoint_id)
    ends = clock.steady() + ROUND_SECONDS
    try:
        while clock.steady() < ends:
            _again.discard(endpoint_id)
            parcels = await db.writing(outbox.claim, endpoint_id, AT_ONCE)
            await asyncio.gather(*(_carry(parcel) for parcel in parcels))
            if not parcels and endpoint_id not in _again:
                return
        await db.writing(_go_on, endpoint_id)
    finally:
        _busy.discard(endpoint_id)


@db.action
def _go_on(endpoint_id: int) -> None:
    outbox.wake(endpoint_id, at_ms=clock.now_ms())


async def _carry(parcel: queries.Parcel) -> None:
    outcome = await _posted(parcel)
    state = await db.writing(outbox.settle, parcel.message_id, outcome, jitter=random.random())
    log.info("hook.attempt", message=parcel.message_id, kind=parcel.type, status=outcome.status, state=state)


async def _posted(parcel: queries.Parcel) -> Outcome:
    body, at_ms, started = parcel.body.encode(), clock.now_ms(), time.monotonic()
    headers = signing.headers(
        parcel.secrets, message_id=queries.public_id(parcel.message_id), at_s=at_ms // 1000, body=body
    )
    headers["Content-Type"] = "application/json"

    def spent() -> int:
        return int((time.monotonic() - started) * 1000)

    try:
        answer = await net_http.request(parcel.url, method="POST", headers=headers, body=body, limits=LIMITS)
    except net_http.FetchFailed as failed:
        return Outcome(at_ms=at_ms, duration_ms=spent(), error=_told(failed.reason))
    return Outcome(
        at_ms=at_ms,
        duration_ms=spent(),
        status=answer.status,
        answer=answer.body[:1_000].decode("utf-8", "replace").replace("\x00", ""),
        wait_s=_retry_after(answer.headers.get("retry-after", "")),
    )


_TOLD = {
    "Refused": "The address may not be contacted.",
    "Timeout": "No answer in time.",
    "certificate": "The certificate is not valid.",
    "too large": "The answer was too large.",
}


def _told(reason: str) -> str:
    """What its owner may know: enough to mend it, too little to map our network by."""
    for word, text in _TOLD.items():
        if word in reason:
            return text
    return "The URL could not be reached."


def _retry_after(text: str) -> int:
    return min(int(text), MAX_WAIT_S) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


@handler(outbox.NOTICE)
def notice(endpoint_id: int) -> None:
    """Mail to whoever looks after an endpoint that was switched off."""
    endpoint = Endpoint.objects.filter(id=endpoint_id, state=Endpoint.State.DISABLED).first()
    if endpoint is None:
        return
    for email in people.caretakers(endpoint.organisation_id, endpoint.user_id):
        try:
            accounts = accepting.local_accounts([email])
            accepting.accept(storing.prepare(_notice(endpoint, email)), accounts)
        except Failure as failure:
            log.warning("hook.notice_failed", endpoint=endpoint_id, code=failure.code)


def _notice(endpoint: Endpoint, email: str) -> bytes:
    why = (
        "it answered 410 Gone"
        if endpoint.reason == Endpoint.Reason.GONE
        else "it has taken nothing for five days"
    )
    host = setup.current().hostname
    message = mime.Draft(
        from_=Address("Posthouse", f"postmaster@{host}"),
        to=(Address("", email),),
        subject="A webhook was switched off",
        date=clock.now(),
        message_id=f"{secrets.token_hex(16)}@{host}",
        text=f"The webhook to\n\n  {endpoint.url}\n\nwas switched off, because {why}.\n\n"
        "Its log shows every try. Once the other side is well again, switch it on and replay what it missed.\n",
    )
    return mime.build(message, boundary=secrets.token_hex(12), keep_bcc=False)


@handler("hooks.sweep", every_seconds=86_400)
def sweep() -> None:
    """Forget what was told more than a month ago, in small transactions."""
    below = (clock.now_ms() - KEEP_DAYS * 86_400_000 - EPOCH_MS) << 21
    while _delete(below):
        pass


@db.action
def _delete(below_id: int) -> int:
    ids = [
        row[0] for row in sql.rows("SELECT id FROM hooks_message WHERE id < %s LIMIT %s", [below_id, BATCH])
    ]
    sql.run(f"DELETE FROM hooks_attempt WHERE message_id IN ({sql.marks(ids)})", ids)
    return sql.run(f"DELETE FROM hooks_message WHERE id IN ({sql.marks(ids)})", ids)
