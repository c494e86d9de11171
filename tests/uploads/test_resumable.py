"""Files that come in pieces: whole at the end, whatever happens to the line or the server in between."""

from __future__ import annotations

import os
import random
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.conversations.rooms import group, refusal, say
from tests.conversations.test_pictures import picture
from tests.delivery.outside import until
from tests.house import RunningHouse
from tests.identity.factors import moving_clock
from tests.ops.test_command_line import PASSWORD, Server, posthouse
from tests.uploads.tus import OCTETS, TUS, Door, add, offset_of, send

CHAT, MAIL = Door("/conversations/uploads/"), Door("/blobs/uploads/")
BOTH = pytest.mark.parametrize("door", [CHAT, MAIL], ids=["chat", "mail"])
MOST = 25_000_000


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.bob)


def noise(length: int) -> bytes:
    return random.Random(length).randbytes(length)


def whole(client: Client, place: str) -> Any:
    found = client.ok(client.get(place))
    assert found["is_done"] and found["offset_bytes"] == found["length_bytes"]
    return found["file"]


def test_a_file_of_a_message_comes_in_pieces(alice: Client, bob: Client) -> None:
    data = noise(700_001)
    place = CHAT.begin(alice, len(data), "Grüße.bin")
    assert offset_of(alice, place) == 0 and alice.get(place).json["file"] is None
    send(alice, place, data)
    file = whole(alice, place)
    assert (file["filename"], file["size_bytes"]) == ("Grüße.bin", 700_001)
    assert place == f"/api/v1/conversations/uploads/{file['id']}/"
    message = say(alice, group(alice, bob), "", file_ids=[file["id"]])
    assert bob.get(f"/messages/{message['id']}/files/{file['id']}/").body == data


def test_an_attachment_comes_in_pieces(alice: Client, bob: Client, cast: Cast) -> None:
    data = noise(700_001)
    place = MAIL.begin(alice, len(data), "plan.docx", "application/vnd.ms-word; x=y")
    send(alice, place, data)
    blob = whole(alice, place)
    assert blob == {
        "blob_id": f"u.{place.split('/')[-2]}", "filename": "plan.docx", "content_type": "application/vnd.ms-word",
        "size_bytes": 700_001,
    }  # fmt: skip
    piece = {key: blob[key] for key in ("blob_id", "filename", "content_type")}
    body = {"to": [{"email": cast.bob.email}], "subject": "The plan", "text": "x", "attachments": [piece]}
    alice.ok(alice.post("/send/", body), 202)
    email = until(lambda: bob.get("/emails/", q="subject:plan").json["items"])[0]
    (file,) = bob.get(f"/emails/{email['id']}/").json["attachments"]
    assert bob.get(file["url"]).body == data


def test_it_is_what_its_bytes_say(alice: Client) -> None:
    data = picture(900, 600)
    place = CHAT.begin(alice, len(data), "notes.txt", "text/plain")
    send(alice, place, data, piece=500)
    file = whole(alice, place)
    assert (file["content_type"], file["width"], file["height"]) == ("image/png", 900, 600)
    unnamed = MAIL.begin(alice, len(data), "")
    send(alice, unnamed, data)
    assert whole(alice, unnamed).items() >= {"content_type": "image/png", "filename": "attachment"}.items()


@BOTH
def test_nothing_may_be_whole_at_once(alice: Client, door: Door) -> None:
    place = door.begin(alice, 0, "empty")
    assert whole(alice, place)["size_bytes"] == 0


@BOTH
def test_what_is_spoken_here(alice: Client, door: Door) -> None:
    said = alice.request("OPTIONS", door.path)
    assert said.status == 204
    assert said.headers.items() >= {
        "tus-version": "1.0.0", "tus-extension": "creation,termination,expiration", "tus-max-size": str(MOST),
        "tus-resumable": "1.0.0",
    }.items()  # fmt: skip
    place = door.begin(alice, 10)
    answer = add(alice, place, 0, b"12345")
    assert answer.headers["tus-resumable"] == "1.0.0" and answer.headers["upload-offset"] == "5"
    assert parsedate_to_datetime(answer.headers["upload-expires"]).timestamp() - time.time() > 86_000
    head = alice.request("HEAD", place, headers=TUS)
    assert (head.headers["upload-length"], head.headers["cache-control"]) == ("10", "no-store")


@BOTH
def test_what_does_not_fit_is_refused(alice: Client, door: Door) -> None:
    place = door.begin(alice, 10)
    assert add(alice, place, 0, b"12345").status == 204
    assert refusal(add(alice, place, 4, b"5678")) == (409, "wrong_offset")
    assert refusal(add(alice, place, 6, b"7890")) == (409, "wrong_offset")
    assert refusal(add(alice, place, 5, b"678901")) == (413, "too_large")
    assert refusal(add(alice, place, "x", b"6")) == (400, "invalid_header")
    assert refusal(add(alice, place, -1, b"6")) == (400, "invalid_header")
    old = alice.request(
        "PATCH", place, body=b"6", headers={**OCTETS, "Tus-Resumable": "0.2.0", "Upload-Offset": "5"}
    )
    assert refusal(old) == (412, "unsupported_tus_version") and old.headers["tus-version"] == "1.0.0"
    form = alice.request("PATCH", place, body=b"6", headers={**TUS, "Upload-Offset": "5"})
    assert refusal(form) == (415, "unsupported_media_type")
    assert add(alice, place, 5, b"").headers["upload-offset"] == "5"
    send(alice, place, b"1234567890")
    assert refusal(add(alice, place, 5, b"67890")) == (409, "wrong_offset"), "it is whole"
    assert add(alice, place, 10, b"").status == 204
    assert refusal(door.try_begin(alice, MOST + 1)) == (413, "too_large")
    assert refusal(door.try_begin(alice, "many")) == (400, "invalid_header")
    bad = alice.request(
        "POST", door.path, headers={**TUS, "Upload-Length": "1", "Upload-Metadata": "filename ?"}
    )
    assert refusal(bad) == (400, "invalid_header")
    assert refusal(alice.request("POST", door.path, headers={"Upload-Length": "1"}))[0] == 412


@BOTH
def test_it_is_nobody_elses(alice: Client, bob: Client, door: Door) -> None:
    place = door.begin(alice, 10)
    assert add(bob, place, 0, b"x").status == bob.get(place).status == 404
    assert bob.request("HEAD", place, headers=TUS).status == 404
    assert bob.request("DELETE", place, headers=TUS).status == 404
    other = (
        place.replace("conversations", "blobs") if door is CHAT else place.replace("blobs", "conversations")
    )
    assert alice.get(other).status == 404, "each kind has its own"
    assert offset_of(alice, place) == 0


def test_a_file_of_mail_is_none_of_a_message(alice: Client, bob: Client) -> None:
    place = MAIL.begin(alice, 4)
    send(alice, place, b"mail")
    file_id = place.split("/")[-2]
    said = alice.post(f"/conversations/{group(alice, bob)}/messages/", {"text": "x", "file_ids": [file_id]})
    assert said.status == 404


@BOTH
def test_it_is_thrown_away(alice: Client, door: Door) -> None:
    place = door.begin(alice, 10)
    add(alice, place, 0, b"12345")
    assert alice.request("DELETE", place, headers=TUS).status == 204
    assert alice.request("HEAD", place, headers=TUS).status == 404
    assert add(alice, place, 5, b"67890").status == 404


def test_what_is_whole_stays_a_file_when_its_upload_goes(alice: Client, bob: Client) -> None:
    place = CHAT.begin(alice, 5)
    send(alice, place, b"12345")
    file = whole(alice, place)
    assert alice.request("DELETE", place, headers=TUS).status == 204
    message = say(alice, group(alice, bob), "", file_ids=[file["id"]])
    assert bob.get(f"/messages/{message['id']}/files/{file['id']}/").body == b"12345"


@BOTH
def test_what_nobody_finishes_goes_after_a_day(house: RunningHouse, cast: Cast, door: Door) -> None:
    from posthouse.base import sql
    from posthouse.ops import sweeping
    from posthouse.uploads import actions

    alice = log_in(house, cast.alice)
    place = door.begin(alice, 10_000_000)
    add(alice, place, 0, noise(400_000))
    upload_id = int(place.split("/")[-2])
    (blob_id,) = (
        row[0] for row in sql.rows("SELECT blob_id FROM uploads_piece WHERE upload_id = %s", [upload_id])
    )
    with moving_clock() as move:
        move(23 * 3_600)
        sweeping.sweep()
        actions.expire()
        alice = log_in(house, cast.alice)
        assert offset_of(alice, place) == 400_000
        move(24 * 3_600)
        alice = log_in(house, cast.alice)
        assert alice.request("HEAD", place, headers=TUS).status == 404
        actions.expire()
        sweeping.sweep()
    assert sql.row("SELECT count(*) FROM uploads_upload WHERE id = %s", [upload_id]) == (0,)
    assert sql.row("SELECT count(*) FROM base_blob WHERE id = %s", [blob_id]) == (0,)


def test_pieces_go_when_the_file_is_whole(alice: Client) -> None:
    from posthouse.base import sql

    data = noise(300_000)
    place = CHAT.begin(alice, len(data))
    send(alice, place, data)
    pieces = "SELECT count(*) FROM uploads_piece WHERE upload_id = %s"
    assert sql.row(pieces, [int(place.split("/")[-2])]) == (0,)


def test_many_that_are_not_finished_are_too_many(alice: Client) -> None:
    for _ in range(50):
        CHAT.begin(alice, 1)
    assert refusal(CHAT.try_begin(alice, 1)) == (429, "too_many_uploads")


def test_what_is_on_its_way_counts_as_what_waits(alice: Client) -> None:
    for _ in range(20):
        CHAT.begin(alice, MOST)
    assert refusal(CHAT.try_begin(alice, 1)) == (429, "too_many_uploads")


@BOTH
def test_of_two_at_once_one_comes_first(house: RunningHouse, cast: Cast, door: Door) -> None:
    clients = [log_in(house, cast.alice) for _ in range(4)]
    data = noise(40_000)
    place = door.begin(clients[0], len(data))
    for at in range(0, len(data), 10_000):
        with ThreadPoolExecutor(4) as crowd:
            answers = list(crowd.map(lambda one, at=at: add(one, place, at, data[at : at + 10_000]), clients))
        assert sorted(one.status for one in answers) == [204, 409, 409, 409]
    assert whole(clients[0], place)["size_bytes"] == len(data)


@BOTH
def test_of_a_piece_whose_line_is_lost_the_beginning_is_kept(alice: Client, bob: Client, door: Door) -> None:
    data = noise(900_000)
    place = door.begin(alice, len(data))
    with _line(alice, place, 0, len(data)) as line:
        line.sendall(data[:300_000])
    came = until(lambda: offset_of(alice, place))
    assert 0 < came <= 300_000
    send(alice, place, data)
    file = whole(alice, place)
    if door is CHAT:
        message = say(alice, group(alice, bob), "", file_ids=[file["id"]])
        assert bob.get(f"/messages/{message['id']}/files/{file['id']}/").body == data


def _line(client: Client, place: str, offset: int, length: int) -> socket.socket:
    """A PATCH whose body is still to come."""
    parts = urlsplit(client.http)
    line = socket.create_connection((parts.hostname, parts.port), timeout=20)
    head = {
        **client.headers,
        **OCTETS,
        "Upload-Offset": str(offset),
        "Content-Length": str(length),
        "Host": "x",
    }
    fields = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    line.sendall(f"PATCH {place} HTTP/1.1\r\n{fields}\r\n".encode())
    return line


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    data = tmp_path / "data"
    posthouse("domain", "add", "example.test", data=data)
    posthouse("user", "add", "alice@example.test", "--password-stdin", data=data, input=PASSWORD + "\n")
    yield data


def test_a_server_that_is_killed_loses_nothing_that_it_acknowledged(folder: Path) -> None:
    data, piece = noise(3_000_000), 400_000
    server = Server(folder)
    place, acknowledged = "", 0
    try:
        for round_ in range(3):
            token = server.ask("/auth/token/", {"email": "alice@example.test", "password": PASSWORD})[
                "access"
            ]
            alice = Client(f"http://127.0.0.1:{server.ports['http']}", {"Authorization": f"Bearer {token}"})
            place = place or CHAT.begin(alice, len(data))
            assert offset_of(alice, place) >= acknowledged
            at = offset_of(alice, place)
            for _ in range(2):
                answer = add(alice, place, at, data[at : at + piece])
                assert answer.status == 204
                at = acknowledged = int(answer.headers["upload-offset"])
            if round_ == 2:
                send(alice, place, data, piece)
                room = alice.ok(alice.post("/conversations/", {"kind": "group", "name": "x"}), 201)["id"]
                file = whole(alice, place)
                message = say(alice, room, "", file_ids=[file["id"]])
                assert alice.get(f"/messages/{message['id']}/files/{file['id']}/").body == data
                return
            with _line(alice, place, at, piece) as line:
                line.sendall(data[at : at + piece // 2])
                os.kill(server.process.pid, signal.SIGKILL)
                server.process.wait(30)
            server = Server(folder)
    finally:
        server.end()
