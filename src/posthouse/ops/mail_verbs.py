"""What the command line can do about mail on its way, keys, and what is made of an e-mail (ops/verbs.py says how)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from posthouse.base.errors import Failure, Invalid
from posthouse.delivery.junk import arriving
from posthouse.delivery.tending import operating
from posthouse.delivery.tending.waiting import Wanted
from posthouse.identity import dns_records, domain_keys, operators
from posthouse.identity import queries as identity_queries
from posthouse.mail import access
from posthouse.wire.mime import digest

MAX_ACTED_ON = 10_000
PAGE = 500
Line = dict[str, Any]


def queue_waiting(destination: str, sender: str, state: str, limit: int) -> Iterator[Line]:
    """Recipients that wait, of all organisations and of the house itself, the longest waiting first."""
    wanted = Wanted(destination=destination, sender=sender, state=state)
    rows, _ = operating.waiting_for_anybody(operators.at_the_command_line(), wanted, after=0, limit=limit)
    yield {"result": rows}


def queue_act(verb: str, ids: list[int], destination: str, sender: str) -> Iterator[Line]:
    """Do one thing to the recipients named, or to all that wait for a destination or of a sender."""
    operator = operators.at_the_command_line()
    done, kept = 0, []
    for recipient_id in ids or _all(destination, sender):
        try:
            operating.act(operator, verb, recipient_id)
            done += 1
        except Failure as failure:
            kept.append({"id": str(recipient_id), "code": failure.code, "message": failure.message})
    yield {"result": {"done": done, "not_done": kept}}


def _all(destination: str, sender: str) -> list[int]:
    """Raises Invalid where nothing is named, since that would be everybody's."""
    if not destination and not sender:
        raise Invalid("nothing_named", "Name the mail by its numbers, a destination or a sender.")
    operator, wanted = operators.at_the_command_line(), Wanted(destination=destination, sender=sender)
    found: list[int] = []
    after: int | None = 0
    while after is not None and len(found) < MAX_ACTED_ON:
        rows, after = operating.waiting_for_anybody(operator, wanted, after=after, limit=PAGE)
        found += [int(row["id"]) for row in rows]
    return found


def keys_of_domain(name: str, *, make: bool) -> Iterator[Line]:
    """The records of a domain's keys, with a new pair among them when one is wanted. Slow then: finds primes."""
    domain = identity_queries.domain_of(f"postmaster@{name}")
    if make:
        domain_keys.renew(domain.id, via="cli")
    yield {"result": dns_records.of_keys(domain)}


def spam_verdict(path: str, user: str) -> Iterator[Line]:
    """What the junk filter says to somebody of an e-mail in a file."""
    actor = identity_queries.actor_of(user, via="cli")
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise Invalid("unreadable", f"{path}: {error.strerror}.") from error
    found = arriving.verdict(raw, digest(raw).structure, access.account_id_for(actor, None))
    if found is None:
        yield {"result": {"is_enabled": False}}
        return
    yield {
        "result": {
            "is_enabled": True,
            "score": found.score,
            "is_junk": found.is_junk,
            "signals": [[one.name, round(one.weight, 2), one.words] for one in found.signals],
        }
    }


VERBS: dict[str, Callable[..., Iterator[Line]]] = {
    "queue_waiting": queue_waiting,
    "queue_act": queue_act,
    "domain_keys": keys_of_domain,
    "spam_verdict": spam_verdict,
}
