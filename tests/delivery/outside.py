"""What the tests of delivery share: servers of the outside world in the house's loop, and waiting with a bound."""

from __future__ import annotations

import email
import email.policy
import smtplib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any, TypeVar

from tests.cast import Person
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse

T = TypeVar("T")
WAIT_SECONDS = 15.0


@contextmanager
def outside(house: RunningHouse, *domains: str, **script: Any) -> Iterator[Peer]:
    """A scripted server that takes the mail of some domains."""
    peer = Peer(**script)
    running = peer.running()
    house.call(running.__aenter__())
    for domain in domains:
        house.route(domain, "127.0.0.1", peer.port)
    try:
        yield peer
    finally:
        house.call(running.__aexit__(None, None, None))


def until(look: Callable[[], T], *, seconds: float = WAIT_SECONDS) -> T:
    """Look again and again until there is something."""
    ends = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.01)
    return found


def send(
    person: Person, *to: str, hold_seconds: int = 0, raw: bytes | None = None, mail_from: str | None = None
) -> Any:
    """Send as the API does, from bytes."""
    from posthouse.delivery import actions
    from posthouse.mail import storing
    from tests import make

    message = raw or make.message(sender=person.email, to=to[0], subject="Out we go")
    return actions.send(
        person.actor,
        actions.Sending(
            account_id=person.account_id,
            arrival=storing.prepare(message),
            wire=None,
            mail_from=person.email if mail_from is None else mail_from,
            targets=[actions.Target(address=address) for address in to],
            hold_seconds=hold_seconds,
        ),
    )


def lines(submission_id: int) -> dict[str, tuple[str, int, str]]:
    """State, attempts and answer by recipient."""
    from posthouse.base import sql

    return {
        row[0]: (row[1], row[2], f"{row[3]} {row[4]}")
        for row in sql.rows(
            "SELECT address, state, attempts, code, answer FROM delivery_recipient WHERE submission_id = %s",
            [submission_id],
        )
    }


def settled(submission_id: int) -> dict[str, tuple[str, int, str]]:
    """The same, when nothing is left to try."""

    def look() -> dict[str, tuple[str, int, str]]:
        found = lines(submission_id)
        return (
            found if all(line[0] in ("delivered", "failed", "cancelled") for line in found.values()) else {}
        )

    return until(look)


def inbox(person: Person) -> list[EmailMessage]:
    """What lies in a person's inbox, read by Python's own parser."""
    from posthouse.base import blobs, sql

    return [
        email.message_from_bytes(blobs.read(row[0]), policy=email.policy.SMTP)  # type: ignore[misc]
        for row in sql.rows(
            "SELECT e.blob_id FROM mail_email e JOIN mail_placement p ON p.email_id = e.id"
            " JOIN mail_mailbox m ON m.id = p.mailbox_id"
            " WHERE m.account_id = %s AND m.role = 'inbox' ORDER BY p.uid",
            [person.account_id],
        )
    ]


@contextmanager
def smtp(house: RunningHouse, door: str = "mx", *, login: Person | None = None) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", house.ports[door], timeout=WAIT_SECONDS) as client:
        client.ehlo("client.test")
        if login is not None:
            client.login(login.email, login.password)
        yield client


def bytes_of(taken: bytes) -> bytes:
    """What a peer took, as it was before DATA put dots into it."""
    return taken.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")


def set_quota(person: Person, quota_bytes: int | None) -> None:
    from posthouse.base import db, sql
    from posthouse.delivery.receiving import accepting

    db.run(
        sql.run,
        ("UPDATE mail_account SET quota_bytes = %s WHERE id = %s", [quota_bytes, person.account_id]),
        {},
    )
    accepting._rooms.clear()
