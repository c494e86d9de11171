"""Files of messages: by what they are, and for whom."""

from __future__ import annotations

from tests.api.client import Client, log_in
from tests.cast import Cast, person
from tests.conversations.rooms import group, refusal, say
from tests.house import RunningHouse

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c636060606000000005000"
    "1a5f645400000000049454e44ae426082"
)


def upload(
    client: Client, raw: bytes, name: str, kind: str = "application/octet-stream"
) -> dict[str, object]:
    answer = client.request(
        "POST", f"/conversations/files/?filename={name}", body=raw, headers={"Content-Type": kind}
    )
    file: dict[str, object] = client.ok(answer, 201)
    return file


def test_a_file_is_what_its_bytes_say(alice: Client) -> None:
    page = upload(alice, b"<html><script>alert(1)</script>", "photo.png", "image/png")
    assert page["content_type"] == "text/plain"
    assert upload(alice, PNG, "x.txt", "text/html")["content_type"] == "image/png"
    assert upload(alice, b"%PDF-1.7 x", "x")["content_type"] == "application/pdf"
    assert upload(alice, b"\xff\xfe\x00x", "x")["content_type"] == "application/octet-stream"
    assert upload(alice, b"x", "..%2F..%2Fetc%2Fpasswd")["filename"] == "_.._etc_passwd"


def test_only_those_in_the_conversation_get_it(
    alice: Client, bob: Client, house: RunningHouse, cast: Cast
) -> None:
    carol = log_in(house, person("Carol", cast.domain))
    room = group(alice, bob)
    file = upload(alice, PNG, "map.png")
    assert bob.post(f"/conversations/{room}/messages/", {"text": "x", "file_ids": [file["id"]]}).status == 404
    message = say(alice, room, "", file_ids=[file["id"]])
    assert [one["id"] for one in message["attachments"]] == [file["id"]]
    assert (
        alice.post(f"/conversations/{room}/messages/", {"text": "x", "file_ids": [file["id"]]}).status == 404
    )
    path = f"/messages/{message['id']}/files/"
    (linked,) = bob.ok(bob.get(path))["items"]
    got = Client(bob.http).get(linked["url"])
    assert got.status == 200 and got.body == PNG and got.headers["content-type"] == "image/png"
    assert (
        got.headers["content-disposition"].startswith("attachment")
        and "sandbox" in got.headers["content-security-policy"]
    )
    assert got.headers["x-content-type-options"] == "nosniff"
    shown = bob.get(f"{path}{file['id']}/?preview=true")
    assert shown.headers["content-disposition"].startswith("inline")
    assert carol.get(path).status == 404 and carol.get(f"{path}{file['id']}/").status == 404
    assert Client(bob.http).get(f"/api/v1{path}{file['id']}/").status == 401
    forged = linked["url"].replace("?sig=", "?sig=A")
    assert Client(bob.http).get(forged).status == 403
    alice.ok(alice.delete(f"/messages/{message['id']}/"), 204)
    assert bob.get(path).status == 404 and Client(bob.http).get(linked["url"]).status == 404


def test_a_page_is_never_shown_in_place(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    file = upload(alice, b"<html>x</html>", "x.html", "text/html")
    message = say(alice, room, "x", file_ids=[file["id"]])
    got = bob.get(f"/messages/{message['id']}/files/{file['id']}/?preview=true")
    assert got.headers["content-type"] == "text/plain" and got.headers["content-disposition"].startswith(
        "attachment"
    )


def test_what_is_too_large_is_refused(alice: Client) -> None:
    answer = alice.request(
        "POST", "/conversations/files/?filename=x", body=b"x" * 25_000_001,
        headers={"Content-Type": "application/octet-stream"},
    )  # fmt: skip
    assert refusal(answer) == (413, "too_large")


def test_the_sweep_keeps_what_a_message_has(alice: Client, bob: Client) -> None:
    from posthouse.base import sql
    from posthouse.ops import sweeping

    room = group(alice, bob)
    kept, waiting = upload(alice, b"kept" * 100, "a"), upload(alice, b"waits" * 100, "b")
    message = say(alice, room, "x", file_ids=[kept["id"]])
    from tests.identity.factors import moving_clock

    with moving_clock() as move:
        move(8 * 86_400)
        sweeping.sweep()
    assert bob.get(f"/messages/{message['id']}/files/{kept['id']}/").body == b"kept" * 100
    assert sql.row("SELECT count(*) FROM conversations_file WHERE id = %s", [int(str(waiting["id"]))]) == (0,)
