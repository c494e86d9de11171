"""One message to one domain: its servers in order, until one of them was truly asked."""

from __future__ import annotations

import random
from collections.abc import Callable

from posthouse.base.net import MxHost, NetPolicy
from posthouse.delivery.transport.outcome import Outcome, Verdict
from posthouse.delivery.transport.routes import RouteFailed, Routes, hops_for
from posthouse.delivery.transport.smtp_client import Mail, SessionFailed, Timeouts, send

MAX_HOPS = 5


async def deliver(
    mail: Mail,
    *,
    domain: str,
    routes: Routes,
    helo: str,
    policy: NetPolicy | None = None,
    timeouts: Timeouts | None = None,
    shuffle: Callable[[list[MxHost]], None] = random.shuffle,
) -> list[Outcome]:
    """Try the servers of `domain` (at most MAX_HOPS); one Outcome per recipient, in their order. Never
    raises for what a peer or the DNS does.

    A server that answers at all decides; only one that could not be asked sends us to the next. When none
    could be asked the outcome is temporary, unless every one was impossible for good.
    """
    try:
        hops = await hops_for(domain, routes=routes, policy=policy, shuffle=shuffle)
    except RouteFailed as failed:
        return [failed.result.of(one, host="", tls=None) for one in mail.recipients]
    failures: list[SessionFailed] = []
    for hop in hops[:MAX_HOPS]:
        try:
            return await send(mail, hop=hop, helo=helo, policy=policy, timeouts=timeouts)
        except SessionFailed as failed:
            failures.append(failed)
    hopeful = [failed for failed in failures if failed.result.verdict is Verdict.TEMPORARY]
    last = (hopeful or failures)[-1]
    return [last.result.of(one, host=last.host, tls=None) for one in mail.recipients]
