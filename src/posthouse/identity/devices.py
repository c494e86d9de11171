"""Devices a person has logged in from, and the notice that goes out when there is a new one.

A browser is known by its cookie, a program of the API by its name and network, a mail client by its network alone,
since it says nothing else before it is in. The very first device of a person is no news to them.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from hashlib import sha256

from posthouse.base import clock, db, jobs, sql
from posthouse.base.ids import new_id
from posthouse.identity.actor import Actor
from posthouse.identity.models import KnownDevice, Notice

NEW_LOGIN = "new_login"
LETTER_JOB = "identity.notice_letter"
"""The job that tells a person of a notice; whoever can write letters registers its handler (ops/notice_letters.py)."""
MAX_DEVICES = 200
_VERSION = re.compile(r"[\d._]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a device at a log-in; `device` is the value of a browser's cookie, or empty."""

    via: str
    ip: str
    client: str = ""
    device: str = ""


@db.action
def note(actor: Actor, seen: Seen) -> None:
    """Remember a device. One not seen before makes a notice, and a job that tells the person of it."""
    network = _network(seen.ip)
    marks = {_mark("net", network, _VERSION.sub("", seen.client)[:200])}
    if seen.device:
        marks.add(_mark("cookie", seen.device))
    known = KnownDevice.objects.filter(user_id=actor.user_id)
    is_first = not known.exists()
    if seen.client or seen.device:
        is_known = known.filter(mark__in=marks).exists()
    else:
        is_known = known.filter(network=network).exists()
    for mark in marks:
        sql.run(
            "INSERT INTO identity_knowndevice (id, user_id, mark, network, created_at) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (user_id, mark) DO NOTHING",
            [new_id(), actor.user_id, mark, network, clock.now_ms()],
        )
    if is_known or is_first:
        return
    notice = Notice.objects.create(
        user_id=actor.user_id, kind=NEW_LOGIN, ip=seen.ip[:45], client=seen.client[:300], via=seen.via
    )
    jobs.enqueue(LETTER_JOB, notice_id=notice.id)
    _forget_oldest(actor.user_id)


def is_known_network(user_id: int, ip: str) -> bool:
    """Asked before `note` by doors that log in all the time, so that most log-ins write nothing."""
    found = sql.row(
        "SELECT 1 FROM identity_knowndevice WHERE user_id = %s AND network = %s LIMIT 1",
        [user_id, _network(ip)],
    )
    return found is not None


def has_new_place(user_id: int, *, since_ms: int) -> bool:
    """Whether somebody has logged in as this person from where they were not known, since then."""
    return Notice.objects.filter(
        user_id=user_id, kind=NEW_LOGIN, created_at__gte=clock.from_ms(since_ms)
    ).exists()


def _forget_oldest(user_id: int) -> None:
    newest = KnownDevice.objects.filter(user_id=user_id).order_by("-id").values_list("id", flat=True)
    cut = newest[MAX_DEVICES : MAX_DEVICES + 1].first() if newest.count() > MAX_DEVICES else None
    if cut is not None:
        KnownDevice.objects.filter(user_id=user_id, id__lte=cut).delete()


def _mark(*parts: str) -> str:
    return sha256("|".join(parts).encode("utf-8", "replace")).hexdigest()


def _network(ip: str) -> str:
    """/24 and /64: about a household or an office."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip[:64]
    return str(ipaddress.ip_network((ip, 24 if address.version == 4 else 64), strict=False))
