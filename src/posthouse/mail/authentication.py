"""What was found at an e-mail's arrival about its sender, in plain words; read from our own header alone.

Nobody else's Authentication-Results counts: whoever sends mail can write any (wire/auth/results.py).
"""

from __future__ import annotations

from typing import Any

from posthouse.identity import directory
from posthouse.wire.auth.results import Header, Result, ours

_DOMAINS = {
    "spf": ("smtp.mailfrom", "smtp.helo"),
    "dkim": ("header.d",),
    "dmarc": ("header.from",),
    "arc": ("header.d",),
}
_WORDS = {
    ("spf", "pass"): "{domain} lets the server that brought this send its mail.",
    ("spf", "fail"): "{domain} says that the server that brought this may not send its mail.",
    ("spf", "softfail"): "{domain} does not know the server that brought this.",
    ("spf", "neutral"): "{domain} does not say whether the server that brought this may send its mail.",
    ("spf", "none"): "{domain} does not publish which servers send its mail.",
    ("spf", "permerror"): "What {domain} publishes about its servers cannot be followed.",
    ("dkim", "pass"): "Signed by {domain}, and not changed on the way.",
    ("dkim", "fail"): "The signature of {domain} does not hold: it was changed on the way, or is not theirs.",
    ("dkim", "none"): "It is not signed.",
    ("dmarc", "pass"): "The sender you see is one of {domain}: its servers or its signature prove it.",
    ("dmarc", "fail"): "Nothing proves that this is from {domain}.",
    ("dmarc", "none"): "{domain} does not say how its mail can be told from forged mail.",
    ("dmarc", "permerror"): "It does not say clearly who wrote it.",
    ("arc", "pass"): "Those who forwarded it sealed what they saw, and the seals hold.",
    ("arc", "fail"): "Somebody forwarded it, but the seals do not hold.",
}
_LATE = "The DNS of {domain} did not answer when it arrived."
_ELSE = "What is there of {domain} proves nothing."


def authentication_json(header: bytes) -> dict[str, Any] | None:
    """None where nothing was checked: what one wrote oneself, imported, or got from a trusted network."""
    found = ours(header, directory.hostname())
    if found is None:
        return None
    return {
        "verdict": _verdict(found),
        "domain": next((_shown(one.get("header.from")) for one in found.of("dmarc")), ""),
        "checks": [_check_json(one) for one in found.results if one.method in _DOMAINS],
    }


def _verdict(found: Header) -> str:
    """`failed` is left for domains that asked for protection: half of all lists break the others' mail."""
    for one in found.of("dmarc"):
        if one.result == "pass":
            return "proved"
        if one.result == "fail":
            return "failed" if one.get("policy.dmarc") in ("quarantine", "reject") else "doubtful"
    return "unproved"


def _check_json(one: Result) -> dict[str, str]:
    value = next(filter(None, map(one.get, _DOMAINS[one.method])), "")
    domain = _shown(value.rpartition("@")[2])
    words = _WORDS.get((one.method, one.result), _LATE if one.result == "temperror" else _ELSE)
    text = words.format(domain=domain or "the sender")
    return {
        "method": one.method,
        "result": one.result,
        "domain": domain,
        "reason": one.reason,
        "text": text[:1].upper() + text[1:] if not domain else text,
    }


def _shown(domain: str) -> str:
    """Senders choose it; what turns text around or says more than a name is not shown."""
    return domain if all(sign.isalnum() or sign in ".-_" for sign in domain) else ""
