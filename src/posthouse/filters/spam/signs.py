"""What speaks for or against an e-mail beside its tokens: each sign with its weight and a sentence. Pure.

Weights are points as SpamAssassin counts them: what reaches the threshold is junk. No sign by itself does but those
that somebody chose (lists, a domain's own wish), so that a clumsy sender is not shut out for one clumsiness.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import msgspec

from posthouse.filters.spam.lookalike import Known, registered
from posthouse.filters.spam.reading import Link, Reading
from posthouse.wire.auth.judgement import Judgement
from posthouse.wire.mime.addresses import parse_people


class Signal(msgspec.Struct, frozen=True, array_like=True):
    name: str
    weight: float
    words: str


MAX_DAYS_AHEAD = 2
MIN_UPPER = 10
_PROGRAMS = frozenset(
    [
        "exe",
        "scr",
        "com",
        "pif",
        "cmd",
        "bat",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "hta",
        "lnk",
        "msi",
        "jar",
        "cpl",
        "ps1",
        "reg",
        "iso",
        "img",
        "vhd",
    ]
)
_SHOWN_HOST = re.compile(
    r"^(?:https?://)?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?:[/:?#].*)?$", re.IGNORECASE
)
_HOST = re.compile(r"^[a-z]{2,10}://(?:([^/?#@]*)@)?(\[[^\]]*\]|[^/:?#]*)", re.IGNORECASE)


def sender_of(reading: Reading) -> str:
    """The address the reader sees, in lower case."""
    people = parse_people(reading.first("from").encode("utf-8", "replace"))
    return people[0].email.lower() if people else ""


def of_checks(judgement: Judgement) -> Iterator[Signal]:
    domain = judgement.from_domain or "the sender's domain"
    if judgement.is_junk:
        yield Signal(
            "dmarc_wish", 20.0, f"Nothing proves that it is from {domain}, which asks to keep such mail away."
        )
    elif judgement.dmarc == "fail":
        yield Signal("dmarc_fail", 2.0, f"Nothing proves that it is from {domain}.")
    elif judgement.dmarc == "pass":
        yield Signal("proved", -0.5, f"It is proved to be from {domain}.")
        return
    if judgement.spf == "fail":
        yield Signal("spf_fail", 1.5, "The server that brought it may not send mail for its sender.")
    elif judgement.spf == "softfail":
        yield Signal("spf_softfail", 0.7, "Its sender does not know the server that brought it.")
    if judgement.dkim == "fail":
        yield Signal("dkim_fail", 0.5, "Its signature does not hold.")


def of_history(sender: str, *, written_to: int, judgement: Judgement) -> Iterator[Signal]:
    """Whether the reader has written to the sender. Whoever forges a friend has their address, so proof counts."""
    if not written_to or judgement.dmarc == "fail":
        return
    is_proved = judgement.dmarc == "pass" or (judgement.spf == "none" and judgement.dkim == "none")
    yield Signal("correspondent", -4.0 if is_proved else -2.0, f"You have written to {sender}.")


def of_lookalikes(sender: str, known: Known) -> Iterator[Signal]:
    domain = sender.rpartition("@")[2]
    imitated = known.imitated(domain)
    if imitated:
        yield Signal("lookalike", 3.5, f"{domain} looks like {imitated}, which you know, and is not.")


def of_header(reading: Reading, *, now: dt.datetime) -> Iterator[Signal]:
    if not reading.first("date"):
        yield Signal("no_date", 0.7, "It has no date.")
    elif _is_ahead(reading.first("date"), now):
        yield Signal("date_ahead", 1.5, "Its date is in the future.")
    if not reading.first("message-id"):
        yield Signal("no_message_id", 0.5, "It has no Message-ID, which every mail program writes.")
    if len(reading.all("from")) != 1 or not sender_of(reading):
        yield Signal("odd_from", 1.5, "It does not say clearly who wrote it.")
    if not reading.first("to") and not reading.first("cc"):
        yield Signal("no_to", 0.8, "It names no recipient.")
    letters = [sign for sign in reading.subject if sign.isalpha()]
    if len(letters) >= MIN_UPPER and reading.subject.isupper():
        yield Signal("subject_upper", 1.2, "Its subject is all in capitals.")


def _is_ahead(value: str, now: dt.datetime) -> bool:
    try:
        said = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return False
    if said.tzinfo is None:
        said = said.replace(tzinfo=dt.UTC)
    return said > now + dt.timedelta(days=MAX_DAYS_AHEAD)


def of_links(reading: Reading, *, judgement: Judgement) -> Iterator[Signal]:
    """Newsletters count clicks through another host, so where the sender is proved that says little."""
    for link in reading.links:
        shown, host = _shown_host(link), host_of(link.url)
        if shown and host and registered(shown) != registered(host):
            weight = 0.3 if judgement.dmarc == "pass" else 1.5
            yield Signal("link_elsewhere", weight, f"A link shows {shown} and leads to {host}.")
            break
    for url in reading.urls:
        found = _HOST.match(url)
        if found and (found[2].startswith("[") or found[2].replace(".", "").isdigit()):
            yield Signal("link_to_number", 1.5, f"A link leads to {found[2]}, which has no name.")
            break
    for url in reading.urls:
        found = _HOST.match(url)
        if found and found[1]:
            yield Signal("link_disguised", 2.5, f"A link leads to {found[2]} and begins with other words.")
            break


def _shown_host(link: Link) -> str:
    found = _SHOWN_HOST.match(link.shown)
    return found[1].lower() if found and "." in found[1] else ""


def host_of(url: str) -> str:
    found = _HOST.match(url)
    return found[2].lower().strip(".") if found else ""


def of_files(reading: Reading) -> Iterator[Signal]:
    for file in reading.files:
        ending = file.name.lower().rstrip(". ").rpartition(".")[2]
        if ending in _PROGRAMS:
            yield Signal("program", 4.0, f"The attachment {file.name[:80]} is a program.")
            return
