"""People by the API: roles hold the ladder, lists show what each may see, changes take effect at once."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.api.client import Client, log_in
from tests.cast import PASSWORD, Cast, guest, person, user_id
from tests.house import RunningHouse

MANY = [("GET", "/roles/"), ("POST", "/roles/"), ("GET", "/users/"), ("POST", "/users/"), ("GET", "/permissions/"),
        ("GET", "/users/me/"), ("PATCH", "/users/me/"), ("POST", "/users/search/"), ("GET", "/users/online/"),
        ("GET", "/users/1/"), ("DELETE", "/users/1/"), ("POST", "/users/1/restore/"), ("GET", "/users/1/avatar/"),
        ("POST", "/users/1/avatar/"), ("DELETE", "/users/1/avatar/"), ("GET", "/roles/1/")]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), MANY)
def test_nobody_is_told_anything(anyone: Client, method: str, path: str) -> None:
    answer = anyone.send(method, path, {})
    assert (answer.status, answer.json["code"]) == (401, "not_authenticated")


# --- roles --------------------------------------------------------------------------------------


def test_permissions_and_built_in_roles_are_told(alice: Client) -> None:
    names = {item["name"]: item["meaning"] for item in alice.get("/permissions/").json["items"]}
    held = {role["id"]: set(role["permissions"]) for role in alice.get("/roles/").json["items"]}
    assert all(names.values())
    assert held["owner"] == set(names)
    assert held["owner"] - held["admin"] == {"organisation.own"}
    assert held["member"] - held["guest"] == {"users.read", "conversations.join"}
    assert set(alice.get("/users/me/").json["permissions"]) == held["owner"]


def test_a_role_of_ones_own_gives_and_takes_at_once(alice: Client, bob: Client, cast: Cast) -> None:
    desk = alice.ok(
        alice.post("/roles/", {"name": "Desk", "permissions": ["users.read", "users.manage"]}), 201
    )
    assert bob.post("/users/", {"email": f"eve@{cast.domain}"}).status == 403
    bobs = user_id(cast.bob)
    assert alice.ok(alice.patch(f"/users/{bobs}/", {"role": desk["id"]}))["role"] == desk["id"]
    assert bob.get("/users/me/").json["permissions"] == ["users.manage", "users.read"]
    made = bob.post("/users/", {"email": f"carol@{cast.domain}", "name": "Carol", "role": desk["id"]})
    assert made.status == 201
    alice.ok(alice.patch(f"/roles/{desk['id']}/", {"permissions": ["users.read"]}))
    assert bob.get("/users/me/").json["permissions"] == ["users.read"]
    assert bob.post("/users/", {"email": f"dave@{cast.domain}"}).json["code"] == "permission_denied"
    assert alice.delete(f"/roles/{desk['id']}/").json["code"] == "role_in_use"
    for user in (bobs, made.json["id"]):
        alice.ok(alice.patch(f"/users/{user}/", {"role": "member"}))
    assert alice.delete(f"/roles/{desk['id']}/").status == 204
    assert alice.get(f"/roles/{desk['id']}/").status == 404


def test_nobody_gives_or_takes_more_than_they_hold(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    bobs, alices = user_id(cast.bob), user_id(cast.alice)
    alice.ok(alice.patch(f"/users/{bobs}/", {"role": "admin"}))
    for answer in (
        bob.patch(f"/users/{bobs}/", {"role": "owner"}),
        bob.patch(f"/users/{alices}/", {"role": "member"}),
        bob.patch(f"/users/{alices}/", {"is_active": False}),
        bob.delete(f"/users/{alices}/"),
        bob.post("/users/", {"email": f"x@{cast.domain}", "role": "owner"}),
        bob.post("/roles/", {"name": "Lord", "permissions": ["organisation.own"]}),
    ):
        assert (answer.status, answer.json["code"]) == (403, "more_than_yours"), answer.body
    lord = alice.ok(alice.post("/roles/", {"name": "Lord", "permissions": ["organisation.own"]}), 201)
    for answer in (
        bob.patch(f"/roles/{lord['id']}/", {"permissions": []}),
        bob.delete(f"/roles/{lord['id']}/"),
        bob.patch(f"/users/{bobs}/", {"role": lord["id"]}),
    ):
        assert answer.json["code"] == "more_than_yours"


def test_the_last_owner_stays(alice: Client, bob: Client, cast: Cast) -> None:
    alices, bobs = user_id(cast.alice), user_id(cast.bob)
    desk = alice.ok(alice.post("/roles/", {"name": "Desk", "permissions": []}), 201)
    for role in ("member", desk["id"]):
        assert alice.patch(f"/users/{alices}/", {"role": role}).json["code"] == "last_owner"
    assert alice.delete(f"/users/{alices}/").json["code"] == "not_yourself"
    alice.ok(alice.patch(f"/users/{bobs}/", {"role": "owner"}))
    assert bob.delete(f"/users/{alices}/").status == 204
    assert bob.patch(f"/users/{bobs}/", {"role": "admin"}).json["code"] == "last_owner", "the other is off"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "x", "permissions": ["fly"]}, "invalid_choice"),
        ({"name": "Owner", "permissions": []}, "invalid_name"),
        ({"name": " ", "permissions": []}, "blank"),
        ({"name": "x"}, "required"),
        ({"name": "x", "permissions": [], "y": 1}, "unknown_field"),
    ],
)
def test_roles_that_cannot_be(alice: Client, body: dict[str, Any], code: str) -> None:
    answer = alice.post("/roles/", body)
    assert (answer.status, answer.json["code"]) == (400, code), answer.body


def test_roles_are_of_one_organisation(alice: Client, mallory: Client, cast: Cast) -> None:
    desk = alice.ok(alice.post("/roles/", {"name": "Desk", "permissions": []}), 201)
    assert alice.post("/roles/", {"name": "desk", "permissions": []}).json["code"] == "role_exists"
    for path in (
        f"/roles/{desk['id']}/",
        f"/users/{user_id(cast.bob)}/",
        f"/users/{user_id(cast.bob)}/avatar/",
    ):
        assert mallory.get(path).status == 404
        assert mallory.delete(path).status == 404
    mine = f"/users/{user_id(cast.mallory)}/"
    assert mallory.patch(mine, {"role": desk["id"]}).json["code"] == "invalid_role"
    assert desk["id"] not in {role["id"] for role in mallory.get("/roles/").json["items"]}


# --- people -------------------------------------------------------------------------------------


def test_whoever_is_added_can_log_in_and_has_mail(house: RunningHouse, alice: Client, cast: Cast) -> None:
    email = f"carol@{cast.domain}"
    made = alice.ok(alice.post("/users/", {"email": email, "name": "Carol", "password": PASSWORD}), 201)
    assert (made["email"], made["name"], made["role"]) == (email, "Carol", "member")
    carol = Client(house.http)
    pair = carol.ok(carol.post("/auth/token/", {"email": email, "password": PASSWORD}))
    carol.headers["Authorization"] = f"Bearer {pair['access']}"
    assert len(carol.get("/mailboxes/").json["items"]) == 6
    assert alice.post("/users/", {"email": email}).json["code"] == "address_exists"
    assert alice.post("/users/", {"email": "a@elsewhere.test"}).status == 404
    assert (
        alice.post("/users/", {"email": f"short@{cast.domain}", "password": "1"}).json["code"]
        == "bad_password"
    )


def test_who_has_no_password_yet_cannot_log_in(alice: Client, anyone: Client, cast: Cast) -> None:
    alice.ok(alice.post("/users/", {"email": f"carol@{cast.domain}"}), 201)
    for password in ("", "!", "None", PASSWORD):
        assert anyone.post(
            "/auth/token/", {"email": f"carol@{cast.domain}", "password": password}
        ).status in (400, 401)


def test_who_is_switched_off_is_out_at_once(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    from posthouse.identity import directory

    path = f"/users/{user_id(cast.bob)}/"
    assert alice.ok(alice.patch(path, {"is_active": False}))["is_active"] is False
    assert bob.get("/users/me/").json["code"] == "token_revoked"
    assert isinstance(directory.lookup(cast.bob.email), directory.Unknown)
    assert alice.get("/users/", active="false").json["items"][0]["email"] == cast.bob.email
    assert "Bob" not in names(alice.get("/users/"))
    assert {"Alice", "Bob"} <= set(names(alice.get("/users/", everybody="true")))
    alice.ok(alice.patch(path, {"is_active": True}))
    assert bob.get("/users/me/").status == 401, "an old session does not come back"
    assert log_in(house, cast.bob).get("/users/me/").status == 200


def test_a_deletion_can_be_taken_back(house: RunningHouse, alice: Client, bob: Client, cast: Cast) -> None:
    path = f"/users/{user_id(cast.bob)}/"
    assert bob.delete(f"/users/{user_id(cast.alice)}/").status == 403
    assert alice.delete(path).status == 204
    assert alice.get(path).json["deleted_at"]
    assert alice.patch(path, {"name": "x"}).json["code"] == "user_deleted"
    assert alice.ok(alice.post(f"{path}restore/"))["deleted_at"] is None
    assert alice.post(f"{path}restore/").status == 404
    log_in(house, cast.bob)


def names(answer: Any) -> list[str]:
    return [item["name"] for item in answer.json["items"]]


@pytest.mark.parametrize("sort", ["name", "-name", "email", "-email", "created_at", "-created_at"])
def test_pages_hold_everybody_once_in_order(alice: Client, cast: Cast, sort: str) -> None:
    for name in ("dora", "Carl", "Dora", "emil"):
        person(f"{name}.{'u' if name == 'Dora' else 'l'}", cast.domain)
    whole = alice.ok(alice.get("/users/", sort=sort))["items"]
    assert len(whole) == 6
    key = sort.removeprefix("-")
    wanted = [item[key].lower() for item in whole]
    assert wanted == sorted(wanted, reverse=sort.startswith("-"))
    found, cursor = [], None
    while True:
        page = alice.ok(alice.get("/users/", sort=sort, limit=2, **({"cursor": cursor} if cursor else {})))
        found += page["items"]
        if (cursor := page["next"]) is None:
            break
    assert [item["id"] for item in found] == [item["id"] for item in whole]
    other = alice.get("/users/", sort=sort, limit=2).json["next"]
    assert (
        alice.get("/users/", sort="email" if key == "name" else "name", cursor=other).json["code"]
        == "invalid_cursor"
    )


def test_lists_are_filtered(alice: Client, bob: Client, cast: Cast) -> None:
    guest(cast)
    assert names(alice.get("/users/", role="guest")) == ["Gina"]
    assert names(alice.get("/users/", q="BO")) == ["Bob"]
    assert names(alice.get("/users/", q=f"bob {cast.domain}")) == ["Bob"]
    assert names(alice.get("/users/", q="b%b")) == []
    assert names(alice.get("/users/", q="_ob")) == []
    assert names(bob.post("/users/search/", {"q": "ali"})) == ["Alice"]
    assert alice.get("/users/", fields="id,name").json["items"][0].keys() == {"id", "name"}
    for query in ({"fields": "password"}, {"sort": "password"}, {"x": 1}, {"limit": 0}, {"group": "x"}):
        assert alice.get("/users/", **query).status == 400, query
    assert names(bob.get("/users/", active="false")) == names(bob.get("/users/"))


def test_mallory_finds_nobody_of_ours(mallory: Client, alice: Client, cast: Cast) -> None:
    assert names(mallory.get("/users/")) == ["Mallory"]
    assert names(mallory.post("/users/search/", {"q": cast.domain})) == []
    path = f"/users/{user_id(cast.alice)}/"
    for method in ("GET", "PATCH", "DELETE"):
        refused, missing = (
            mallory.send(method, path, {}),
            mallory.send(method, "/users/58769341962780000/", {}),
        )
        assert refused.status == missing.status == 404


def test_a_guest_sees_only_whom_they_share_a_group_with(gina: Client, alice: Client, cast: Cast) -> None:
    assert names(gina.get("/users/")) == ["Gina"]
    path = f"/users/{user_id(cast.bob)}/"
    assert gina.get(path).status == 404
    assert gina.get("/addresses/", q="bob").json["items"] == []
    assert gina.get("/roles/").status == 403
    from posthouse.base import db
    from posthouse.identity.models import Group, GroupMember

    def share() -> None:
        group = Group.objects.create(organisation_id=cast.alice.actor.organisation_id, name="Project")
        for who in (gina.person, cast.bob):
            assert who is not None
            GroupMember.objects.create(group=group, user_id=who.actor.user_id)

    db.run(share, (), {})
    assert names(gina.get("/users/")) == ["Bob", "Gina"]
    assert gina.get(path).status == 200
    assert gina.get(f"/users/{user_id(cast.alice)}/").status == 404
    assert [one["name"] for one in gina.get("/addresses/", q="bob").json["items"]] == ["Bob"]


# --- what one tells -----------------------------------------------------------------------------

PROFILE = {
    "display_name": "Bobby",
    "title": "Driver",
    "department": "Coaches",
    "phone": "+49 30 99",
    "about": "I drive.\nFast.",
    "pronouns": "he/him",
    "location": "Berlin",
    "links": [{"name": "Site", "url": "https://bob.test/"}],
    "locale": "de-DE",
    "time_zone": "Europe/Berlin",
}


def test_a_person_tells_of_themselves(alice: Client, bob: Client, cast: Cast) -> None:
    mine = bob.ok(bob.patch("/users/me/", {**PROFILE, "notifications": {"sound": False}}))
    assert mine["notifications"] == {"new_mail": "inbox", "messages": "all", "by_email": False, "by_push": True,
                                     "sound": False, "quiet_from": None, "quiet_to": None}  # fmt: skip
    seen = alice.get(f"/users/{user_id(cast.bob)}/").json
    assert {name: seen[name] for name in PROFILE} == PROFILE
    bob.ok(bob.patch("/users/me/", {"notifications": {"by_email": True}}))
    assert bob.get("/users/me/").json["notifications"]["sound"] is False


@pytest.mark.parametrize(
    "body",
    [
        {"time_zone": "Mars/Base"},
        {"locale": "english"},
        {"links": [{"name": "x", "url": "javascript:alert(1)"}]},
        {"links": [{"name": "x", "url": "https://x.test/"}] * 9},
        {"visibility": "world"},
        {"role": "owner"},
        {"email": "other@x.test"},
        {"title": "x" * 101},
        {"title": "a\x00b"},
        {"notifications": {"quiet_from": "25:00"}},
    ],
)
def test_what_a_profile_cannot_hold(bob: Client, body: dict[str, Any]) -> None:
    assert bob.patch("/users/me/", body).status == 400


@pytest.mark.parametrize("visibility", ["groups", "nobody"])
def test_details_are_shown_to_whom_one_wants(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast, visibility: str
) -> None:
    carol = log_in(house, person("Carol", cast.domain))
    bob.ok(bob.patch("/users/me/", {**PROFILE, "visibility": visibility, "status": {"text": "away"}}))
    path = f"/users/{user_id(cast.bob)}/"
    seen = carol.get(path).json
    assert seen["name"] == "Bob"
    assert not any(seen[name] for name in ("title", "department", "phone", "about", "links", "status"))
    assert alice.get(path).json["phone"] == PROFILE["phone"], "who manages people sets it"


def test_a_hidden_address_is_found_by_nobody(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    carol = log_in(house, person("Carol", cast.domain))
    bob.ok(bob.patch("/users/me/", {"hides_email": True, "name": "Robert"}))
    assert carol.get(f"/users/{user_id(cast.bob)}/").json["email"] is None
    assert names(carol.post("/users/search/", {"q": "bob@"})) == []
    assert names(carol.post("/users/search/", {"q": "robert"})) == ["Robert"]
    assert carol.get("/addresses/", q="rob").json["items"] == []
    assert names(bob.post("/users/search/", {"q": "bob@"})) == ["Robert"]
    assert alice.get(f"/users/{user_id(cast.bob)}/").json["email"] == cast.bob.email


def test_a_status_ends_by_itself(alice: Client, bob: Client, cast: Cast) -> None:
    path = f"/users/{user_id(cast.bob)}/"
    bob.ok(
        bob.patch("/users/me/", {"status": {"text": "Lunch", "emoji": "🍲", "until": "2999-01-01T00:00:00Z"}})
    )
    assert alice.get(path).json["status"] == {
        "text": "Lunch",
        "emoji": "🍲",
        "until": "2999-01-01T00:00:00.000Z",
    }
    bob.ok(bob.patch("/users/me/", {"status": {"text": "Lunch", "until": "2020-01-01T00:00:00Z"}}))
    assert alice.get(path).json["status"] is None
    assert bob.ok(bob.patch("/users/me/", {"status": None}))["status"] is None


# --- pictures -----------------------------------------------------------------------------------


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), **options: Any) -> bytes:
    from PIL import Image

    written = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(written, kind, **options)
    return written.getvalue()


def upload(client: Client, cast: Cast, raw: bytes) -> Any:
    return client.request(
        "POST", f"/users/{user_id(cast.bob)}/avatar/", body=raw, headers={"Content-Type": "image/png"}
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_made_anew(alice: Client, bob: Client, anyone: Client, cast: Cast, kind: str) -> None:
    from PIL import Image

    options: dict[str, Any] = {}
    if kind == "JPEG":
        exif = Image.Exif()
        exif[0x010F] = "canary camera"
        options["exif"] = exif.tobytes()
    bob.ok(upload(bob, cast, picture(kind, **options)))
    url = alice.get(f"/users/{user_id(cast.bob)}/").json["avatar_url"]
    for suffix, side in (("", 256), ("&size=64", 64)):
        answer = anyone.request("GET", url + suffix)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "private" in answer.headers["cache-control"]
        with Image.open(io.BytesIO(answer.body)) as opened:
            assert (opened.size, opened.format) == ((side, side), "WEBP")
            assert not opened.getexif()
        assert b"canary" not in answer.body
    assert anyone.request("GET", url.replace("sig=", "sig=A")).status in (401, 403)
    assert bob.delete(f"/users/{user_id(cast.bob)}/avatar/").status == 204
    assert alice.get(f"/users/{user_id(cast.bob)}/").json["avatar_url"] is None
    assert alice.get(f"/users/{user_id(cast.bob)}/avatar/").status == 404


@pytest.mark.parametrize(
    "raw",
    [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
     picture("PNG")[:200], picture("BMP"), picture("TIFF"), picture("GIF", (10_001, 1)),
     picture("PNG", (9_000, 9_000))],
    ids=["empty", "head", "svg", "broken", "cut", "bmp", "tiff", "wide", "bomb"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(bob: Client, cast: Cast, raw: bytes) -> None:
    answer = upload(bob, cast, raw)
    assert (answer.status, answer.json["code"]) == (400, "bad_picture")


def test_pictures_are_ones_own_or_managed(
    alice: Client, bob: Client, mallory: Client, gina: Client, cast: Cast
) -> None:
    alice.ok(upload(alice, cast, picture()))
    path = f"/users/{user_id(cast.alice)}/avatar/"
    assert bob.request("POST", path, body=picture()).status == 403
    assert mallory.request("POST", path, body=picture()).status == 404
    assert mallory.get(f"/users/{user_id(cast.bob)}/avatar/").status == 404
    assert gina.get(f"/users/{user_id(cast.bob)}/avatar/").status == 404
    assert upload(bob, cast, b"\x00" * 5_000_001).status == 413
