"""What people may type reaches headers and commands as text, and as nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import make
from tests.api.client import Answer, Client, log_in
from tests.cast import Cast
from tests.delivery.outside import bytes_of, outside, smtp, until
from tests.delivery.test_vacation import idle
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse

ZOE = "zoe@outside.test"
EVIL = [
    "x\r\nX-Injected: 1",
    "x\nX-Injected: 1",
    "x\rX-Injected: 1",
    "x\r\n\r\nX-Injected: 1",
    "x\0X-Injected: 1",
    "x\x85X-Injected: 1\u2028X-Injected: 1\u2029X-Injected: 1\x0bX-Injected: 1",
    "=?utf-8?q?x=0D=0AX-Injected:_1?=",
    'x" <evil@evil.test>, "y\r\nBcc: evil@evil.test',
    "x" * 1500 + "\r\nX-Injected: 1",
    "ü" * 700 + "\r\n\tX-Injected: 1\r\n.\r\nMAIL FROM:<evil@evil.test>",
]
_COMMAND = re.compile(rb"(EHLO|MAIL FROM|RCPT TO|DATA|BDAT|RSET|NOOP|QUIT)\b[^\r\n]*\r\n")


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def world(house: RunningHouse) -> Iterator[Peer]:
    with outside(house, "outside.test") as peer:
        yield peer


def send(alice: Client, **fields: Any) -> Answer:
    return alice.post("/send/", {"to": [{"email": ZOE}], "subject": "x", "text": "x", **fields})


def with_file(alice: Client, evil: str) -> Answer:
    blob = alice.request("POST", "/blobs/?filename=a.txt", body=b"file").json
    piece = {"blob_id": blob["blob_id"], "filename": evil, "content_type": f"text/plain; name={evil}"}
    return send(alice, attachments=[piece])


def as_somebody(alice: Client, evil: str) -> Answer:
    identity = alice.get("/me/").json["identities"][0]["id"]
    alice.patch(f"/identities/{identity}/", {"name": evil, "signature_html": evil})
    return send(alice)


def to_a_list(alice: Client, evil: str) -> Answer:
    made = alice.post("/lists/", {"title": evil, "name": "news"})
    if made.status != 201:
        return made
    path = f"/lists/{made.json['id']}/"
    people = f"{ZOE}\n{evil} <zed@outside.test>\nyan@outside.test,{evil}"
    alice.post(f"{path}members/", {"people": people, "consent": "They asked for it."})
    return alice.post(f"{path}send/", {"subject": evil, "html": f"<p>{evil}</p>"})


ASKED: dict[str, Callable[[Client, str], Answer]] = {
    "name": lambda alice, evil: send(alice, to=[{"email": ZOE, "name": evil}]),
    "address": lambda alice, evil: send(alice, to=[{"email": f"{evil}@outside.test"}]),
    "domain": lambda alice, evil: send(alice, cc=[{"email": f"zoe@{evil}"}]),
    "subject": lambda alice, evil: send(alice, subject=evil),
    "file": with_file,
    "author": as_somebody,
    "list": to_a_list,
    "text": lambda alice, evil: alice.post(
        "/mail/create/v1/", {"to": f"{evil} <{ZOE}>", "subject": evil, "body": evil}
    ),
}


def clean(peer: Peer) -> bool:
    for raw in peer.messages:
        header, _, body = bytes_of(raw).partition(b"\r\n\r\n")
        lines = header.split(b"\r\n")
        assert not re.search(rb"[\r\n\0]", b"".join(lines)), header
        for line in lines:
            assert re.match(rb"[!-9;-~]+:|[ \t]", line), line
            assert not re.match(rb"x-injected|bcc", line, re.I), line
        assert b"\n" not in body.replace(b"\r\n", b"") and b"\r" not in body.replace(b"\r\n", b"")
    for command in peer.commands:
        assert _COMMAND.fullmatch(command), command
        assert b"evil.test" not in command, command
    return True


@pytest.mark.parametrize("field", ASKED)
def test_what_is_sent(house: RunningHouse, cast: Cast, alice: Client, world: Peer, field: str) -> None:
    sent = 0
    for evil in EVIL:
        answer = ASKED[field](alice, evil)
        assert answer.status in (200, 201, 202, 400), (evil, answer.body)
        sent += answer.status != 400
        if field == "list":
            for one in alice.get("/lists/").json["items"]:
                alice.delete(f"/lists/{one['id']}/")
    idle()
    assert clean(world) and (not sent or world.messages)
    assert sent or field in ("address", "domain")


def test_what_answers_by_itself(house: RunningHouse, cast: Cast, alice: Client, world: Peer) -> None:
    """A vacation's words, a template's, and the name of who wrote, which a rule's answer has in it."""
    made = alice.ok(
        alice.post("/templates/", {"name": "x", "subject": "{{name}}", "html": "<p>{{name}}</p>"}), 201
    )
    rule = {
        "name": "x",
        "conditions": [{"field": "subject", "op": "contains", "value": "bill"}],
        "actions": [{"do": "answer", "template_id": made["id"]}],
    }
    alice.ok(alice.post("/rules/", rule), 201)
    for number, evil in enumerate(EVIL):
        alice.patch("/vacation/", {"is_enabled": True, "subject": evil, "text": evil})
        alice.patch(f"/templates/{made['id']}/", {"subject": f"{{{{name}}}} {evil}", "html": evil})
        name = "=?utf-8?q?" + "".join(f"={byte:02X}" for byte in evil.encode()[:200]) + "?="
        sender = f"zoe{number}@outside.test"
        raw = make.message(sender=f"{name} <{sender}>", to=cast.alice.email, subject=f"bill {name}")
        with smtp(house) as client:
            client.sendmail(sender, [cast.alice.email], raw)
    idle()
    until(lambda: len(world.messages) >= len(EVIL))
    assert clean(world)


def test_where_a_list_says_that_one_leaves_it(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    """Who clicks writes what the list's mail said, to whom it said: as one text, to one address."""
    for target in (
        "mailto:zoe@outside.test?subject=x%0d%0aX-Injected:%201&body=x%0d%0a.%0d%0aMAIL%20FROM:<evil@evil.test>",
        "mailto:zoe@outside.test%0d%0aBcc:evil@evil.test",
        "mailto:zoe@outside.test,evil@evil.test?cc=evil@evil.test&bcc=evil@evil.test",
        "mailto:%22x%22%20%3Czoe@outside.test%3E",
    ):
        raw = make.message(to=cast.alice.email, headers=f"List-Unsubscribe: <{target}>\r\n")
        with smtp(house) as client:
            client.sendmail(ZOE, [cast.alice.email], raw)
        newest = alice.get("/emails/", mailbox=make.mailbox(cast.alice, "inbox")).json["items"][0]["id"]
        assert alice.post(f"/emails/{newest}/unsubscribe/").status in (200, 204, 400, 409, 503), target
    idle()
    assert clean(world) and world.messages
