"""The queue's engine: takes what is due, sends it, writes down the answer, bounces what failed.

One task in the event loop. It sleeps until the next recipient is due or a hint says that something was queued; a
lost hint costs at most `SLEEP_SECONDS`.
"""

from __future__ import annotations

import asyncio
import functools
import random
from collections.abc import Sequence

import structlog

from posthouse.base import clock, db, metrics
from posthouse.base.errors import Denied, Failure
from posthouse.base.hub import hub
from posthouse.delivery import setup, transport
from posthouse.delivery.actions import LEASE_MS
from posthouse.delivery.automatic import forwarding
from posthouse.delivery.domains import sealing, signing, sts
from posthouse.delivery.fate import bounces, delays, traces
from posthouse.delivery.queueing import due, queue
from posthouse.delivery.queueing.queue import DELIVERED, PERMANENT, TEMPORARY, Due, Parcel, Result
from posthouse.delivery.receiving import accepting
from posthouse.delivery.reporting import tls as tls_reporting
from posthouse.delivery.suppression import lists
from posthouse.delivery.transport import Mail, Outcome, Verdict, Wish, Wishes
from posthouse.identity import directory
from posthouse.mail import storing

log = structlog.get_logger(__name__)

attempts = metrics.Counter("posthouse_delivery_attempts", "Tries to deliver, one per recipient.", "outcome")

CONCURRENT = 40
CLAIM = 100
SLEEP_SECONDS = 30.0
FAULT_SECONDS = 5.0
TRY_SECONDS = LEASE_MS / 1000 - 60
"""A try ends before its lease, so that nobody else takes up what is still being sent."""
SETTLE_AGAIN_SECONDS = (1.0, 5.0, 30.0, 60.0)
"""What a server took must be written down, or it would be sent again: the disk is given time to recover."""


class Runner:
    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._under_way = due.UnderWay()
        self._stopping = asyncio.Event()
        self._tls = tls_reporting.TlsWatch()
        self._lines = transport.Lines(watch=self._tls)

    async def run(self) -> None:
        """Work until `stop`; never raises for what a peer, the DNS or the disk does."""
        unsubscribe = hub.subscribe("outbox", lambda _: self._wake.set())
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                try:
                    if not await self._take():
                        await self._sleep()
                except Exception:
                    log.exception("delivery.round_failed")
                    await _within(self._stopping, FAULT_SECONDS)
        finally:
            unsubscribe()

    async def stop(self, *, grace_seconds: float = 5.0) -> None:
        """Take nothing more; tries under way may end, the others come back by their lease."""
        self._stopping.set()
        self._wake.set()
        if self._running:
            await asyncio.wait(self._running, timeout=grace_seconds)
        await self._lines.close()
        await self._tls.flush()

    async def _take(self) -> bool:
        free = CONCURRENT - len(self._running)
        if free <= 0:
            return False
        waiting = await db.reading(due.look, CLAIM, most_parcels=free, under_way=self._under_way.copy())
        parcels = await db.writing(queue.take, waiting) if waiting else []
        for parcel in parcels:
            task = asyncio.create_task(self._carry(parcel))
            self._running.add(task)
            self._under_way.begin(parcel.domain, parcel.sender)
            task.add_done_callback(functools.partial(self._done, parcel))
        return bool(parcels)

    def _done(self, parcel: Parcel, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._under_way.end(parcel.domain, parcel.sender)
        self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("delivery.attempt_broke", exc_info=task.exception())

    async def _sleep(self) -> None:
        seconds = SLEEP_SECONDS
        if len(self._running) < CONCURRENT:
            due_ms = await db.reading(due.next_due_ms, self._under_way.full())
            if due_ms is not None:
                seconds = min(seconds, max(0.02, (due_ms - clock.now_ms()) / 1000))
        await _within(self._wake, seconds)

    async def _carry(self, parcel: Parcel) -> None:
        """One try of one parcel, from content to outcome. A fault of ours is a failed try like any other."""
        try:
            results = await _tried(parcel, self._lines)
        except Exception:
            log.exception("delivery.try_broke", submission=parcel.submission_id)
            results = [_broken(one) for one in parcel.recipients]
        await _written(parcel, results)
        for result in results:
            attempts.count(result.outcome)
            log.info(
                "delivery.attempt",
                submission=parcel.submission_id,
                recipient=result.due.recipient_id,
                outcome=result.outcome,
                code=result.code,
                host=result.host,
                attempts=result.due.attempts,
            )


async def _within(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


async def _tried(parcel: Parcel, lines: transport.Lines) -> list[Result]:
    content = await db.reading(_content_for_others, parcel)
    if content is None:
        return await db.reading(_deliver_here, parcel)
    if parcel.list_name:
        return await _tried_each(parcel, content, lines)
    async with asyncio.timeout(TRY_SECONDS):
        return await _sent(parcel, parcel.recipients, content, lines)


async def _tried_each(parcel: Parcel, content: bytes, lines: transport.Lines) -> list[Result]:
    """To a list: one after the other, each with their own way out.

    A fault with one is not the others', and whom the time of a try does not reach is tried again with the next.
    """
    results = []
    end = asyncio.get_running_loop().time() + TRY_SECONDS
    for one in parcel.recipients:
        try:
            async with asyncio.timeout_at(end):
                own = await db.reading(_with_way_out, parcel, one, content)
                results += await _sent(parcel, [one], own, lines)
        except Exception:
            log.exception("delivery.try_broke", submission=parcel.submission_id)
            results.append(_broken(one))
    return results


def _with_way_out(parcel: Parcel, one: Due, content: bytes) -> bytes:
    if parcel.account_id is None:
        return content
    return transport.under(lists.head_for(parcel.account_id, parcel.list_name, one.address, content), content)


async def _sent(parcel: Parcel, some: Sequence[Due], content: bytes, lines: transport.Lines) -> list[Result]:
    trace = traces.trace_of(parcel.submission_id, parcel.domain)
    seals = b""
    if parcel.is_forward:
        stored, domain = forwarding.header_as_kept(content), parcel.mail_from.rpartition("@")[2]
        seals = await sealing.seals(content, stored=stored, domain=domain)
    mail = Mail(
        sender=parcel.mail_from,
        recipients=[one.address for one in some],
        message=content,
        head=traces.field_of(trace) + seals,
        seal=await signing.seal_of(content),
        wishes=_wishes(parcel, trace),
        requires_tls=parcel.requires_tls,
        ignores_tls=parcel.ignores_tls,
    )
    outcomes = await transport.deliver(
        mail,
        domain=parcel.domain,
        routes=setup.current().routes,
        helo=setup.current().hostname,
        timeouts=setup.current().timeouts,
        sts_policy=sts.policy_of,
        lines=lines,
    )
    return [_result(one, outcome) for one, outcome in zip(some, outcomes, strict=True)]


def _wishes(parcel: Parcel, trace: str) -> Wishes:
    """Without an original address ours is the one (RFC 3461 §5.2.1)."""
    asked = {
        one.address: Wish(one.notify, one.original or _original(one.address)) for one in parcel.recipients
    }
    return Wishes(
        envelope_id=parcel.envelope_id or trace, returns_headers_only=parcel.returns_headers_only, of=asked
    )


def _original(address: str) -> str:
    return f"rfc822;{address}" if address.isascii() and address.isprintable() else ""


async def _written(parcel: Parcel, results: Sequence[Result]) -> None:
    for pause in SETTLE_AGAIN_SECONDS:
        try:
            if not bounces.are_told(results) and not delays.are_told(parcel, results):
                return await db.writing(_write, parcel, results)
            return await db.reading(settle, parcel, results)
        except Failure as failure:
            log.warning("delivery.settle_failed", submission=parcel.submission_id, code=failure.code)
            await asyncio.sleep(pause)
    return await db.reading(settle, parcel, results)


def _broken(tried: Due) -> Result:
    return Result(
        due=tried,
        outcome=TEMPORARY,
        code="451 4.3.0",
        answer="Something went wrong here.",
        retry_at_ms=_retry_at(tried.attempts),
    )


def _retry_at(attempts: int) -> int | None:
    wait = transport.backoff(attempts, jitter=random.random(), schedule=setup.current().retry_seconds)
    return None if wait is None else clock.now_ms() + int(wait * 1000)


def _result(tried: Due, outcome: Outcome) -> Result:
    kind = {Verdict.DELIVERED: DELIVERED, Verdict.TEMPORARY: TEMPORARY, Verdict.PERMANENT: PERMANENT}[
        outcome.verdict
    ]
    return Result(
        due=tried,
        outcome=kind,
        code=f"{outcome.code} {outcome.enhanced}".strip(),
        answer=outcome.text,
        host=outcome.host,
        is_tls=outcome.tls is not None if outcome.host else None,
        proof=outcome.proof,
        is_remote=outcome.is_remote,
        tells=outcome.tells,
        retry_at_ms=_retry_at(tried.attempts) if kind == TEMPORARY else None,
    )


def _content_for_others(parcel: Parcel) -> bytes | None:
    """None when the domain is one of ours."""
    is_ours = not isinstance(directory.lookup(f"postmaster@{parcel.domain}"), directory.NotOurs)
    return None if is_ours else queue.content_of(parcel)


def _deliver_here(parcel: Parcel) -> list[Result]:
    """To people of this house: straight into their inboxes, each by itself since one may be full."""
    head = f"Return-Path: <{parcel.mail_from}>\r\n".encode()
    body = queue.content_of(parcel)
    results = []
    for one in parcel.recipients:
        try:
            _check_may_post(parcel.mail_from, one.address)
            content = transport.under(head, _with_way_out(parcel, one, body) if parcel.list_name else body)
            accounts = accepting.local_accounts([one.address])
            accepting.accept(
                storing.prepare(content),
                accounts,
                raw=content,
                sender=parcel.mail_from,
                requires_tls=parcel.requires_tls,
            )
            results.append(
                Result(due=one, outcome=DELIVERED, code="250 2.0.0", answer="Delivered here", host="here")
            )
        except Failure as failure:
            results.append(_refused(one, failure))
    return results


def _check_may_post(sender: str, address: str) -> None:
    """Whoever queued the mail had proved the sender's address by logging in."""
    found = directory.lookup(address)
    if isinstance(found, directory.Several) and not directory.may_post(sender, found):
        raise Denied("may_not_post", "You may not write to this group.")


def _refused(tried: Due, failure: Failure) -> Result:
    if failure.code == "may_not_post":
        return Result(due=tried, outcome=PERMANENT, code="550 5.7.1", answer=failure.message)
    if failure.code == "no_such_address":
        return Result(
            due=tried, outcome=PERMANENT, code="550 5.1.1", answer="There is nobody of that name here."
        )
    code = "452 4.2.2" if failure.code == "over_quota" else "451 4.3.0"
    return Result(
        due=tried, outcome=TEMPORARY, code=code, answer=failure.message, retry_at_ms=_retry_at(tried.attempts)
    )


def settle(parcel: Parcel, results: Sequence[Result]) -> None:
    """Write the outcome; what the sender is told is built before the lane is entered and stored inside it."""
    _write(parcel, results, bounces.prepare(parcel, results), delays.prepare(parcel, results))


@db.action
def _write(
    parcel: Parcel,
    results: Sequence[Result],
    notice: storing.Arrival | None = None,
    delay: storing.Arrival | None = None,
) -> None:
    settled = queue.settle(results)
    if settled.ended and notice is not None:
        bounces.store(parcel, notice)
    if settled.waiting and delay is not None:
        delays.store(parcel, settled.waiting, delay)
