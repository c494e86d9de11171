"""Senders of forwarded mail in our name, and the bounces that come to them (wire/smtp/srs.py).

Only bounces are taken for such an address: with the null sender, and passed on with it, so nothing answers them. The
key is made of the domain and SECRET_KEY. Imports little: the MX door may stand in a process of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from posthouse.base import blobs, clock, db
from posthouse.base.remote_calls import offer
from posthouse.mail import storing
from posthouse.mail.storing import Storing
from posthouse.wire.smtp import srs
from posthouse.wire.smtp.address import BadAddress, Mailbox, read_mailbox

DAY_MS = 86_400_000
MOST_OF_OURS = 5
"""So many forwards within this house one after the other."""


def _key(domain: str) -> bytes:
    from posthouse.base import sealing  # brings the cipher, which a door rarely wants

    return sealing.derived(f"srs {domain.lower()}")


def _today() -> int:
    return clock.now_ms() // DAY_MS


def sender_for(sender: str, domain: str) -> str:
    """The envelope's sender to forward with, in a domain of ours; the null sender where there is nobody to tell."""
    try:
        made = srs.rewritten(read_mailbox(sender), domain=domain, key=_key(domain), day=_today())
    except BadAddress:
        return ""
    return "" if made is None else str(made)


def original_of(address: Mailbox) -> Mailbox | None:
    """Who sent what was forwarded with this sender; None for an address that we did not make, or long ago."""
    found = None
    for _ in range(MOST_OF_OURS):
        if not srs.is_srs(address):
            return found
        back = srs.returned(address, key=_key(address.domain), day=_today())
        if back is None:
            return found
        found = address = back
    return found


class Taking(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A bounce to be passed on, with what its envelope and its header say of TLS, and the places here that it is for as
    well."""

    content: blobs.Prepared
    targets: list[str]
    local: list[Storing]
    requires_tls: bool = False
    ignores_tls: bool = False


def _take_many(items: Sequence[Taking]) -> list[None]:
    from posthouse.delivery import actions  # of the house alone

    for item in items:
        if item.local:
            storing.store_together(item.local)
        blobs.insert([item.content])
        targets = [actions.Target(address=target) for target in item.targets]
        is_utf8 = not all(target.isascii() for target in item.targets)
        actions.enqueue(
            actions.Outgoing(
                blob_id=item.content.id,
                mail_from="",
                targets=targets,
                is_smtputf8=is_utf8,
                requires_tls=item.requires_tls,
                ignores_tls=item.ignores_tls,
            )
        )
    return [None] * len(items)


take_in: db.Bulk[Taking, None] = db.Bulk(_take_many)
"""Pass a bounce on, in the transaction that stores it where it is for somebody here too."""
offer("delivery.take_in", take_in, item=Taking, result=None)
