"""What the operator sets of the doors for mail beside their addresses (config/env.py reads and checks it all)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from posthouse.base.net_guard import Network, is_special

if TYPE_CHECKING:
    from posthouse.config.env import Endpoint, _Reader

MAX_SOCKET_PATH_BYTES = 100  # Linux takes 107
_REPORTER = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


@dataclass(frozen=True, slots=True)
class SocketPath:
    """A listener at a path of the file system: the owner and the group of the process may connect."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDoors:
    """`proxies` must say whose connection they pass on, to every mail door; the rest is the MX door's.

    `peer_rates` None: no limits.
    """

    proxies: tuple[Network, ...] = ()
    block_lists: tuple[str, ...] = ()
    only_marks: bool = False
    greylist_seconds: int = 0
    tarpit_seconds: int = 0
    keeps_refused: bool = True
    peer_rates: dict[str, tuple[int, float]] | None = field(default_factory=dict)


def mail_doors(reader: _Reader) -> MailDoors:
    return MailDoors(
        proxies=reader.networks("POSTHOUSE_PROXY_PEERS"),
        block_lists=reader.names("POSTHOUSE_BLOCK_LISTS"),
        only_marks=reader.choice("POSTHOUSE_BLOCK_LISTS_ACT", "refuse", "mark") == "mark",
        greylist_seconds=reader.number("POSTHOUSE_GREYLIST_SECONDS", 0, low=0, high=3600),
        tarpit_seconds=reader.number("POSTHOUSE_TARPIT_SECONDS", 0, low=0, high=30),
        keeps_refused=reader.boolean("POSTHOUSE_KEEP_REFUSED", default=True),
        peer_rates=reader.rates(
            "POSTHOUSE_PEER_RATES", names=("connections", "messages", "recipients", "errors")
        ),
    )


def reporters(reader: _Reader) -> dict[str, tuple[str, str]]:
    """Who reports to other domains, as address and organisation, by the kind of report."""
    names = {"dmarc": "POSTHOUSE_DMARC_REPORTS", "tls": "POSTHOUSE_TLS_REPORTS"}
    found = {kind: _reporter(reader, name) for kind, name in names.items()}
    return {kind: named for kind, named in found.items() if named is not None}


def _reporter(reader: _Reader, name: str) -> tuple[str, str] | None:
    """`postmaster@example.org/Example Ltd`."""
    value = reader.text(name)
    if not value or value.lower() == "off":
        return None
    address, _, organisation = (part.strip() for part in value.partition("/"))
    if (
        not _REPORTER.fullmatch(address)
        or not 1 <= len(organisation) <= 100
        or not organisation.isprintable()
    ):
        reader.faults.append(f"{name}={value!r} is not like postmaster@example.org/Example Ltd.")
        return None
    return address, organisation


def lmtp_listener(reader: _Reader) -> Endpoint | SocketPath | None:
    """`POSTHOUSE_LMTP`: a path or a private address, since whoever connects there is not asked who they are."""
    name = "POSTHOUSE_LMTP"
    value = reader.text(name, "off")
    if value.lower() == "off":
        return None
    if value.startswith("/"):
        if len(value.encode()) > MAX_SOCKET_PATH_BYTES:
            reader.faults.append(f"{name}: the path is longer than {MAX_SOCKET_PATH_BYTES} bytes.")
        return SocketPath(Path(value))
    endpoint = reader.endpoint(name, value)
    if endpoint is not None and not _is_private(endpoint.host):
        reader.faults.append(f"{name}={value!r} is neither a path nor at a loopback or private address.")
    return endpoint


def _is_private(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return is_special(address) and not address.is_unspecified
