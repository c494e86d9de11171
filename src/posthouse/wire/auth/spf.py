"""May this host send mail for that domain? (RFC 7208, check_host)

Invariants
- At most 10 terms that ask the DNS, 2 questions without an answer, 10 names of one MX or PTR (§4.6.4): what a stranger
  publishes cannot make us ask more.
- Never raises: what the DNS cannot say now is "temperror".
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from posthouse.wire.auth.dns import Ask, NoAnswer, is_below, is_name, plain_name
from posthouse.wire.auth.spf_macros import (
    IN_EXPLANATIONS,
    BadMacro,
    expand,
    expand_name,
    has_macro,
)
from posthouse.wire.auth.spf_record import BadRecord, Mechanism, Record, is_spf, read_record

MAX_LOOKUPS = 10
MAX_VOID_LOOKUPS = 2
MAX_NAMES = 10

_Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Spf:
    """`result` is none, neutral, pass, fail, softfail, temperror or permerror (§2.6); `domain` the one asked about.

    `matched` is the term that decided; `explanation` the sender's own words for a fail, unchecked ASCII.
    """

    result: str
    domain: str
    matched: str = ""
    explanation: str = ""
    problem: str = ""


class _Permanent(Exception):
    """The record cannot be followed: "permerror"."""


async def check_host(
    ask: Ask,
    *,
    ip: str,
    mail_from: str,
    helo: str,
    receiver: str = "unknown",
    now: int = 0,
    wants_words: bool = True,
) -> Spf:
    """The null sender is judged as postmaster of the name given in HELO (RFC 7208 §2.4).

    `wants_words`: ask for the sender's explanation of a fail as well.
    """
    local, _, domain = mail_from.rpartition("@")
    domain = plain_name(domain or helo)
    sender = f"{local or 'postmaster'}@{domain}"
    if not is_name(domain) or "." not in domain:
        return Spf(result="none", domain=domain, problem="no domain to ask about")
    check = _Check(ask, ip=ip, sender=sender, helo=helo, receiver=receiver, now=now)
    return await check.of(domain, wants_words=wants_words)


class _Check:
    """One run; its counters hold for all records that it is led to."""

    def __init__(self, ask: Ask, *, ip: str, sender: str, helo: str, receiver: str, now: int) -> None:
        self._ask = ask
        address = ip_address(ip)
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        self._ip: _Address = mapped or address
        self._kind = "A" if self._ip.version == 4 else "AAAA"
        self._lookups = self._voids = 0
        self._verified: list[str] | None = None
        local, _, origin = sender.rpartition("@")
        self._values = {
            "s": sender,
            "l": local,
            "o": origin,
            "i": _dotted(self._ip),
            "v": "in-addr" if self._ip.version == 4 else "ip6",
            "h": helo,
            "c": str(self._ip),
            "r": receiver,
            "t": str(now),
        }

    async def of(self, domain: str, *, wants_words: bool) -> Spf:
        try:
            return await self._evaluate(domain, wants_words=wants_words)
        except (_Permanent, BadRecord, BadMacro) as bad:
            return Spf(result="permerror", domain=domain, problem=str(bad))
        except NoAnswer:
            return Spf(result="temperror", domain=domain, problem="no answer from the DNS")

    async def _evaluate(self, domain: str, *, wants_words: bool) -> Spf:
        record = await self._record(domain)
        if record is None:
            return Spf(result="none", domain=domain)
        for mechanism in record.mechanisms:
            if await self._matches(mechanism, domain):
                words = ""
                if wants_words and mechanism.result == "fail" and record.exp is not None:
                    words = await self._explanation(record.exp, domain)
                return Spf(result=mechanism.result, domain=domain, matched=mechanism.text, explanation=words)
        if record.redirect is None:
            return Spf(result="neutral", domain=domain)
        self._count_lookup()
        target = await self._name(record.redirect, domain)
        found = await self._evaluate(target, wants_words=wants_words) if is_name(target) else None
        if found is None or found.result == "none":
            raise _Permanent("redirect leads to no record")
        return found

    async def _record(self, domain: str) -> Record | None:
        found = [text for text in await self._ask(domain, "TXT") if is_spf(text)]
        if len(found) > 1:
            raise _Permanent("more than one record")
        return read_record(found[0]) if found else None

    async def _matches(self, mechanism: Mechanism, domain: str) -> bool:
        if mechanism.name == "all":
            return True
        if mechanism.network is not None:
            return self._ip.version == mechanism.network.version and self._ip in mechanism.network
        self._count_lookup()
        target = await self._name(mechanism.target, domain) if mechanism.target else domain
        match mechanism.name:
            case "include":
                return await self._included(target)
            case "a":
                return await self._is_address_of(target, mechanism)
            case "mx":
                return await self._is_mx_of(target, mechanism)
            case "exists":
                return bool(await self._look_up(target, "A"))
            case _:
                return any(is_below(name, plain_name(target)) for name in await self._names_of_client())

    async def _included(self, target: str) -> bool:
        """RFC 7208 §5.2."""
        found = await self._evaluate(target, wants_words=False)
        if found.result == "none":
            raise _Permanent("include leads to no record")
        return found.result == "pass"

    async def _is_address_of(self, name: str, mechanism: Mechanism) -> bool:
        bits = mechanism.cidr4 if self._ip.version == 4 else mechanism.cidr6
        shift = self._ip.max_prefixlen - bits
        wanted = int(self._ip) >> shift
        found = await self._look_up(name, self._kind)
        return any(int(ip_address(text)) >> shift == wanted for text in found)

    async def _is_mx_of(self, name: str, mechanism: Mechanism) -> bool:
        hosts = [record.rpartition(" ")[2] for record in await self._look_up(name, "MX")]
        if len(hosts) > MAX_NAMES:
            raise _Permanent("more than 10 MX")
        for host in hosts:
            if host != "." and await self._is_address_of(host, mechanism):
                return True
        return False

    async def _names_of_client(self) -> list[str]:
        """Its names that lead back to it (RFC 7208 §5.5). No answer is no name."""
        if self._verified is None:
            self._verified = []
            try:
                names = await self._look_up(self._ip.reverse_pointer, "PTR")
            except NoAnswer:
                return []
            for name in names[:MAX_NAMES]:
                try:
                    addresses = await self._look_up(name, self._kind)
                except NoAnswer:
                    continue
                if any(ip_address(text) == self._ip for text in addresses):
                    self._verified.append(plain_name(name))
        return self._verified

    async def _explanation(self, spec: str, domain: str) -> str:
        """RFC 7208 §6.2: whatever is wrong with it, there is none."""
        try:
            target = await self._name(spec, domain)
            found = await self._ask(target, "TXT") if is_name(target) else ()
            if len(found) != 1 or not found[0].isascii():
                return ""
            return expand(found[0], await self._all_values(found[0], domain), letters=IN_EXPLANATIONS)
        except (BadMacro, NoAnswer):
            return ""

    async def _name(self, spec: str, domain: str) -> str:
        return expand_name(spec, await self._all_values(spec, domain))

    async def _all_values(self, spec: str, domain: str) -> dict[str, str]:
        values = self._values | {"d": domain, "p": "unknown"}
        if has_macro(spec, "p"):
            names = sorted(
                await self._names_of_client(),
                key=lambda name: 0 if name == domain else 1 if is_below(name, domain) else 2,
            )
            values["p"] = names[0] if names else "unknown"
        return values

    async def _look_up(self, name: str, kind: str) -> list[str]:
        found = list(await self._ask(name.removesuffix("."), kind)) if is_name(name.removesuffix(".")) else []
        if not found:
            self._voids += 1
            if self._voids > MAX_VOID_LOOKUPS:
                raise _Permanent("more than 2 questions without an answer")
        return found

    def _count_lookup(self) -> None:
        self._lookups += 1
        if self._lookups > MAX_LOOKUPS:
            raise _Permanent("more than 10 questions to the DNS")


def _dotted(ip: _Address) -> str:
    return str(ip) if ip.version == 4 else ".".join(ip.exploded.replace(":", "").upper())
