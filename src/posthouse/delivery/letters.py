"""The house's own letters into the queue: those that identity asks for (identity/letters.py), and of rooms above.

Taken out and queued in one transaction. They have the null sender, so that nothing answers them by itself (RFC 3834),
and say that a program wrote them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from posthouse.base import blobs, clock, db
from posthouse.base.jobs import handler
from posthouse.delivery import actions, setup
from posthouse.delivery.actions import Outgoing, Target
from posthouse.delivery.receiving import accepting
from posthouse.identity import directory, letters
from posthouse.mail import storing
from posthouse.wire.mime import Address
from posthouse.wire.mime import build as mime

Take = Callable[[], bool]
HEADERS = (("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseLetter:
    """`house` is whom it comes from in words; `headers` are beside those that every letter of the house has."""

    email: str
    subject: str
    text: str
    house: str = "Posthouse"
    headers: tuple[tuple[str, str], ...] = ()


@handler(letters.KIND)
def send_letter(letter_id: int) -> None:
    """Safe to run twice: a letter that is not there any more is on its way."""
    letter = letters.letter(letter_id)
    if letter is None:
        return
    house = "Posthouse" if letter.organisation is None else letter.organisation.name
    send(
        HouseLetter(email=letter.email, subject=letter.subject, text=letter.text, house=house),
        take=lambda: letters.take(letter_id),
    )


def send(letter: HouseLetter, *, take: Take) -> bool:
    """Queue it if `take`, called in the same transaction, says that nobody else has; gives that."""
    host = setup.current().hostname
    message = mime.Draft(
        from_=Address(" ".join(letter.house.split()), f"postmaster@{host}"),
        message_id=f"{secrets.token_hex(16)}@{host}",
        date=clock.now(),
        subject=letter.subject,
        to=(Address("", letter.email),),
        text=letter.text,
        headers=(*HEADERS, *letter.headers),
    )
    raw = mime.build(message, boundary=secrets.token_hex(12))
    is_here = not isinstance(directory.lookup(letter.email), directory.NotOurs)
    arrival = storing.prepare(raw)
    accounts = accepting.local_accounts([letter.email]) if is_here else {}
    outgoing = Outgoing(
        blob_id=arrival.blob.id,
        mail_from="",
        targets=[] if is_here else [Target(address=letter.email)],
        is_smtputf8=not letter.email.isascii(),
    )
    if not _queue(take, outgoing, arrival, accounts):
        blobs.discard(arrival.blob)
        return False
    return True


@db.action
def _queue(take: Take, outgoing: Outgoing, arrival: storing.Arrival, accounts: accepting.Accounts) -> bool:
    if not take():
        return False
    actions.pass_on(outgoing, content=arrival.blob, local=accepting.storings(arrival, accounts))
    return True
