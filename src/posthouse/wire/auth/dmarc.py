"""Is the domain that the reader sees (From) the one that SPF or DKIM proved? (RFC 7489, DMARCbis RFC 9989)

The organisational domain is found by DMARCbis' walk up the DNS tree (§4.10) instead of a list of public suffixes, so
there is no list to keep fresh, and at most 8 questions for each name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from posthouse.wire.auth.dmarc_record import Record, read_record
from posthouse.wire.auth.dns import Ask, NoAnswer, is_below, is_name, plain_name

MAX_LABELS = 8
_WEAKER = {"reject": "quarantine", "quarantine": "none", "none": "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What holds for a From domain: its organisational domain and the record, if there is one.

    `policy` is what is asked for mail that fails, weakened by one step in test mode (`t=y`); `policy_domain` is where
    the record stands.
    """

    domain: str
    organisation: str
    record: Record | None = None
    policy: str = "none"
    policy_domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dmarc:
    """`result` is none, pass, fail, temperror or permerror (RFC 7489 §11.2); `policy` what is asked on a fail."""

    result: str
    domain: str
    policy: str = "none"
    aligned: str = ""
    """The domain that was proved and belongs to it."""
    proved_by: tuple[str, ...] = ()
    """"spf" and "dkim", as far as they were asked."""


async def published(ask: Ask, domain: str) -> Published:
    """Raises NoAnswer."""
    domain = plain_name(domain)
    found = await _walk(ask, domain)
    organisation = _organisation(domain, found)
    records = dict(found)
    own = records.get(domain)
    if own is not None:
        return _published(domain, organisation, own, own.policy, at=domain)
    at = (
        organisation if organisation in records else next((name for name, one in found if one.psd == "y"), "")
    )
    above = records.get(at)
    if above is None:
        return Published(domain=domain, organisation=organisation)
    policy = above.subdomain_policy
    if above.missing_policy != policy and not await _exists(ask, domain):
        policy = above.missing_policy
    return _published(domain, organisation, above, policy, at=at)


def _published(domain: str, organisation: str, record: Record, policy: str, *, at: str) -> Published:
    return Published(
        domain=domain,
        organisation=organisation,
        record=record,
        policy=_WEAKER[policy] if record.is_test else policy,
        policy_domain=at,
    )


async def evaluate(
    ask: Ask,
    found: Published,
    *,
    spf: Iterable[tuple[str, str]],
    dkim: Iterable[tuple[str, str]],
    wants_both: bool = False,
) -> Dmarc:
    """`spf` and `dkim` are (domain, result). Never raises. `wants_both`: ask for DKIM when SPF has proved it, too.

    Where an answer is missing that might have proved the domain, it is "temperror" and not "fail": a dead DNS must
    not make a forger of the sender.
    """
    record = found.record
    if record is None:
        return Dmarc(result="none", domain=found.domain)
    is_open = False
    proved: dict[str, str] = {}
    for method, is_strict, results in (
        ("spf", record.is_spf_strict, spf),
        ("dkim", record.is_dkim_strict, dkim),
    ):
        if proved and not wants_both:
            break
        for domain, result in results:
            if result not in ("pass", "temperror"):
                continue
            try:
                if not await _is_aligned(ask, plain_name(domain), found, is_strict=is_strict):
                    continue
            except NoAnswer:
                is_open = True
                continue
            if result == "pass":
                proved[method] = domain
                break
            is_open = True
    if proved:
        return Dmarc(
            result="pass",
            domain=found.domain,
            policy=found.policy,
            aligned=next(iter(proved.values())),
            proved_by=tuple(proved),
        )
    return Dmarc(result="temperror" if is_open else "fail", domain=found.domain, policy=found.policy)


async def _is_aligned(ask: Ask, domain: str, found: Published, *, is_strict: bool) -> bool:
    if domain == found.domain:
        return True
    if is_strict or not is_below(domain, found.organisation):
        return False
    if domain == found.organisation:
        return True
    return _organisation(domain, await _walk(ask, domain)) == found.organisation


async def _walk(ask: Ask, domain: str) -> list[tuple[str, Record]]:
    """The records from a name up to its top label, the longest name first (DMARCbis §4.10)."""
    labels = domain.split(".")
    names = [domain]
    names += [".".join(labels[at:]) for at in range(max(1, len(labels) - MAX_LABELS + 1), len(labels))]
    found = []
    for name in names:
        if not is_name(f"_dmarc.{name}"):
            continue
        records = [read_record(text) for text in await ask(f"_dmarc.{name}", "TXT")]
        valid = [record for record in records if record is not None]
        if len(valid) != 1:
            continue
        found.append((name, valid[0]))
        if valid[0].psd == "n" or (valid[0].psd == "y" and name != domain):
            break
    return found


def _organisation(domain: str, found: list[tuple[str, Record]]) -> str:
    for name, record in found:
        if record.psd == "n":
            return name
        if record.psd == "y" and name != domain:
            below = domain.removesuffix("." + name).rpartition(".")[2]
            return f"{below}.{name}"
    return found[-1][0] if found else domain


async def _exists(ask: Ask, domain: str) -> bool:
    """DMARCbis §4.7: a name without A, AAAA and MX is none."""
    if not is_name(domain):
        return False
    for kind in ("A", "MX", "AAAA"):
        if await ask(domain, kind):
            return True
    return False
