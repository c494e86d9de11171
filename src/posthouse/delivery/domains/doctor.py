"""Is a domain ready for the Internet? What its DNS and our door say, beside what they should, and what to do.

Every question is asked anew, past what is kept: somebody has just changed something. Nothing is changed here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from posthouse.base import db, net
from posthouse.delivery import setup
from posthouse.delivery.domains import signing
from posthouse.delivery.transport.connecting import Timeouts, open_line
from posthouse.delivery.transport.outcome import SessionFailed
from posthouse.delivery.transport.routes import Hop, Tls
from posthouse.identity import dns_records, domain_keys
from posthouse.wire.auth import dmarc, spf
from posthouse.wire.auth.dns import NoAnswer, plain_name

WHOLE_SECONDS = 25.0
TIMEOUTS = Timeouts(command=8.0, message=8.0)
OK, MISSING, WRONG, UNKNOWN = "ok", "missing", "wrong", "unknown"
STATES = (OK, MISSING, WRONG, UNKNOWN)
NO_NAME = (
    "First give this server the name by which others are to find it: POSTHOUSE_HOSTNAME=mail.example.org."
)
NO_ANSWER = "The DNS gave no answer; look again in some minutes."


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: `name` is where, `found` what is there, `advice` what to do."""

    topic: str
    name: str
    state: str
    found: tuple[str, ...] = ()
    advice: str = ""


async def examine(domain: str, *, port: int = 25) -> list[Finding]:
    """Everything about one domain of ours. Never raises for what the DNS or the network does."""
    host = setup.current().hostname
    wanted = {(one["type"], one["name"]): one["value"] for one in dns_records.of(domain)}
    checks = [
        _mx(domain, host, wanted["MX", domain]),
        _addresses(host),
        _spf(domain, host, wanted["TXT", domain]),
        _dkim(domain),
        _dmarc(domain, wanted["TXT", f"_dmarc.{domain}"]),
        _door(host, port),
    ]
    topics = (
        ("mx", domain),
        ("address", host),
        ("spf", domain),
        ("dkim", domain),
        ("dmarc", domain),
        ("tls", host),
    )
    found: list[Finding] = []
    tasks = [asyncio.ensure_future(check) for check in checks]
    await asyncio.wait(tasks, timeout=WHOLE_SECONDS)
    for task, (topic, name) in zip(tasks, topics, strict=True):
        if not task.done():
            task.cancel()
            found.append(
                Finding(topic=topic, name=name, state=UNKNOWN, advice="It took too long; look again.")
            )
        elif isinstance(task.exception(), NoAnswer):
            found.append(Finding(topic=topic, name=name, state=UNKNOWN, advice=NO_ANSWER))
        else:
            found += task.result()
    return found


async def _ask(name: str, kind: str) -> Sequence[str]:
    try:
        return await net.dns_query(name, kind, policy=net.policy(), fresh=True)
    except net.NameMissing:
        return []
    except net.DnsFailed as error:
        raise NoAnswer(name) from error


async def _mx(domain: str, host: str, wanted: str) -> list[Finding]:
    found = tuple(await _ask(domain, "MX"))
    names = [plain_name(text.partition(" ")[2]) for text in found]
    if plain_name(host) in names:
        return [Finding(topic="mx", name=domain, state=OK, found=found)]
    advice = f"Publish MX {wanted} so that mail for {domain} comes here." if "." in host else NO_NAME
    return [Finding(topic="mx", name=domain, state=WRONG if found else MISSING, found=found, advice=advice)]


async def _own_addresses(host: str) -> list[str]:
    return [*await _ask(host, "A"), *await _ask(host, "AAAA")]


async def _addresses(host: str) -> list[Finding]:
    """Others must find us by our name, and our name by our address: many take no mail from who has none."""
    if "." not in host:
        return [Finding(topic="address", name=host, state=WRONG, advice=NO_NAME)]
    addresses = await _own_addresses(host)
    if not addresses:
        advice = f"Publish the public address of this server (A, AAAA) under {host}."
        return [Finding(topic="address", name=host, state=MISSING, advice=advice)]
    private = [one for one in addresses if net.is_special(ip_address(one))]
    found = [
        Finding(
            topic="address",
            name=host,
            state=WRONG if private else OK,
            found=tuple(addresses),
            advice=f"Nobody outside can reach {private[0]}." if private else "",
        )
    ]
    for address in addresses:
        names = await _names_of(address)
        is_ours = plain_name(host) in map(plain_name, names)
        advice = f"Ask whoever gave you {address} to let its PTR record be {host}."
        found.append(
            Finding(
                topic="reverse",
                name=address,
                state=OK if is_ours else WRONG if names else MISSING,
                found=tuple(names),
                advice="" if is_ours else advice,
            )
        )
    return found


async def _names_of(address: str) -> list[str]:
    try:
        return await net.dns_ptr(address, policy=net.policy())
    except net.NameMissing:
        return []
    except net.DnsFailed as error:
        raise NoAnswer(address) from error


async def _spf(domain: str, host: str, wanted: str) -> list[Finding]:
    records = tuple(text for text in await _ask(domain, "TXT") if text.lower().startswith("v=spf1"))
    results = {
        address: await spf.check_host(_ask, ip=address, mail_from=f"postmaster@{domain}", helo=host)
        for address in await _own_addresses(host)
    }
    bad = {address: one for address, one in results.items() if one.result != "pass"}
    if any(one.result == "temperror" for one in bad.values()):
        raise NoAnswer(domain)
    if not records:
        state, advice = MISSING, f"Publish TXT {wanted} at {domain}."
    elif bad:
        address, one = next(iter(bad.items()))
        state, advice = (
            WRONG,
            f"For mail from {address} it says {one.result}" + (f" ({one.problem})." if one.problem else "."),
        )
    else:
        state, advice = OK, ""
    if state == OK and setup.current().routes.relay is not None:
        advice = "Mail leaves through a relay: see to it that the record names the relay's addresses too."
    return [Finding(topic="spf", name=domain, state=state, found=records, advice=advice)]


async def _dkim(domain: str) -> list[Finding]:
    keys = await db.reading(domain_keys.signing_keys, domain)
    newest = {key.kind: key for key in reversed(keys)}
    if not newest:
        return [
            Finding(
                topic="dkim", name=domain, state=MISSING, advice="Make keys for the domain, and publish them."
            )
        ]
    found = []
    for key in newest.values():
        there = tuple(await _ask(key.name, "TXT"))
        is_ours = signing.publishes(there, key)
        found.append(
            Finding(
                topic="dkim",
                name=key.name,
                state=OK if is_ours else WRONG if there else MISSING,
                found=there,
                advice="" if is_ours else f"Publish TXT {key.record}",
            )
        )
    return found


async def _dmarc(domain: str, wanted: str) -> list[Finding]:
    policy = await dmarc.published(_ask, domain)
    there = tuple(await _ask(f"_dmarc.{domain}", "TXT"))
    if policy.record is None:
        state, advice = MISSING, f"Publish TXT {wanted} at _dmarc.{domain}."
    elif policy.policy == "none":
        state, advice = OK, "p=none only watches. Once the reports are clean, let it be quarantine."
    else:
        state, advice = OK, ""
    return [Finding(topic="dmarc", name=f"_dmarc.{domain}", state=state, found=there, advice=advice)]


async def _door(host: str, port: int) -> list[Finding]:
    """Port and certificate as another mail server meets them, seen from here."""
    try:
        line = await open_line(
            Hop(host=host, port=port, tls=Tls.VERIFIED, is_configured=True),
            helo=host,
            policy=net.policy(),
            timeouts=TIMEOUTS,
        )
    except SessionFailed as failed:
        text, here = failed.result.text.rstrip("."), f"{host}:{port}"
        if failed.result.enhanced == "4.7.5":
            advice = f"{text}. Get a certificate for {host} that others trust (POSTHOUSE_TLS_CERTIFICATE)."
            return [
                Finding(topic="port", name=here, state=OK),
                Finding(topic="tls", name=host, state=WRONG, advice=advice),
            ]
        advice = f"{text}. If it answers from outside, all is well: not every network leads back to itself."
        return [Finding(topic="port", name=here, state=UNKNOWN, advice=advice)]
    found = (line.tls or "",)
    await line.quit()
    return [
        Finding(topic="port", name=f"{host}:{port}", state=OK),
        Finding(topic="tls", name=host, state=OK, found=found),
    ]
