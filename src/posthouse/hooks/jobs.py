"""What runs later: posting to endpoints, telling their owners of trouble, and forgetting what is old."""

from __future__ import annotations

import random
import secrets
import time

import structlog

from posthouse.base import clock, db, net_http, sql
from posthouse.base.errors import Failure
from posthouse.base.ids import EPOCH_MS
from posthouse.base.jobs import handler
from posthouse.delivery import accepting, setup
from posthouse.hooks import actions, queries, reading, signing
from posthouse.hooks.actions import Outcome
from posthouse.hooks.models import Endpoint
from posthouse.identity import queries as people
from posthouse.mail import storing
from posthouse.wire.mime import Address
from posthouse.wire.mime import build as mime

log = structlog.get_logger(__name__)

LIMITS = net_http.Limits(max_bytes=65_536, timeout=15.0, max_redirects=0)
MAX_WAIT_S = 86_400
KEEP_DAYS = 30
BATCH = 500


@handler(reading.KIND)
async def deliver(message_id: int) -> None:
    """One try. Whatever the other side does is an outcome, never a fault of the job; safe to run twice, since a
    receiver knows a message by its `webhook-id`."""
    parcel = await db.reading(queries.parcel, message_id)
    if parcel is None:
        return
    if not parcel.is_wanted:
        await db.writing(actions.skip, message_id)
        return
    outcome = await _posted(parcel)
    state = await db.writing(actions.settle, message_id, outcome, jitter=random.random())
    log.info("hook.attempt", message=message_id, kind=parcel.type, status=outcome.status, state=state)


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


@handler(actions.NOTICE)
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
