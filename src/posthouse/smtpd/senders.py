"""Is an arriving e-mail from whom it says? SPF, DKIM, ARC and DMARC side by side, before it is answered.

Invariants
- No mail is refused, filed away or kept waiting because a DNS is dead: what is not known after `CHECK_SECONDS` is
  "temperror", and that asks for nothing.
- The checks see the bytes as they came; what is kept has our own Authentication-Results and nobody's in our name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from posthouse.base import clock, db, metrics
from posthouse.base.errors import Denied
from posthouse.base.net_dns import Answers, NotKept
from posthouse.base.net_guard import NetPolicy, Network
from posthouse.smtpd import reported
from posthouse.smtpd.checked import UNCHECKED, Checked, is_trusted, looks_like_report_of_domain
from posthouse.smtpd.reported import Found
from posthouse.wire.auth import arc, dkim, dmarc, results, spf
from posthouse.wire.auth.arc import Arc
from posthouse.wire.auth.dkim import Dkim
from posthouse.wire.auth.dmarc import Dmarc
from posthouse.wire.auth.dns import Ask, NoAnswer, plain_name
from posthouse.wire.auth.judgement import Judgement
from posthouse.wire.auth.message import Message
from posthouse.wire.auth.results import Result
from posthouse.wire.auth.spf import Spf
from posthouse.wire.mime.addresses import parse_people
from posthouse.wire.smtp.envelope import Envelope, Peer

if TYPE_CHECKING:
    from posthouse.delivery.reporting.dmarc import Judged

log = structlog.get_logger(__name__)
T = TypeVar("T")

CHECK_SECONDS = 5.0
DNS_SECONDS = 4.0
LAST_SECONDS = 0.05
"""For what needs no DNS, when the time is over."""
THREAD_BYTES = 128 * 1024
"""A larger body is hashed in a thread."""
REPORT_HEAD_BYTES = 16 * 1024
MAX_AUTHORS = 4
"""Domains in From that are looked at; what names more is "permerror"."""

checks = metrics.Counter(
    "posthouse_sender_checks", "What the checks of arriving mail came to.", "method", "result"
)


class Obey(Enum):
    """What is done with mail whose sender's domain asks for it (DMARC)."""

    JUNK = "junk"  # quarantine and reject both go to Junk
    ENFORCE = "enforce"  # reject is refused, quarantine goes to Junk
    OFF = "off"  # told and nothing else


class Senders:
    """The checks of one door; lives in its loop."""

    def __init__(
        self,
        *,
        hostname: str,
        policy: NetPolicy,
        trusted_peers: tuple[Network, ...] | None = None,
        obey: Obey = Obey.JUNK,
        arc_trusted: Iterable[str] = (),
        judged: Judged | None = None,
        seconds: float = CHECK_SECONDS,
    ) -> None:
        """Peers in `trusted_peers` are not checked; None stands for loopback and all private networks.

        `judged` counts what came out for domains that want to be told (smtpd/reported.py).
        """
        self._hostname = hostname
        self._ask = Answers(replace(policy, dns_timeout=min(DNS_SECONDS, policy.dns_timeout)))
        self._trusted_peers = trusted_peers
        self._obey = obey
        self._arc_trusted = frozenset(map(plain_name, arc_trusted))
        self._judged = judged
        self._seconds = seconds

    async def check(self, envelope: Envelope, content: bytes, peer: Peer) -> Checked:
        """What is found; with a refusal where the sender's domain wants it and the operator obeys."""
        if is_trusted(peer.ip, self._trusted_peers):
            return UNCHECKED
        end = asyncio.get_running_loop().time() + self._seconds
        message = Message(content)
        if len(content) > THREAD_BYTES:
            await db.reading(dkim.hash_bodies, message)
        found = await self._found(envelope, message, peer, end)
        refused = _worst(found.dmarc)
        forwarder = self._trusted_forwarder(found.arc, refused.domain) if refused.result == "fail" else ""
        if forwarder:
            refused = replace(refused, policy="none")
        structlog.contextvars.bind_contextvars(  # for the line of this message (smtp.message)
            spf=found.spf.result, dkim=_best(found.dkim), dmarc=refused.result, from_domain=refused.domain
        )
        for method, result in (
            ("spf", found.spf.result),
            ("dkim", _best(found.dkim)),
            ("dmarc", refused.result),
        ):
            checks.count(method, result)
        wish = refused.policy if refused.result == "fail" else "none"
        if self._judged is not None:
            is_report = looks_like_report_of_domain(bytes(content[:REPORT_HEAD_BYTES]))
            for domain, observed in reported.observed(
                found, peer.ip, disposition=self._disposition(wish), forwarder=forwarder, is_report=is_report
            ):
                self._judged.note((domain, observed))
        return Checked(
            refusal=self._refusal(wish, refused.domain),
            judgement=Judgement(
                spf=found.spf.result,
                dkim=_best(found.dkim),
                dmarc=refused.result,
                arc=found.arc.result,
                from_domain=refused.domain,
                is_junk=wish != "none" and self._obey is not Obey.OFF,
                is_author_proved=_is_author_proved(found, refused),
            ),
            header=results.write(self._hostname, _told(found, refused, forwarder, envelope, peer)),
        )

    def _refusal(self, wish: str, domain: str) -> Denied | None:
        if wish != "reject" or self._obey is not Obey.ENFORCE:
            return None
        return Denied("dmarc_rejected", f"{domain} asks to refuse mail that it did not send (DMARC)")

    def _disposition(self, wish: str) -> str:
        if self._obey is Obey.OFF:
            return "none"
        return "quarantine" if wish == "reject" and self._obey is Obey.JUNK else wish

    async def _found(self, envelope: Envelope, message: Message, peer: Peer, end: float) -> Found:
        now = int(clock.now().timestamp())
        domains = _author_domains(message)
        sender = "" if envelope.mail_from is None else str(envelope.mail_from)
        spf_run = self._begin(
            lambda ask: spf.check_host(
                ask,
                ip=peer.ip,
                mail_from=sender,
                helo=peer.helo,
                receiver=self._hostname,
                now=now,
                wants_words=False,
            )
        )
        dkim_runs = [
            self._begin(lambda ask, field=field: dkim.verify(ask, message, field, now=now))  # type: ignore[misc]
            for field in dkim.signatures(message)
        ]
        arc_run = self._begin(lambda ask: arc.verify(ask, message, now=now))
        dmarc_runs = [
            self._begin(lambda ask, domain=domain: dmarc.published(ask, domain))  # type: ignore[misc]
            for domain in domains[:MAX_AUTHORS]
        ]
        await _all_done([spf_run, *dkim_runs, arc_run, *dmarc_runs], end)
        spf_domain = plain_name(sender.rpartition("@")[2] or peer.helo)
        found_spf = _outcome(spf_run, Spf(result="temperror", domain=spf_domain))
        found_dkim = [
            _unanswered(field) if (one := _outcome(run, None)) is None else one
            for run, field in zip(dkim_runs, dkim.signatures(message), strict=True)
        ]
        published = [_outcome(run, None) for run in dmarc_runs]
        judging = [self._judge(one, found_spf, found_dkim) for one in published]
        asked = [run for run in judging if run is not None]
        await _all_done(asked, max(end, asyncio.get_running_loop().time() + LAST_SECONDS))
        judged = [
            _outcome(run, Dmarc(result="temperror", domain=domain))
            for domain, run in zip(domains, judging, strict=False)
        ]
        if not domains or len(domains) > MAX_AUTHORS:
            judged.append(Dmarc(result="permerror", domain=domains[0] if domains else ""))
        return Found(
            spf=found_spf,
            dkim=found_dkim,
            arc=_outcome(arc_run, Arc(result="temperror")),
            dmarc=judged,
            published=published,
            is_helo=not sender,
        )

    def _judge(
        self, published: dmarc.Published | None, spf_found: Spf, dkim_found: list[Dkim]
    ) -> asyncio.Future[Dmarc] | None:
        if published is None:
            return None
        return self._begin(
            lambda ask: dmarc.evaluate(
                ask,
                published,
                spf=[(spf_found.domain, spf_found.result)],
                dkim=[(one.domain, one.result) for one in dkim_found],
                wants_both=self._judged is not None,
            )
        )

    def _begin(self, check: Callable[[Ask], Coroutine[Any, Any, T]]) -> asyncio.Future[T]:
        """A check that needs no answer but those at hand is done when this returns, which spares it a task."""
        run: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        try:
            check(self._ask.kept).send(None)
        except StopIteration as stop:
            run.set_result(stop.value)
        except NotKept:
            return asyncio.ensure_future(check(self._ask))
        except Exception as error:  # noqa: BLE001 a fault of ours must not keep mail out: `_outcome` tells it
            run.set_exception(error)
        return run

    def _trusted_forwarder(self, found: Arc, domain: str) -> str:
        """Who brought it, if the operator believes all of the chain and the first of them saw that it was genuine."""
        if found.result != "pass" or not set(found.sealers) <= self._arc_trusted:
            return ""
        is_seen = any(
            one.result == "pass" and plain_name(one.get("header.from")) == domain
            for one in found.seen[0].of("dmarc")
        )
        return found.sealers[-1] if is_seen else ""


def _is_author_proved(found: Found, judged: Dmarc) -> bool:
    """Without a record of its owner's a domain is proved by its own name alone: nothing says what lies below it."""
    if judged.result != "none" or len(found.dmarc) != 1:
        return judged.result == "pass"
    proved = {one.domain for one in found.dkim if one.result == "pass"}
    if found.spf.result == "pass" and not found.is_helo:
        proved.add(found.spf.domain)
    return judged.domain in {plain_name(domain) for domain in proved}


def _author_domains(message: Message) -> list[str]:
    """Of all From fields, each once: whichever a program shows its reader, it was looked at."""
    domains = [
        plain_name(person.email.rpartition("@")[2])
        for field in message.named(b"from")
        for person in parse_people(field.partition(b":")[2])
    ]
    return [domain for domain in dict.fromkeys(domains) if domain]


def _worst(found: list[Dmarc]) -> Dmarc:
    """Of several authors' domains, the one whose owner has most to say against it."""
    order = ["fail", "permerror", "temperror", "none", "pass"]
    policies = ["reject", "quarantine", "none"]
    return min(found, key=lambda one: (order.index(one.result), policies.index(one.policy)))


def _best(found: list[Dkim]) -> str:
    order = ["pass", "temperror", "fail", "policy", "neutral", "permerror"]
    return min((one.result for one in found), key=order.index, default="none")


def _unanswered(field: bytes) -> Dkim:
    """What is known of a signature whose key did not come in time: its domain may yet be the author's."""
    try:
        signature = dkim.read_signature(field)
    except ValueError:
        return Dkim(result="neutral")
    return Dkim(result="temperror", domain=signature.domain, selector=signature.selector)


def _told(found: Found, judged: Dmarc, forwarder: str, envelope: Envelope, peer: Peer) -> list[Result]:
    identity = (
        ("smtp.helo", peer.helo) if envelope.mail_from is None else ("smtp.mailfrom", str(envelope.mail_from))
    )
    told = [Result(method="spf", result=found.spf.result, reason=found.spf.problem, properties=(identity,))]
    told += [
        Result(
            method="dkim",
            result=one.result,
            reason=one.problem,
            properties=(
                ("header.d", one.domain),
                ("header.s", one.selector),
                ("header.a", one.algorithm),
                ("header.b", one.b),
            ),
        )
        for one in found.dkim
    ] or [Result(method="dkim", result="none")]
    told.append(
        Result(
            method="dmarc",
            result=judged.result,
            reason=f"brought by {forwarder}, whom we trust" if forwarder else "",
            properties=(("header.from", judged.domain), ("policy.dmarc", judged.policy)),
        )
    )
    if found.arc.result != "none":
        told.append(
            Result(
                method="arc",
                result=found.arc.result,
                reason=found.arc.problem,
                properties=(("smtp.remote-ip", peer.ip),),
            )
        )
    return told


async def _all_done(runs: list[asyncio.Future[Any]], end: float) -> None:
    if all(run.done() for run in runs):
        return
    left = end - asyncio.get_running_loop().time()
    _, late = await asyncio.wait(runs, timeout=max(0.0, left))
    for run in late:
        run.cancel()


def _outcome(run: asyncio.Future[T] | None, otherwise: Any) -> Any:
    """`otherwise` for what came too late or, since nothing may keep mail out, was broken by a fault of ours."""
    if run is None or not run.done() or run.cancelled():
        return otherwise
    error = run.exception()
    if error is None:
        return run.result()
    if not isinstance(error, NoAnswer):
        log.error("smtp.check_broke", exc_info=error)
    return otherwise
