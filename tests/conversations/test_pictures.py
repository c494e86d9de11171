"""Pictures among files: how large they are is known before they come, and a small one is made once."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from tests import make
from tests.api.client import Client, log_in
from tests.bridge.people import answer, got, invite
from tests.cast import Cast, person
from tests.conversations.rooms import channel, group, say
from tests.conversations.test_files import upload
from tests.delivery.outside import outside, until
from tests.house import RunningHouse
from tests.identity.factors import moving_clock

ORIENTATION, GPS = 0x0112, 0x8825


def picture(width: int = 900, height: int = 600, kind: str = "PNG", **options: Any) -> bytes:
    """Red on its left half, blue on the right."""
    made = Image.new("RGB", (width, height), "blue")
    made.paste("red", (0, 0, width // 2, height))
    raw = io.BytesIO()
    made.save(raw, kind, **options)
    return raw.getvalue()


def lying(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[1] = "N"
    return picture(kind="JPEG", exif=exif)


def bomb(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that says it is so large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def opened(raw: bytes) -> Image.Image:
    made = Image.open(io.BytesIO(raw))
    assert made.format == "WEBP"
    return made


def sent(client: Client, room: str, *files: bytes) -> dict[str, Any]:
    ids = [upload(client, raw, "x.png")["id"] for raw in files]
    return say(client, room, "", file_ids=ids)


def links(client: Client, message: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.ok(client.get(f"/messages/{message['id']}/files/"))["items"]
    return found


def test_a_picture_says_how_large_it_is(alice: Client, bob: Client) -> None:
    message = sent(alice, group(alice, bob), picture(900, 600), b"no picture")
    sizes = [(one["width"], one["height"]) for one in message["attachments"]]
    assert sizes == [(900, 600), (None, None)]
    shown, plain = links(bob, message)
    assert (shown["width"], shown["height"]) == (900, 600) and plain["thumbnail_url"] is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_small_one_is_made(alice: Client, bob: Client, kind: str) -> None:
    (link,) = links(bob, sent(alice, group(alice, bob), picture(kind=kind)))
    small_one = Client(bob.http).get(link["thumbnail_url"])
    assert (small_one.status, small_one.headers["content-type"]) == (200, "image/webp")
    assert small_one.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in small_one.headers["content-security-policy"]
    small = opened(small_one.body)
    assert small.size == (640, 427) and len(small_one.body) < 20_000
    red, _, blue = small.convert("RGB").getpixel((20, 200))  # type: ignore[misc]
    assert red > 200 > 60 > blue


def test_a_tiny_one_is_not_blown_up(alice: Client, bob: Client) -> None:
    (link,) = links(bob, sent(alice, group(alice, bob), picture(40, 30)))
    assert opened(bob.get(link["thumbnail_url"]).body).size == (40, 30)


def test_what_lies_is_turned_and_tells_no_place(alice: Client, bob: Client) -> None:
    message = sent(alice, group(alice, bob), lying(6), lying(3))
    assert [(one["width"], one["height"]) for one in message["attachments"]] == [(600, 900), (900, 600)]
    turned, upside_down = (opened(bob.get(one["thumbnail_url"]).body) for one in links(bob, message))
    assert turned.size == (427, 640) and upside_down.size == (640, 427)
    assert not dict(turned.getexif()) and b"EXIF" not in bob.get(links(bob, message)[0]["thumbnail_url"]).body
    red, _, blue = turned.convert("RGB").getpixel((200, 20))  # type: ignore[misc]
    assert red > 200 > 60 > blue, "what was on the left is on top"
    red, _, blue = upside_down.convert("RGB").getpixel((20, 200))  # type: ignore[misc]
    assert blue > 200 > 60 > red


@pytest.mark.parametrize("size", [(60_000, 60_000), (8_000, 8_000), (10_001, 1), (0, 5)])
def test_what_would_unfold_to_gigabytes_is_a_file_like_any_other(
    alice: Client, bob: Client, size: tuple[int, int]
) -> None:
    message = sent(alice, group(alice, bob), bomb(*size))
    (link,) = links(bob, message)
    assert (link["content_type"], link["width"], link["thumbnail_url"]) == ("image/png", None, None)
    assert bob.get(f"/messages/{message['id']}/files/{link['id']}/thumbnail/").status == 404
    assert bob.get(link["url"]).status == 200


def test_what_only_begins_like_a_picture_has_no_small_one(alice: Client, bob: Client) -> None:
    message = sent(
        alice, group(alice, bob), picture(kind="JPEG")[:3_000], b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"x" * 99
    )
    for link in links(bob, message):
        path = f"/messages/{message['id']}/files/{link['id']}/thumbnail/"
        assert [bob.get(path).status for _ in range(2)] == [404, 404]


def test_only_those_in_the_conversation_get_it(
    alice: Client, bob: Client, mallory: Client, house: RunningHouse, cast: Cast
) -> None:
    carol = log_in(house, person("Carol", cast.domain))
    message = sent(alice, group(alice, bob), picture())
    (link,) = links(bob, message)
    path = f"/messages/{message['id']}/files/{link['id']}/thumbnail/"
    assert bob.get(path).status == 200
    assert carol.get(path).status == mallory.get(path).status == 404
    anyone = Client(bob.http)
    assert anyone.get(path).status == 401
    assert anyone.get(link["thumbnail_url"].replace("?sig=", "?sig=A")).status == 403
    whole = link["url"].partition("?")[2]
    assert anyone.get(f"{path}?{whole}").status == 403, "the file's link is good for the file"
    alice.ok(alice.delete(f"/messages/{message['id']}/"), 204)
    assert anyone.get(link["thumbnail_url"]).status == 404


def test_it_is_made_once_and_goes_with_the_file(alice: Client, bob: Client) -> None:
    from posthouse.base import sql
    from posthouse.ops import sweeping

    room, other = group(alice, bob), channel(alice)
    message = sent(alice, room, picture())
    again = alice.ok(alice.post(f"/messages/{message['id']}/forward/", {"conversation_id": other}), 201)
    first, second = (alice.get(links(alice, one)[0]["thumbnail_url"]).body for one in (message, again))
    assert first == second
    file_id = int(message["attachments"][0]["id"])
    (found,) = sql.rows(
        "SELECT t.blob_id FROM base_thumbnail t JOIN conversations_file f ON f.blob_id = t.blob_id WHERE f.id = %s",
        [file_id],
    )
    count = "SELECT count(*) FROM base_thumbnail WHERE blob_id = %s"
    assert sql.row(count, [found[0]]) == (1,)
    for one in (message, again):
        alice.ok(alice.delete(f"/messages/{one['id']}/"), 204)
    with moving_clock() as move:
        move(2 * 3_600)
        sweeping.sweep()
    assert sql.row(count, [found[0]]) == (0,)


def test_it_is_there_before_anybody_asks(alice: Client, bob: Client) -> None:
    from posthouse.base import sql

    message = sent(alice, group(alice, bob), picture())
    made = "SELECT 1 FROM base_thumbnail t JOIN conversations_file f ON f.blob_id = t.blob_id WHERE f.message_id = %s"
    until(lambda: sql.row(made, [int(message["id"])]))


def test_pictures_that_come_by_mail_have_one_too(alice: Client, bob: Client, house: RunningHouse) -> None:
    room = group(alice, bob)
    with outside(house, "outside.test") as peer:
        invite(alice, room)
        say(alice, room, "What does it look like?")
        (mail,) = got(peer, 1)
        body = b"--b\r\nContent-Type: text/plain\r\n\r\nLike this\r\n" + make_part(picture())
        kind = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n'
        answer(house, mail, headers=kind, body=body)

        def come() -> Any:
            items = alice.ok(alice.get(f"/conversations/{room}/messages/"))["items"]
            return [one for one in items if one["author"]["email"]]

        (message,) = until(come)
    (file,) = message["attachments"]
    assert (file["content_type"], file["width"], file["height"]) == ("image/png", 900, 600)
    assert opened(bob.get(links(bob, message)[0]["thumbnail_url"]).body).size == (640, 427)


def make_part(raw: bytes) -> bytes:
    import base64

    return (
        b"--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=a.png\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(raw).replace(b"\n", b"\r\n")
        + b"--b--\r\n"
    )


def test_attachments_of_mail_have_one(alice: Client, bob: Client, cast: Cast) -> None:
    raw = (
        f"From: x@outside.test\r\nTo: {cast.alice.email}\r\nSubject: A map\r\nMessage-ID: <{uuid4().hex}@x>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSee\r\n"
    ).encode() + make_part(lying(6))
    email_id = make.email(cast.alice, raw)
    (file,) = alice.ok(alice.get(f"/emails/{email_id}/"))["attachments"]
    small = opened(Client(alice.http).get(file["thumbnail_url"]).body)
    assert small.size == (427, 640)
    assert alice.get(file["thumbnail_url"]).body == alice.get(file["thumbnail_url"]).body
    path = f"/emails/{email_id}/attachments/"
    assert alice.get(f"{path}1/thumbnail/").status == 404, "a text is no picture"
    assert bob.get(f"{path}2/thumbnail/").status == 404
