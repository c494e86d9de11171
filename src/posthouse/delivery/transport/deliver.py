"""One message to one domain: its servers in order, until one of them was truly asked, each with the TLS it owes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace

from posthouse.base import net
from posthouse.base.net import MxHost, NetPolicy
from posthouse.delivery.transport import security
from posthouse.delivery.transport.connecting import Timeouts
from posthouse.delivery.transport.lines import Lines
from posthouse.delivery.transport.outcome import Outcome, SessionFailed, Verdict
from posthouse.delivery.transport.routes import RouteFailed, Routes, hops_for
from posthouse.delivery.transport.smtp_client import Mail, send
from posthouse.wire.smtp.mta_sts import Found

MAX_HOPS = 5
PolicyOf = Callable[[str], Awaitable[Found]]


async def deliver(
    mail: Mail,
    *,
    domain: str,
    routes: Routes,
    helo: str,
    policy: NetPolicy | None = None,
    timeouts: Timeouts | None = None,
    sts_policy: PolicyOf | None = None,
    lines: Lines | None = None,
    shuffle: Callable[[list[MxHost]], None] = random.shuffle,
) -> list[Outcome]:
    """Try the servers of `domain` (at most MAX_HOPS); one Outcome per recipient, in their order. Never
    raises for what a peer or the DNS does.

    Where the operator demands DANE of a domain nothing else counts, not its policy and not a sender who waives TLS.
    A server that answers at all decides; only one that could not be asked sends us to the next. When none
    could be asked the outcome is temporary, unless every one was impossible for good. `sts_policy` knows the
    policies that domains have published (MTA-STS); without it nobody's is asked for.
    `lines` keeps connections for the next message.
    """
    policy = policy or net.policy()
    timeouts = timeouts or Timeouts()
    ends = asyncio.get_running_loop().time() + timeouts.whole
    try:
        hops = (await hops_for(domain, routes=routes, policy=policy, shuffle=shuffle))[:MAX_HOPS]
        is_by_dane = routes.demand_dane(domain)
    except RouteFailed as failed:
        return [failed.result.of(one, host="", tls=None) for one in mail.recipients]
    failures: list[SessionFailed] = []
    said, is_proved = Found(), False
    if not (hops[0].is_configured or domain.startswith("[") or (mail.ignores_tls and not is_by_dane)):
        is_proved = await security.is_proved(domain, policy)
        said = await sts_policy(domain) if sts_policy is not None and not is_by_dane else said
        if lines is not None and lines.are_watched:
            hops = security.watched(hops, domain=domain, sts=said.policy)
            if said.failure:
                lines.tell(replace(hops[0], policy="sts", host=""), said.failure)
    for hop in hops:
        if hop.is_again and not (failures and failures[-1].tls_failure):
            continue
        try:
            demands = security.Demands(is_proved=is_proved, is_by_dane=is_by_dane, sts=said.policy)
            hop = await security.demanded(hop, demands, domain=domain, policy=policy)
            if mail.requires_tls:
                hop = security.required(hop, is_proved=is_proved)
            return await send(
                mail, hop=hop, helo=helo, policy=policy, timeouts=timeouts, lines=lines, ends=ends
            )
        except SessionFailed as failed:
            failures.append(failed)
            if lines is not None and failed.tls_failure:
                is_of_dane = failed.tls_failure in security.DANE_FAILURES
                lines.tell(replace(hop, policy="tlsa") if is_of_dane else hop, failed.tls_failure)
    hopeful = [failed for failed in failures if failed.result.verdict is Verdict.TEMPORARY]
    last = (hopeful or failures)[-1]
    return [last.result.of(one, host=last.host, tls=None) for one in mail.recipients]
