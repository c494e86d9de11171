"""Why a mail did not arrive, as one of few words that a client can say in a person's language, with what to do.

By the enhanced code (RFC 3463) first; servers that give a general one are asked by their words.
"""

from __future__ import annotations

import re

NO_SUCH_ADDRESS = "no_such_address"
NO_SUCH_DOMAIN = "no_such_domain"
MAILBOX_FULL = "mailbox_full"
TOO_LARGE = "too_large"
TAKEN_FOR_SPAM = "taken_for_spam"
NOT_AUTHENTICATED = "not_authenticated"
NOT_SECURE = "not_secure"
NOT_REACHED = "not_reached"
ASKED_TO_WAIT = "asked_to_wait"
ODD_ADDRESS = "odd_address"
REFUSED = "refused"
DEMANDED_HERE = "demanded_here"
OTHER = "other"

REASONS = (
    NO_SUCH_ADDRESS, NO_SUCH_DOMAIN, MAILBOX_FULL, TOO_LARGE, TAKEN_FOR_SPAM, NOT_AUTHENTICATED, NOT_SECURE,
    NOT_REACHED, ASKED_TO_WAIT, ODD_ADDRESS, REFUSED, DEMANDED_HERE, OTHER,
)  # fmt: skip

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3}\.\d{1,3})(?![\d.])")
_BY_CODE = {
    "1.1": NO_SUCH_ADDRESS, "1.6": NO_SUCH_ADDRESS, "2.1": NO_SUCH_ADDRESS,
    "1.2": NO_SUCH_DOMAIN, "1.10": NO_SUCH_DOMAIN, "4.4": NO_SUCH_DOMAIN,
    "2.2": MAILBOX_FULL, "2.3": TOO_LARGE, "3.4": TOO_LARGE,
    "1.3": ODD_ADDRESS, "6.7": ODD_ADDRESS,
    "7.5": NOT_SECURE, "7.10": NOT_SECURE, "7.30": NOT_SECURE,
    "7.20": NOT_AUTHENTICATED, "7.21": NOT_AUTHENTICATED, "7.22": NOT_AUTHENTICATED, "7.23": NOT_AUTHENTICATED,
    "7.24": NOT_AUTHENTICATED, "7.25": NOT_AUTHENTICATED, "7.26": NOT_AUTHENTICATED, "7.27": NOT_AUTHENTICATED,
    "4.1": NOT_REACHED, "4.2": NOT_REACHED, "4.3": NOT_REACHED, "4.7": NOT_REACHED,
}  # fmt: skip
_OURS = re.compile(r"DANE is demanded here")
"""Of ours (transport/security.py), with a code that says no more than that it was not safe."""
_BY_WORDS = (
    (re.compile(r"spam|spamhaus|block ?list|black ?list|\brbl\b|dnsbl|reputation|barracuda", re.I), TAKEN_FOR_SPAM),
    (re.compile(r"\bdmarc\b|\bspf\b|\bdkim\b|unauthenticated", re.I), NOT_AUTHENTICATED),
    (re.compile(r"gr[ae]y-?list|try again later|come back later|too many|rate limit|throttl", re.I), ASKED_TO_WAIT),
    (
        re.compile(r"no such (?:user|address|recipient|mailbox)|(?:user|recipient|address) (?:is )?unknown"
                   r"|unknown (?:user|recipient)|does(?: not|n.t) exist|mailbox (?:not found|unavailable)", re.I),
        NO_SUCH_ADDRESS,
    ),
    (re.compile(r"(?:mailbox|quota|storage)[^.]{0,40}(?:full|exceed|over)|over quota", re.I), MAILBOX_FULL),
    (re.compile(r"(?:too|exceeds)[^.]{0,20}(?:large|big|size)", re.I), TOO_LARGE),
)  # fmt: skip


def said(code: str, answer: str) -> str:
    """A reply in one line; servers say the enhanced code in their words as well, and it is told once."""
    enhanced = code.rpartition(" ")[2]
    if enhanced.count(".") == 2:
        answer = answer.removeprefix(enhanced).lstrip()
    return f"{code} {answer}".strip()


def reason_of(reply: str) -> str:
    """`reply` is one with its codes, such as "550 5.1.1 no such user"."""
    if _OURS.search(reply[:100]):
        return DEMANDED_HERE
    found = _ENHANCED.search(reply[:200])
    detail = found[2] if found else ""
    if known := _BY_CODE.get(detail):
        return known
    for words, reason in _BY_WORDS:
        if words.search(reply):
            return reason
    if detail.startswith("4."):
        return NOT_REACHED
    if detail.startswith("1."):
        return NO_SUCH_ADDRESS
    if detail.startswith("7."):
        return ASKED_TO_WAIT if found and found[1] == "4" else REFUSED
    return OTHER
