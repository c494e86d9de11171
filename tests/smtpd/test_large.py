"""Large messages over the house's own doors: kept byte for byte, checked and parsed as small ones are."""

from __future__ import annotations

import email
import random
import smtplib
from base64 import encodebytes
from pathlib import Path

from posthouse.base.spool import Spool, Spooled
from posthouse.wire.auth.message import Message
from posthouse.wire.budget import Budget
from tests.cast import Cast
from tests.delivery.outside import inbox
from tests.house import RunningHouse

SIZE = 3_000_000


def letter(sender: str, *, seed: int = 1) -> bytes:
    attachment = encodebytes(random.Random(seed).randbytes(SIZE)).replace(b"\n", b"\r\n")
    return (
        (
            f"From: Ann <{sender}>\r\nSubject: Large\r\nMIME-Version: 1.0\r\n"
            "Authentication-Results: mail.posthouse.test; spf=pass\r\n"
            'Content-Type: multipart/mixed; boundary="=_b"\r\n\r\n'
            "--=_b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello all  \r\n.dots\r\n..\r\n"
            "--=_b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
            "Content-Disposition: attachment; filename=noise.bin\r\n\r\n"
        ).encode()
        + attachment
        + b"--=_b--\r\n"
    )


def spooled(folder: Path, raw: bytes) -> Spooled:
    file = Spool(folder, budget=Budget(10**9)).open()
    file.write(raw)
    return file.finish()


def test_a_large_letter_is_kept_whole_by_both_doors(house: RunningHouse, cast: Cast) -> None:
    raw = letter(cast.alice.email)
    for port in ("mx", "submission"):
        with smtplib.SMTP("127.0.0.1", house.ports[port], timeout=60) as client:
            if port == "submission":
                client.login(cast.alice.email, cast.alice.password)
            client.sendmail(cast.alice.email, [cast.bob.email], raw)
    header, _, body = raw.partition(b"\r\n\r\n")
    for message in inbox(cast.bob):
        attachment = message.get_payload()[1]
        assert attachment.get_payload(decode=True) == random.Random(1).randbytes(SIZE)
        assert "Authentication-Results" not in message, "nobody writes in our name, however large the mail"
    from posthouse.base import blobs, sql

    rows = sql.rows(
        "SELECT b.id, b.size_bytes, b.sha256 FROM mail_email e JOIN base_blob b ON b.id = e.blob_id"
        " WHERE e.account_id = %s ORDER BY e.id",
        [cast.bob.account_id],
    )
    kept = [blobs.read(row[0]) for row in rows]
    assert all(content.endswith(b"\r\n\r\n" + body) for content in kept) and len(kept) == 2
    assert [row[1] for row in rows] == [len(content) for content in kept]
    assert kept[0].startswith(f"Return-Path: <{cast.alice.email}>\r\nReceived: from ".encode())
    assert header.split(b"\r\n")[0] in kept[0]


def test_what_is_read_of_it_is_what_is_read_of_bytes(house: RunningHouse, tmp_path: Path) -> None:
    from posthouse.mail import storing

    raw = letter("ann@a.test")
    with_bytes = storing.prepare(raw, received_at_ms=1)
    with_map = storing.prepare(spooled(tmp_path, raw), received_at_ms=1)
    for name in type(with_bytes).__struct_fields__:
        if name != "blob":
            assert getattr(with_map, name) == getattr(with_bytes, name), name
    assert with_map.blob.sha256 == with_bytes.blob.sha256
    assert with_map.blob.size_bytes == len(raw)
    assert with_map.has_attachment and with_map.preview.startswith("Hello all")


def test_bodies_are_hashed_alike(tmp_path: Path) -> None:
    raw = letter("ann@a.test") + b" \t\r\n\r\n" * 300_000
    for canon in ("simple", "relaxed"):
        for length in (None, 1_000_000):
            with_bytes = Message(raw).body_hash(canon, length)
            assert Message(spooled(tmp_path, raw)).body_hash(canon, length) == with_bytes
    assert email.message_from_bytes(raw)["Subject"] == "Large"
