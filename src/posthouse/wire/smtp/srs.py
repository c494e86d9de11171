"""The sender rewriting scheme: an envelope sender of our own for mail that is forwarded, which leads bounces back.

A forwarder that keeps the sender fails the sender's SPF. So `ann@a.test` becomes `SRS0=hash=day=a.test=ann@ours.test`,
and a sender that another forwarder has rewritten becomes `SRS1=hash=theirs.test==hash=day=a.test=ann@ours.test`, which
never grows. The hash keeps strangers from relaying by made-up addresses, the day from doing it for ever.
(The scheme of Meng Weng Wong and Shevek, "The Sender Rewriting Scheme", 2004; there is no RFC.)
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode

from posthouse.wire.smtp.address import MAX_LOCAL_OCTETS, BadAddress, Mailbox, read_mailbox

VALID_DAYS = 14
HASH_CHARS = 8
_DAYS = 1024
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_SRS0 = re.compile(r"SRS0[=+-]([^=]{4,16})=([A-Z2-7]{2})=([^=]+)=(.+)", re.IGNORECASE)
_SRS1 = re.compile(r"SRS1[=+-]([^=]{4,16})=([^=]+)=([=+-].+)", re.IGNORECASE)
_THEIRS = re.compile(r"SRS0([=+-].+)", re.IGNORECASE)
_GIVEN_ON = re.compile(r"SRS1[=+-][^=]{4,16}=([^=]+)=([=+-].+)", re.IGNORECASE)


def is_srs(address: Mailbox) -> bool:
    """Whether it looks so; `returned` says whether it is one of ours."""
    return address.local[:4].upper() in ("SRS0", "SRS1") and address.local[4:5] in ("=", "+", "-")


def rewritten(sender: Mailbox, *, domain: str, key: bytes, day: int) -> Mailbox | None:
    """The sender to forward with, in a domain of ours; None where it would be too long. `day` counts since 1970."""
    if (given_on := _GIVEN_ON.fullmatch(sender.local)) is not None:
        local = _srs1(given_on[1], given_on[2], key)
    elif (theirs := _THEIRS.fullmatch(sender.local)) is not None:
        local = _srs1(sender.domain, theirs[1], key)
    else:
        rest = f"{_stamp(day)}={sender.domain}={sender.local}"
        local = f"SRS0={_hash(rest, key)}={rest}"
    return Mailbox(local, domain) if len(local.encode("utf-8", "replace")) <= MAX_LOCAL_OCTETS else None


def _srs1(host: str, rest: str, key: bytes) -> str:
    return f"SRS1={_hash(host + rest, key)}={host}={rest}"


def author_of(address: Mailbox) -> Mailbox:
    """Whom a rewritten sender stands for, whoever rewrote it, or the address itself. Nothing proves it."""
    given_on = _GIVEN_ON.fullmatch(address.local)
    first = _SRS0.fullmatch(address.local if given_on is None else f"SRS0{given_on[2]}")
    return address if first is None else Mailbox(first[4], first[3])


def returned(address: Mailbox, *, key: bytes, day: int) -> Mailbox | None:
    """Where a bounce to one of our addresses is to go; None for one that we did not make, or long ago."""
    if (first := _SRS0.fullmatch(address.local)) is not None:
        made, stamp, domain, local = first.groups()
        if not _is_same(made, f"{stamp}={domain}={local}", key) or not _is_fresh(stamp, day):
            return None
        return _mailbox(Mailbox(local, domain))
    if (later := _SRS1.fullmatch(address.local)) is not None:
        made, host, rest = later.groups()
        return _mailbox(Mailbox(f"SRS0{rest}", host)) if _is_same(made, host + rest, key) else None
    return None


def _mailbox(address: Mailbox) -> Mailbox | None:
    try:
        return read_mailbox(str(address))
    except BadAddress:
        return None


def _hash(text: str, key: bytes) -> str:
    """Of lower case, since some servers fold what is not theirs to fold."""
    digest = hmac.digest(key, text.lower().encode("utf-8", "replace"), "sha256")
    return b32encode(digest).decode()[:HASH_CHARS]


def _is_same(made: str, text: str, key: bytes) -> bool:
    return hmac.compare_digest(made.upper().encode("utf-8", "replace"), _hash(text, key).encode())


def _stamp(day: int) -> str:
    return _DIGITS[day % _DAYS // 32] + _DIGITS[day % 32]


def _is_fresh(stamp: str, day: int) -> bool:
    high, low = (_DIGITS.index(sign) for sign in stamp.upper())
    return (day - (high * 32 + low)) % _DAYS <= VALID_DAYS
