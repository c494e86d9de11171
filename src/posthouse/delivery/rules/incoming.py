"""An e-mail that came in, as those look at it who answer or forward by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from posthouse.base.errors import Invalid
from posthouse.delivery.rules import arriving
from posthouse.identity import directory
from posthouse.identity.addresses import normal_address
from posthouse.wire.auth.results import ours
from posthouse.wire.mime.addresses import parse_people
from posthouse.wire.mime.automatic import is_answerable, named, wants_no_answer
from posthouse.wire.mime.headers import find, loose, read_header
from posthouse.wire.mime.tls_required import waives_tls
from posthouse.wire.smtp.trace import count_received

MOST_HOPS = 25
"""Below what refuses mail (wire/smtp/limits.py), so that it stays here before it goes round for good."""
LOOP_FIELDS = (b"delivered-to", b"x-loop")


@dataclass(frozen=True)
class Incoming:
    """`sender` is the envelope's; `is_forged`: the author's domain (DMARC) or the sender's (SPF) says that
    it did not send this.

    `requires_tls`: its sender demanded that it goes on over TLS only (RFC 8689).
    """

    email_id: int
    account_id: int
    sender: str
    is_forged: bool
    raw: bytes
    requires_tls: bool = False

    @cached_property
    def fields(self) -> list[tuple[bytes, bytes]]:
        return read_header(self.raw, 0, len(self.raw)).fields

    @cached_property
    def own(self) -> frozenset[str]:
        """The account's own addresses."""
        return frozenset(arriving.addresses_of(self.account_id))

    @property
    def addressed(self) -> str | None:
        """The own address that To or Cc names, which an answer comes from; None for mail that names none."""
        for name, value in self.fields:
            if name in (b"to", b"cc"):
                for person in parse_people(value):
                    address = _bare(person.email)
                    if address in self.own:
                        return address
        return None

    @property
    def is_to_be_answered(self) -> bool:
        """RFC 3834 §2: a person wrote it, not to oneself, and it has not been here before."""
        return (
            not self.is_forged
            and not self.been & self.own
            and is_answerable(self.sender)
            and _bare(self.sender) not in self.own
            and not wants_no_answer(self.fields)
        )

    @property
    def waives_tls(self) -> bool:
        """Its sender would have what comes of it arrive rather than safe (RFC 8689 §5, §6)."""
        return not self.requires_tls and waives_tls(self.raw)

    @cached_property
    def been(self) -> frozenset[str]:
        """Addresses of those who had it before and sent it on."""
        return frozenset(address.lower() for address in named(self.fields, *LOOP_FIELDS))

    @property
    def is_going_round(self) -> bool:
        """Whether it has come by here before, or has come a suspiciously long way. What has no Message-ID, by which it
        would be known, is sent on once."""
        if self.been and find(self.raw, b"message-id") is None:
            return True
        return bool(self.been & self.own) or count_received(self.raw) > MOST_HOPS


def stored(email_id: int, account_id: int, raw: bytes) -> Incoming:
    """One that lies here, as it came in: its envelope's sender and what was found of it stand in its head."""
    found = ours(raw, directory.hostname())
    is_forged = found is not None and any(
        one.result == "fail" for kind in ("dmarc", "spf") for one in found.of(kind)
    )
    path = find(raw, b"return-path") or b""
    sender = loose(path).strip("<> ")
    return Incoming(email_id=email_id, account_id=account_id, sender=sender, is_forged=is_forged, raw=raw)


def _bare(address: str) -> str:
    """As it is compared: without what stands behind its plus (RFC 5233)."""
    try:
        local, _, domain = normal_address(address).rpartition("@")
    except Invalid:
        return ""
    return f"{local.partition('+')[0]}@{domain}"
