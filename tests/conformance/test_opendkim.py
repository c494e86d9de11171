"""OpenDKIM verifies what Posthouse signs, and Posthouse what OpenDKIM signs, with Postfix between them.

Ordinary mail, odd mail from a seed, and real mail of the corpus, which has every fault that programs of twenty years
made.
"""

from __future__ import annotations

import base64
import email
import mailbox
import random
import re
import smtplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests import make
from tests.api.client import log_in
from tests.base.fake_dns import FakeDns, fake_dns
from tests.cast import Cast
from tests.conformance.odd_messages import message as odd_message
from tests.delivery.outside import send, until
from tests.delivery.test_signing import house_asks, is_verified, key_records, publish
from tests.house import RunningHouse
from tests.peers import OpenDkim, PeerUnavailable, Postfix, Sink, opendkim, postfix, sink
from tests.programs import CORPUS, missing, need_corpus
from tests.smtpd.checking_door import door, strings

SEED, ODD, REAL = 8, 60, 80
MAX_BYTES = 200_000
WAIT_SECONDS = 90.0

pytestmark = pytest.mark.conformance


def plain(author: str) -> list[bytes]:
    texts = [
        "Hello\r\n",
        "",
        "\r\n\r\n\r\n",
        "  two  blanks\t and a tab \r\n",
        ".\r\n..\r\n",
        "no end",
        "Grüße\r\n",
    ]
    return [make.message(sender=author, to="zoe@other.test", text=text) for text in texts]


def odd(author: str) -> list[bytes]:
    random_ = random.Random(SEED)
    return [authored(odd_message(random_, number), author) for number in range(1, ODD + 1)]


def real(author: str) -> list[bytes]:
    need_corpus()
    found: list[bytes] = []
    for item in mailbox.mbox(CORPUS / "ham.mbox", create=False):
        raw = re.sub(rb"\r\n|\r|\n", b"\r\n", item.as_bytes()).replace(b"\0", b"")
        if len(raw) < MAX_BYTES and max(map(len, raw.split(b"\r\n"))) < 990:
            found.append(authored(raw, author))
        if len(found) == REAL:
            break
    return found


@pytest.fixture
def dns(house: RunningHouse) -> Iterator[FakeDns]:
    with house_asks() as server:
        yield server


class Nacl:
    """What dkimpy wants of PyNaCl for Ed25519, by `cryptography`; all else of a signature it reads by itself."""

    class encoding:
        Base64Encoder = base64.b64decode

    class signing:
        class VerifyKey:
            def __init__(self, key: bytes, *, encoder: Callable[[bytes], bytes]) -> None:
                self._key = Ed25519PublicKey.from_public_bytes(encoder(key))

            def verify(self, data: bytes, signature: bytes) -> bytes:
                self._key.verify(signature, data)
                return data


def text_of(records: dict[str, str], name: bytes) -> bytes:
    return records[name.decode().rstrip(".")].encode()


KINDS = {"plain": plain, "odd": odd, "real": real}


def authored(raw: bytes, author: str) -> bytes:
    """The message as one of ours would have written it: one From, no signature of others, a number to know it by."""
    head, gap, body = raw.partition(b"\r\n\r\n")
    fields = re.findall(rb"[^\r\n]+(?:\r\n[ \t][^\r\n]*)*", head)
    unwanted = (
        b"from:",
        b"sender:",
        b"dkim-signature:",
        b"authentication-results:",
        b"delivered-to:",
        b"return-path:",
    )
    kept = [
        field for field in fields if b":" in field and not field.lower().startswith((*unwanted, b"from "))
    ]
    return b"\r\n".join([f"From: {author}".encode(), *kept]) + b"\r\n\r\n" + (body if gap else b"")


def numbered(raws: Sequence[bytes]) -> list[bytes]:
    return [b"X-Number: %d\r\n" % number + raw for number, raw in enumerate(raws)]


def number_of(raw: bytes) -> int:
    found = re.search(rb"^X-Number: (\d+)\r$", raw, re.M)
    assert found is not None
    return int(found[1])


@contextmanager
def line_of(milter: OpenDkim, *, next_port: int, domain: str) -> Iterator[Postfix]:
    settings = {
        **milter.settings,
        "virtual_transport": f"smtp:[127.0.0.1]:{next_port}",
        "smtp_host_lookup": "native",
        "local_header_rewrite_clients": "",  # else it adds a Date where there is none, as for its own people
    }
    with postfix(domain=domain, settings=settings) as running:
        yield running


@pytest.mark.parametrize("kind", KINDS)
def test_opendkim_and_dkimpy_verify_what_we_sign(
    house: RunningHouse, cast: Cast, dns: FakeDns, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(dkimpy, "nacl", Nacl, raising=False)
    alice = log_in(house, cast.alice)
    records = key_records(alice)
    publish(dns, records)
    raws = numbered(KINDS[kind](cast.alice.email))
    with ExitStack() as stack:
        end: Sink = stack.enter_context(sink())
        end.keep_messages = True
        try:
            milter = stack.enter_context(opendkim(public=records))
            front = stack.enter_context(line_of(milter, next_port=end.port, domain="other.test"))
        except PeerUnavailable as reason:
            missing(reason)
        house.route("other.test", "127.0.0.1", front.smtp_port)
        for raw in raws:
            send(cast.alice, "zoe@other.test", raw=raw)
        until(lambda: len(end.messages) == len(raws), seconds=WAIT_SECONDS)
    for arrived in end.messages:
        whole = arrived.replace(b"\r\n..", b"\r\n.")
        said = " ".join(email.message_from_bytes(whole).get_all("Authentication-Results") or [])
        assert "dkim=pass" in said and f"header.d={cast.domain}" in said, (said, whole[:3000])
        assert whole.count(b"DKIM-Signature: ") == 2
        assert is_verified(whole, records), whole[:3000]
        assert dkimpy.DKIM(whole).verify(idx=1, dnsfunc=lambda name, **_: text_of(records, name))
    assert sorted(map(number_of, end.messages)) == list(range(len(raws)))


@pytest.mark.parametrize("canon", ["relaxed/simple", "simple/simple"])
@pytest.mark.parametrize("kind", KINDS)
def test_we_verify_what_opendkim_signs(house: RunningHouse, cast: Cast, kind: str, canon: str) -> None:
    from posthouse.wire.auth.dkim_sign import SigningKey

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    record = SigningKey(domain="signer.test", selector="key", private=key).record
    raws = numbered(KINDS[kind]("writer@signer.test"))
    with ExitStack() as stack:
        zone = stack.enter_context(fake_dns(ttl=60))
        zone.zone["key._domainkey.signer.test", "TXT"] = [strings(record)]
        port = stack.enter_context(door(house, zone))
        try:
            milter = stack.enter_context(opendkim(signs_for="signer.test", private=private, canon=canon))
            front = stack.enter_context(line_of(milter, next_port=port, domain=cast.domain))
        except PeerUnavailable as reason:
            missing(reason)
        with smtplib.SMTP("127.0.0.1", front.smtp_port, timeout=WAIT_SECONDS) as client:
            for raw in raws:
                client.sendmail("writer@signer.test", [cast.alice.email], raw, mail_options=["BODY=8BITMIME"])
        stored = until(
            lambda: (found := _stored(cast)) and len(found) == len(raws) and found, seconds=WAIT_SECONDS
        )
    for whole in stored:
        said = str(email.message_from_bytes(whole)["Authentication-Results"])
        assert "dkim=pass" in said and "header.d=signer.test" in said, (said, whole[:3000])
    assert sorted(map(number_of, stored)) == list(range(len(raws)))


def _stored(cast: Cast) -> list[bytes]:
    from posthouse.base import blobs, sql

    rows = sql.rows("SELECT blob_id FROM mail_email WHERE account_id = %s", [cast.alice.account_id])
    return [blobs.read(row[0]) for row in rows]
