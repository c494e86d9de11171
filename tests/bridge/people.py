"""zoe, who takes part by mail: what she gets, and what she answers."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import Any

from tests.api.client import Client
from tests.delivery.outside import bytes_of, smtp, until
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse

ZOE = "zoe@outside.test"


def invite(client: Client, conversation: str, address: str = ZOE, **fields: Any) -> dict[str, Any]:
    body = {"address": address, "name": "Zoe", **fields}
    made: dict[str, Any] = client.ok(client.post(f"/conversations/{conversation}/outside/", body), 201)
    return made


def got(peer: Peer, count: int) -> list[EmailMessage]:
    """The mails that came, when there are so many."""
    until(lambda: len(peer.messages) >= count)
    assert len(peer.messages) == count
    return [email.message_from_bytes(bytes_of(raw), policy=email.policy.default) for raw in peer.messages]  # type: ignore[misc]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def address_in(mail: EmailMessage) -> str:
    return str(mail["Reply-To"].addresses[0].addr_spec)


def answer(
    house: RunningHouse,
    mail: EmailMessage,
    text: str = "Yes",
    *,
    sender: str = ZOE,
    to: str = "",
    message_id: str = "",
    headers: str = "",
    envelope: str | None = None,
    body: bytes | None = None,
) -> None:
    """Hand an answer in at the MX door, quoting what it answers."""
    target = to or address_in(mail)
    quoted = "".join(f"> {line}\r\n" for line in text_of(mail).splitlines())
    head = (
        f"From: Zoe <{sender}>\r\nTo: {target}\r\nSubject: Re: {mail['Subject']}\r\n"
        f"In-Reply-To: {mail['Message-ID']}\r\n"
        f"References: {mail['Message-ID']}\r\nDate: Fri, 27 Nov 2026 10:00:00 +0000\r\n{headers}"
    )
    if message_id:
        head += f"Message-ID: <{message_id}>\r\n"
    content = head.encode() + (
        body or f"\r\n{text}\r\n\r\nOn Fri, 27 Nov 2026 at 09:00, Alice wrote:\r\n{quoted}".encode()
    )
    with smtp(house) as client:
        client.sendmail(sender if envelope is None else envelope, [target], content)


def held_mail(outsider_id: str, message_id: str = "1@evil.test") -> str:
    """A mail of somebody who is not who they say, as the MX door stores it; gives its id."""
    from posthouse.base import db, sql
    from posthouse.bridge import access, receiving
    from posthouse.bridge.addresses import Token
    from posthouse.mail import storing
    from posthouse.wire.auth.judgement import UNCHECKED
    from tests import make

    outsider = access.found_by_id(int(outsider_id))
    assert outsider is not None
    raw = make.message(sender="eve@evil.test", to="x@y.test", subject="hello", message_id=message_id)
    token = Token(outsider.id, outsider.generation)
    letter = receiving.prepare(raw, storing.prepare(raw), token, sender="eve@evil.test", judgement=UNCHECKED)
    assert db.run(receiving.take, (letter,), {}) == "held"
    found = sql.row("SELECT max(id) FROM bridge_heldmail WHERE outsider_id = %s", [outsider.id])
    assert found is not None
    return str(found[0])
