"""One storage for a person's mail and files: files that do not fit are refused, mail for the sake of files never."""

from __future__ import annotations

from tests import make
from tests.api.client import Client
from tests.cast import Cast
from tests.conversations.rooms import channel, group, refusal, say
from tests.conversations.test_files import upload
from tests.delivery.outside import set_quota
from tests.imapd.test_between_accounts import used_bytes
from tests.uploads.test_resumable import CHAT, noise


def _refusal(client: Client, size: int) -> tuple[int, str]:
    return refusal(client.request("POST", "/conversations/files/?filename=x", body=noise(size)))


def _kept(client: Client) -> int:
    return int(client.ok(client.get("/conversations/settings/"))["files_bytes"])


def test_files_are_let_in_while_they_fit_beside_the_mail(alice: Client, bob: Client, cast: Cast) -> None:
    set_quota(cast.bob, used_bytes(cast.bob.account_id) + 300_000)
    file = upload(bob, noise(200_000), "a")
    assert _kept(bob) == 200_000
    assert _refusal(bob, 200_000) == (507, "over_quota")
    assert refusal(CHAT.try_begin(bob, 200_000)) == (507, "over_quota")
    assert CHAT.try_begin(bob, 50_000).status == 201
    assert refusal(CHAT.try_begin(bob, 60_000)) == (507, "over_quota"), "what is on its way counts too"
    make.email(cast.bob, text="x" * 150_000)
    assert _refusal(bob, 1) == (507, "over_quota")
    assert make.email(cast.bob, text="x" * 100_000), "mail has all of it"
    room, other = group(bob, alice), channel(bob)
    message = say(bob, room, "", file_ids=[file["id"]])
    bob.ok(bob.post(f"/messages/{message['id']}/forward/", {"conversation_id": other}), 201)
    assert _kept(bob) == 200_000, "sent on it is the same content"
    bob.ok(bob.delete(f"/messages/{message['id']}/"), 204)
    assert _kept(bob) == 0


def test_nobodys_quota_is_anothers(alice: Client, bob: Client, cast: Cast) -> None:
    set_quota(cast.bob, 1)
    assert _refusal(bob, 2) == (507, "over_quota")
    upload(alice, noise(2_000), "a")
    assert (_kept(alice), _kept(bob)) == (2_000, 0)
