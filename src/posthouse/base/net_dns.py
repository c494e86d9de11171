"""Questions to the DNS, with the four answers that mail must tell apart.

Records; a name that does not exist (`NameMissing`, permanent); a name without such records (empty); no answer
(`DnsFailed`, temporary: RFC 5321 §5.1 wants another try, never a bounce). Answers are kept for their TTL,
up to CACHE_ENTRIES. The resolver is the operator's or the one of `NetPolicy.dns_server`, which tests point
at a fake.

Whether an answer is proved by DNSSEC is the resolver's word (the AD bit, RFC 4035 §3.2.3), which counts only where
nobody stands between it and us: at a loopback address, or where the operator says so (`NetPolicy.trusts_dnssec`).
"""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver
import dns.reversename
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.txtbase import TXTBase

from posthouse.base import net_dns_raw
from posthouse.base.errors import Failure, Missing, Unavailable
from posthouse.base.net_guard import Address, NetPolicy
from posthouse.wire.auth.dns import NoAnswer

CACHE_ENTRIES = 4_096
MAX_RECORDS = 100
MAX_MX_HOSTS = 20
ABSENT_SECONDS = 30.0
FAILURE_SECONDS = 5.0
"""How long it is remembered that the DNS gave no answer (RFC 9520 §3.2: at least a second)."""
MAX_TTL_SECONDS = 86_400.0


class NameMissing(Missing):
    """The name does not exist (NXDOMAIN), or no name can look like that."""

    def __init__(self, name: str) -> None:
        super().__init__("name_missing", "No such name exists in the DNS.", name=name)


class DnsFailed(Unavailable):
    """No usable answer: try again later."""

    def __init__(self, name: str) -> None:
        super().__init__("dns_failed", "The DNS gave no answer.", name=name)


class NullMx(Failure):
    """The domain says that it takes no mail (RFC 7505)."""

    def __init__(self, name: str) -> None:
        super().__init__("null_mx", "This domain accepts no mail.", name=name)


@dataclass(frozen=True, slots=True)
class MxHost:
    preference: int
    host: str


async def query(name: str, kind: str, *, policy: NetPolicy, fresh: bool = False) -> list[str]:
    """Records of one kind in text form; TXT strings are joined (RFC 7208 §3.3). Empty when there are none.

    Follows CNAMEs; `fresh` passes over what is kept. Raises NameMissing or DnsFailed.
    """
    answer = await _ask(name, kind, policy, fresh=fresh)
    return [_text(record) for record in answer][:MAX_RECORDS]


async def query_txt(name: str, *, policy: NetPolicy, fresh: bool = False) -> list[bytes]:
    """TXT records as bytes, each joined from its strings, since keys and policies are not always text.

    `fresh` passes over what is kept: somebody has just published it, and an earlier "no such name" may be kept long.
    """
    answer = await _ask(name, "TXT", policy, fresh=fresh)
    return [b"".join(record.strings) for record in answer if isinstance(record, TXTBase)][:MAX_RECORDS]


@dataclass(frozen=True, slots=True)
class Proved:
    """Records in text form, and whether DNSSEC proves them, or that a name has none of the kind; `name` is where they
    were found, behind all CNAMEs, `unreadable` how many there were that are no records of that kind."""

    records: list[str]
    is_secure: bool
    name: str = ""
    unreadable: int = 0


async def query_proved(name: str, kind: str, *, policy: NetPolicy) -> Proved:
    """As `query`, with DNSSEC's word on it; a name that does not exist has no records. Raises DnsFailed."""
    resolver = _resolver(policy)
    try:
        answer = await _answer(name, kind, resolver, policy)
    except NameMissing:
        return Proved([], is_secure=False)
    records = [_text(record) for record in answer][:MAX_RECORDS]
    return Proved(
        records,
        is_secure=_is_secure(answer.response, resolver, policy),
        name=answer.canonical_name.to_text(omit_final_dot=True),
    )


async def query_in_part(name: str, kind: str, *, policy: NetPolicy) -> Proved:
    """As `query_proved`, for kinds of which people publish what nobody can read: that is counted, and the rest is told.

    Asked anew each time. Raises DnsFailed.
    """
    resolver = _resolver(policy)
    for server in [*resolver.nameservers, *resolver.nameservers]:
        address = server if isinstance(server, str) else getattr(server, "address", "")
        port = resolver.port if isinstance(server, str) else getattr(server, "port", 53)
        try:
            query = dns.message.make_query(name, kind, flags=dns.flags.RD | dns.flags.AD)
            response = await net_dns_raw.ask(query, (address, port), seconds=resolver.timeout)
        except (OSError, EOFError, ValueError, dns.exception.DNSException):
            continue
        wanted = [rrset for rrset in response.answer if rrset.rdtype == query.question[0].rdtype]
        records = [_text(record) for rrset in wanted for record in rrset][:MAX_RECORDS]
        is_secure = _is_secure(response, resolver, policy)
        return Proved(records, is_secure=is_secure, name=name, unreadable=len(response.errors))
    raise DnsFailed(name)


def _is_secure(
    response: dns.message.Message, resolver: dns.asyncresolver.Resolver, policy: NetPolicy
) -> bool:
    if not response.flags & dns.flags.AD:
        return False
    if policy.trusts_dnssec is not None:
        return policy.trusts_dnssec
    return all(_is_beside_us(server) for server in resolver.nameservers)


def _is_beside_us(server: str | dns.nameserver.Nameserver) -> bool:
    address = server if isinstance(server, str) else getattr(server, "address", "")
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


async def query_ptr(address: Address | str, *, policy: NetPolicy) -> list[str]:
    """Names of an address, as it says of itself (unverified)."""
    name = dns.reversename.from_address(str(ip_address(address)))
    return [found.rstrip(".") for found in await query(name.to_text(), "PTR", policy=policy)]


async def query_mx(
    domain: str, *, policy: NetPolicy, shuffle: Callable[[list[MxHost]], None]
) -> list[MxHost]:
    """Where mail for `domain` goes, best first; equal preferences in the order `shuffle` gives (RFC 5321
    §5.1).

    A domain with an address and no MX is its own host. Raises NullMx, NameMissing (no such domain, or
    neither MX nor address) and DnsFailed.
    """
    records = [record for record in await _ask(domain, "MX", policy) if isinstance(record, MX)]
    hosts = [MxHost(record.preference, record.exchange.to_text(omit_final_dot=True)) for record in records]
    if len(hosts) == 1 and hosts[0].host in {"", "."}:
        raise NullMx(domain)
    hosts = [host for host in hosts if host.host not in {"", "."}]
    if not hosts:
        if not await _has_address(domain, policy):
            raise NameMissing(domain)
        return [MxHost(0, domain)]
    shuffle(hosts)
    hosts.sort(key=lambda host: host.preference)
    return hosts[:MAX_MX_HOSTS]


async def _has_address(domain: str, policy: NetPolicy) -> bool:
    return bool(await query(domain, "A", policy=policy) or await query(domain, "AAAA", policy=policy))


class NotKept(Exception):
    """The answer is not at hand: it must be asked for."""


class Answers:
    """The records of names as `wire.auth.dns.Ask` wants them, for one loop: a crowd of e-mails asks once.

    Kept for their TTL, up to CACHE_ENTRIES. Whoever asks while a question is under way waits for its answer, and
    may give up waiting without ending it for the others. Raises NoAnswer.
    """

    def __init__(self, policy: NetPolicy) -> None:
        self._policy = policy
        self._kept: dict[tuple[str, str], tuple[float, tuple[str, ...] | None]] = {}
        self._asking: dict[tuple[str, str], asyncio.Task[tuple[str, ...] | None]] = {}

    async def kept(self, name: str, kind: str) -> tuple[str, ...]:
        """The same for one who will not wait: raises NotKept where the DNS must be asked."""
        kept = self._kept.get((name.lower().removesuffix("."), kind))
        if kept is None or kept[0] <= time.monotonic():
            raise NotKept(name)
        if kept[1] is None:
            raise NoAnswer(name)
        return kept[1]

    async def __call__(self, name: str, kind: str) -> tuple[str, ...]:
        key = (name.lower().removesuffix("."), kind)
        kept = self._kept.get(key)
        if kept is not None and kept[0] > time.monotonic():
            found = kept[1]
        else:
            asking = self._asking.get(key)
            if asking is None:
                asking = self._asking[key] = asyncio.ensure_future(self._fetch(*key))
                asking.add_done_callback(lambda _: self._asking.pop(key, None))
            found = await asyncio.shield(asking)
        if found is None:
            raise NoAnswer(name)
        return found

    async def _fetch(self, name: str, kind: str) -> tuple[str, ...] | None:
        found: tuple[str, ...] | None = ()
        seconds = ABSENT_SECONDS
        try:
            answer = await _answer(name, kind, _resolver(self._policy), self._policy)
            if answer.rrset is not None:
                found = tuple(_latin_text(record) for record in answer)[:MAX_RECORDS]
                seconds = min(answer.rrset.ttl, MAX_TTL_SECONDS)
        except NameMissing:
            pass
        except DnsFailed:
            found, seconds = None, FAILURE_SECONDS
        if len(self._kept) >= CACHE_ENTRIES:
            for old in list(self._kept)[: CACHE_ENTRIES // 2]:
                del self._kept[old]
        self._kept[name, kind] = (time.monotonic() + seconds, found)
        return found


def _latin_text(record: object) -> str:
    return b"".join(record.strings).decode("latin-1") if isinstance(record, TXTBase) else str(record)


async def _ask(name: str, kind: str, policy: NetPolicy, *, fresh: bool = False) -> list[object]:
    resolver = _new_resolver(policy) if fresh else _resolver(policy)
    return list(await _answer(name, kind, resolver, policy))


async def _answer(
    name: str, kind: str, resolver: dns.asyncresolver.Resolver, policy: NetPolicy
) -> dns.resolver.Answer:
    """The only question to the DNS; empty for a name without such records. Raises NameMissing, DnsFailed."""
    try:
        return await resolver.resolve(
            dns.name.from_text(name),
            kind,
            search=False,
            lifetime=policy.dns_timeout,
            raise_on_no_answer=False,
        )
    except dns.resolver.NXDOMAIN as error:
        raise NameMissing(name) from error
    except (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel, dns.name.BadEscape) as error:
        raise NameMissing(name) from error
    except (dns.exception.DNSException, OSError, UnicodeError) as error:
        raise DnsFailed(name) from error


def _text(record: object) -> str:
    if isinstance(record, TXTBase):
        return b"".join(record.strings).decode("utf-8", "replace")
    return str(record)


@functools.lru_cache(maxsize=8)
def _resolver(policy: NetPolicy) -> dns.asyncresolver.Resolver:
    resolver = _new_resolver(policy)
    resolver.cache = dns.resolver.LRUCache(CACHE_ENTRIES)
    return resolver


def _new_resolver(policy: NetPolicy) -> dns.asyncresolver.Resolver:
    if policy.dns_server is None:
        resolver = dns.asyncresolver.Resolver()
    else:
        resolver = dns.asyncresolver.Resolver(configure=False)
        host, port = policy.dns_server
        resolver.nameservers = [dns.nameserver.Do53Nameserver(host, port)]
    resolver.timeout = min(2.0, policy.dns_timeout)
    resolver.flags = dns.flags.RD | dns.flags.AD  # whether it is proved, without the proofs (RFC 6840 §5.7)
    return resolver
