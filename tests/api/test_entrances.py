"""Coming in: signing up, being invited, recovering; by letters that arrive outside and codes that work once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.api.client import Answer, Client, log_in
from tests.cast import PASSWORD, Cast, person, user_id
from tests.delivery.outside import outside
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse
from tests.imapd.conftest import connect
from tests.letters import Letters

__all__ = ["connect"]

NEW = "a new correct horse"


@pytest.fixture(autouse=True)
def _no_limits(house: RunningHouse) -> None:
    from posthouse.base import limits

    limits.limiter.reset()


@pytest.fixture
def peer(house: RunningHouse) -> Iterator[Peer]:
    """The server of outside.test, where the letters arrive."""
    with outside(house, "outside.test", "partner.test") as server:
        yield server


@pytest.fixture
def later(house: RunningHouse) -> Iterator[Callable[[float], None]]:
    """Moves both clocks forward."""
    from posthouse.base import clock

    passed = 0.0

    def move(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    clock.set_source(lambda: time.time() + passed)
    clock.set_steady_source(lambda: time.monotonic() + passed)
    yield move
    clock.set_source(None)
    clock.set_steady_source(None)


@pytest.fixture
def letters(peer: Peer) -> Letters:
    return Letters(peer)


def sign_up(client: Client, cast: Cast, **other: Any) -> Answer:
    body = {"email": f"carol@{cast.domain}", "name": "Carol", "password": PASSWORD,
            "recovery_address": "carol@outside.test", **other}  # fmt: skip
    return client.post("/auth/signup/", body)


def verify(client: Client, flow: str, code: str, **other: Any) -> Answer:
    return client.post("/auth/signup/verify/", {"flow": flow, "code": code, **other})


def wrong(code: str) -> str:
    return f"{(int(code[0]) + 1) % 10}{code[1:]}"


# --- signing up ---------------------------------------------------------------------------------


def test_anybody_signs_up_where_that_is_wanted(
    house: RunningHouse, alice: Client, anyone: Client, cast: Cast, letters: Letters
) -> None:
    assert sign_up(anyone, cast).json["code"] == "sign_up_closed"
    alice.ok(alice.patch("/organisation/", {"sign_up": "open"}))
    assert {"domain": cast.domain, "by": "anybody"} in anyone.get("/auth/signup/").json["items"]
    flow = anyone.ok(sign_up(anyone, cast), 202)["flow"]
    letter = letters.next()
    assert (letter["To"], letter["Auto-Submitted"]) == ("carol@outside.test", "auto-generated")
    text = letter.get_payload(decode=True).decode()
    assert f"carol@{cast.domain}" in text
    code = re.search(r"\d{4}-\d{4}", text)[0]  # type: ignore[index]
    assert verify(anyone, flow, wrong(code)).json["code"] == "wrong_code"
    made = anyone.ok(verify(anyone, flow, code.replace("-", " ")), 201)
    assert made["email"] == f"carol@{cast.domain}"
    assert verify(anyone, flow, code).json["code"] == "wrong_code", "a code works once"
    pair = anyone.ok(anyone.post("/auth/token/", {"email": made["email"], "password": PASSWORD}))
    carol = Client(house.http, headers={"Authorization": f"Bearer {pair['access']}"})
    me = carol.get("/users/me/").json
    assert me["role"] == "guest", "a stranger sees nobody unless the organisation says otherwise"
    assert len(carol.get("/mailboxes/").json["items"]) == 6
    assert carol.get("/users/me/recovery-address/").json["email"] == "carol@outside.test"


def test_by_domain_only_who_has_an_address_there(
    alice: Client, anyone: Client, cast: Cast, letters: Letters
) -> None:
    changes = {"sign_up": "domain", "sign_up_domains": ["partner.test"], "sign_up_role": "member"}
    alice.ok(alice.patch("/organisation/", changes))
    assert sign_up(anyone, cast).json["code"] == "sign_up_closed"
    flow = anyone.ok(sign_up(anyone, cast, recovery_address="carol@partner.test"), 202)["flow"]
    made = anyone.ok(verify(anyone, flow, letters.code()), 201)
    assert alice.get(f"/users/{made['id']}/").json["role"] == "member"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"email": "x@elsewhere.test"}, "sign_up_closed"),
        ({"email": "postmaster@{domain}"}, "address_reserved"),
        ({"email": "a+b@{domain}"}, "address_reserved"),
        ({"recovery_address": "x@{domain}"}, "not_outside"),
        ({"recovery_address": "nothing"}, "invalid_address"),
        ({"password": "short"}, "bad_password"),
        ({"role": "owner"}, "unknown_field"),
    ],
)
def test_what_one_cannot_sign_up_with(
    alice: Client, anyone: Client, cast: Cast, other: Any, code: str
) -> None:
    alice.ok(alice.patch("/organisation/", {"sign_up": "open"}))
    given = {name: value.format(domain=cast.domain) for name, value in other.items()}
    assert sign_up(anyone, cast, **given).json["code"] == code


def test_a_taken_address_is_told_to_who_proved_theirs_only(
    alice: Client, anyone: Client, cast: Cast, letters: Letters
) -> None:
    alice.ok(alice.patch("/organisation/", {"sign_up": "open"}))
    taken = anyone.ok(sign_up(anyone, cast, email=cast.bob.email), 202)
    code = letters.code()
    assert verify(anyone, taken["flow"], code).json["code"] == "address_exists"
    elsewhere = verify(anyone, taken["flow"], code, email=cast.mallory.email)
    assert elsewhere.json["code"] == "invalid_address"
    made = anyone.ok(verify(anyone, taken["flow"], code, email=f"robert@{cast.domain}"), 201)
    assert made["email"] == f"robert@{cast.domain}"


def test_sign_up_that_was_closed_meanwhile_is_closed(
    alice: Client, anyone: Client, cast: Cast, letters: Letters
) -> None:
    alice.ok(alice.patch("/organisation/", {"sign_up": "open"}))
    flow = anyone.ok(sign_up(anyone, cast), 202)["flow"]
    code = letters.code()
    alice.ok(alice.patch("/organisation/", {"sign_up": "closed"}))
    assert verify(anyone, flow, code).json["code"] == "sign_up_closed"


# --- codes --------------------------------------------------------------------------------------


@pytest.fixture
def bob_recovers(bob: Client, cast: Cast, letters: Letters) -> Client:
    """bob, with a recovery address."""
    flow = bob.ok(bob.post("/users/me/recovery-address/", {"email": "bob@outside.test"}), 202)
    body = {"flow": flow["flow"], "code": letters.code()}
    assert bob.ok(bob.post("/users/me/recovery-address/confirm/", body))["email"] == "bob@outside.test"
    return bob


def ask(client: Client, address: str) -> Answer:
    return client.post("/auth/recovery/", {"email": address})


def confirm(client: Client, flow: str, code: str, password: str = NEW) -> Answer:
    return client.post("/auth/recovery/confirm/", {"flow": flow, "code": code, "password": password})


def test_a_new_password_by_a_code_ends_what_the_old_one_opened(
    bob_recovers: Client, anyone: Client, cast: Cast, letters: Letters, connect: Any
) -> None:
    flow = anyone.ok(ask(anyone, cast.bob.email), 202)["flow"]
    code = letters.code()
    assert confirm(anyone, flow, code, "short").json["code"] == "bad_password"
    imap = connect(cast.bob)
    assert confirm(anyone, flow, code).status == 204
    assert b"BYE" in b"".join(imap.wait_closed()), "a mail program that came in by the old password"
    assert bob_recovers.get("/users/me/").json["code"] == "token_revoked"
    for password, status in ((PASSWORD, 401), (NEW, 200)):
        assert anyone.post("/auth/token/", {"email": cast.bob.email, "password": password}).status == status
    assert confirm(anyone, flow, code).json["code"] == "wrong_code"
    assert "set anew" in letters.next()["Subject"]


def test_known_and_unknown_addresses_get_the_same(
    bob_recovers: Client, alice: Client, anyone: Client, cast: Cast, letters: Letters
) -> None:
    """bob can recover, alice has no address outside, the others are not there or are not people."""
    alice.ok(alice.post("/accounts/", {"name": "Desk", "email": f"desk@{cast.domain}"}), 201)
    answers = []
    addresses = [cast.bob.email, cast.alice.email, f"nobody@{cast.domain}", "x@nowhere.test", "nothing",
                 f"desk@{cast.domain}"]  # fmt: skip
    for address in addresses:
        answer = ask(anyone, address)
        body = answer.json
        flow = body.pop("flow")
        answers.append((answer.status, body, len(flow)))
        wrong_code = confirm(anyone, flow, "0000-0000")
        told = {name: value for name, value in wrong_code.json.items() if name != "request_id"}
        answers[-1] += (wrong_code.status, told)
    assert all(answer == answers[0] for answer in answers)
    letters.code()
    assert letters.none()


def test_five_wrong_tries_end_a_flow_whoever_it_is_for(
    bob_recovers: Client, anyone: Client, cast: Cast, letters: Letters
) -> None:
    flow = anyone.ok(ask(anyone, cast.bob.email), 202)["flow"]
    code = letters.code()
    for _ in range(5):
        assert confirm(anyone, flow, wrong(code)).json["code"] == "wrong_code"
    assert confirm(anyone, flow, code).json["code"] == "wrong_code"
    assert verify(anyone, flow, code).json["code"] == "wrong_code", "a code is good for its purpose only"


@pytest.mark.parametrize("code", ["", "0", "1234567", "123456789", "٠١٢٣٤٥٦٧", "abcdefgh", "0" * 20])
def test_what_is_no_code(anyone: Client, code: str) -> None:
    assert confirm(anyone, "no such flow", code).status == 400


def test_codes_end_after_ten_minutes_and_come_again_twice(
    bob_recovers: Client, anyone: Client, cast: Cast, letters: Letters, later: Callable[[float], None]
) -> None:
    flow = anyone.ok(ask(anyone, cast.bob.email), 202)["flow"]
    first = letters.code()
    resend = {"flow": flow}
    same = anyone.ok(anyone.post("/auth/codes/resend/", resend), 202)
    assert same.keys() == anyone.ok(anyone.post("/auth/codes/resend/", {"flow": "none"}), 202).keys()
    assert letters.none(), "not within a minute"
    codes = [first]
    for _ in range(2):
        later(61)
        anyone.ok(anyone.post("/auth/codes/resend/", resend), 202)
        codes.append(letters.code())
    later(61)
    anyone.ok(anyone.post("/auth/codes/resend/", resend), 202)
    assert letters.none(), "twice at most"
    for old in codes[:2]:
        if old != codes[2]:
            assert confirm(anyone, flow, old).json["code"] == "wrong_code"
    later(600)
    assert confirm(anyone, flow, codes[2]).json["code"] == "wrong_code"


def test_letters_to_one_address_are_few(
    anyone: Client, cast: Cast, later: Callable[[float], None], letters: Letters
) -> None:
    """The same number for an address that is here and one that is not."""
    from posthouse.base import limits

    counts = []
    for address in (cast.bob.email, "nobody@nowhere.test"):
        limits.limiter.reset()
        statuses = [ask(anyone, address).status for _ in range(7)]
        counts.append(statuses)
    assert counts == [[202] * 5 + [429] * 2] * 2
    refused = ask(anyone, "nobody@nowhere.test")
    assert int(refused.headers["retry-after"]) > 0
    later(int(refused.headers["retry-after"]))
    assert ask(anyone, "nobody@nowhere.test").status == 202
    assert letters.none(), "what was asked for ahead of time is done with before the clock goes back"


def test_no_code_and_no_token_lies_about(
    bob_recovers: Client, anyone: Client, cast: Cast, letters: Letters
) -> None:
    """Not in the rows of identity or of jobs, once the letter is on its way."""
    from posthouse.base import sql

    anyone.ok(ask(anyone, cast.bob.email), 202)
    code = letters.code()
    assert letters.none()
    rows = sql.rows("SELECT code_hash, facts, email FROM identity_code") + sql.rows(
        "SELECT * FROM identity_letter"
    )
    rows += sql.rows("SELECT arguments, last_error FROM base_job")
    for row in rows:
        assert code not in str(row) and code.replace("-", "") not in str(row)


# --- the address outside ------------------------------------------------------------------------


def test_a_recovery_address_is_proved_and_outside(
    bob_recovers: Client, alice: Client, cast: Cast, letters: Letters
) -> None:
    bob, path = bob_recovers, "/users/me/recovery-address/"
    for address in (cast.bob.email, cast.mallory.email, f"nobody@{cast.domain}"):
        assert bob.post(path, {"email": address}).json["code"] == "not_outside"
    flow = bob.ok(bob.post(path, {"email": "new@outside.test"}), 202)["flow"]
    code = letters.code()
    assert bob.get(path).json["email"] == "bob@outside.test", "the old one stays until then"
    proof = {"flow": flow, "code": code}
    assert alice.post(f"{path}confirm/", proof).json["code"] == "wrong_code"
    assert alice.get(path).json["email"] is None
    bob.ok(bob.post(f"{path}confirm/", proof))
    assert bob.get(path).json["email"] == "new@outside.test"
    told = letters.next()
    assert told["To"] == "bob@outside.test"
    assert bob.delete(path).status == 204
    assert bob.get(path).json["email"] is None
    assert letters.next()["To"] == "new@outside.test"


def test_a_session_left_open_does_not_move_the_recovery_address(
    house: RunningHouse, bob_recovers: Client, cast: Cast, letters: Letters, later: Callable[[float], None]
) -> None:
    """Whoever changes it can take the account, so it asks for a fresh proof; so does going without one."""
    bob, path = Client(house.http), "/users/me/recovery-address/"
    pair = bob.ok(bob.post("/auth/token/", {"email": cast.bob.email, "password": PASSWORD}))
    later(601)
    pair = bob.ok(bob.post("/auth/token/refresh/", {"refresh": pair["refresh"]}))
    bob.headers["Authorization"] = f"Bearer {pair['access']}"
    for answer in (bob.post(path, {"email": "new@outside.test"}), bob.delete(path)):
        assert (answer.status, answer.json["code"]) == (403, "step_up_required")
    assert bob.get(path).json["email"] == "bob@outside.test" and letters.none()
    bob.ok(bob.post("/auth/step-up/", {"password": PASSWORD}), 204)
    assert bob.delete(path).status == 204


# --- invitations --------------------------------------------------------------------------------


def accept(client: Client, token: str, address: str, **other: Any) -> Answer:
    return client.post(
        "/invitations/accept/", {"token": token, "email": address, "password": PASSWORD, **other}
    )


def test_an_invitation_offers_the_default_domain_first(
    alice: Client, anyone: Client, cast: Cast, letters: Letters
) -> None:
    from posthouse.identity.actions import add_domain

    add_domain(f"a.{cast.domain}", organisation=cast.domain)
    alice.ok(alice.post("/invitations/", {"email": "carol@outside.test"}), 201)
    token = letters.token()
    look = lambda: anyone.ok(anyone.post("/invitations/look/", {"token": token}))["domains"]  # noqa: E731
    assert look() == [cast.domain, f"a.{cast.domain}"]
    alice.ok(alice.patch("/organisation/", {"default_domain": f"a.{cast.domain}"}))
    assert look() == [f"a.{cast.domain}", cast.domain]


def test_whoever_is_invited_comes_in_as_invited(
    house: RunningHouse, alice: Client, bob: Client, anyone: Client, cast: Cast, letters: Letters
) -> None:
    assert bob.post("/invitations/", {"email": "carol@outside.test"}).status == 403
    made = alice.ok(alice.post("/invitations/", {"email": "Carol@Outside.test", "role": "admin"}), 201)
    assert "token" not in made
    assert alice.get("/invitations/").json["items"] == [made]
    token = letters.token()
    seen = anyone.ok(anyone.post("/invitations/look/", {"token": token}))
    assert (seen["domains"], seen["email"]) == ([cast.domain], "carol@outside.test")
    assert accept(anyone, token, "carol@elsewhere.test").json["code"] == "no_such_domain"
    assert accept(anyone, token, cast.bob.email).json["code"] == "address_exists"
    assert accept(anyone, token, f"carol@{cast.domain}", password="short").json["code"] == "bad_password"
    new = anyone.ok(accept(anyone, token, f"carol@{cast.domain}", name="Carol"), 201)
    assert alice.get(f"/users/{new['id']}/").json["role"] == "admin"
    anyone.ok(anyone.post("/auth/token/", {"email": new["email"], "password": PASSWORD}))
    assert accept(anyone, token, f"dora@{cast.domain}").status == 404, "once"
    assert alice.get("/invitations/").json["items"] == []


def test_invitations_end(
    alice: Client,
    mallory: Client,
    anyone: Client,
    cast: Cast,
    letters: Letters,
    later: Callable[[float], None],
) -> None:
    def invited(address: str) -> tuple[str, str]:
        made = alice.ok(alice.post("/invitations/", {"email": address}), 201)
        return made["id"], letters.token()

    _, replaced = invited("a@outside.test")
    revoked_id, revoked = invited("a@outside.test")
    _, closed = invited("c@outside.test")
    assert mallory.delete(f"/invitations/{revoked_id}/").status == 404
    assert alice.delete(f"/invitations/{revoked_id}/").status == 204
    alice.ok(alice.patch("/organisation/", {"sign_up": "closed"}))
    assert alice.post("/invitations/", {"email": "d@outside.test"}).json["code"] == "sign_up_closed"
    for token in (replaced, revoked, closed, "none"):
        assert anyone.post("/invitations/look/", {"token": token}).status == 404
        assert accept(anyone, token, f"carol@{cast.domain}").status == 404
    alice.ok(alice.patch("/organisation/", {"sign_up": "invitation"}))
    anyone.ok(anyone.post("/invitations/look/", {"token": closed}))
    later(15 * 86_400)
    assert anyone.post("/invitations/look/", {"token": closed}).status == 404


def test_invitations_are_no_way_to_flood_somebody(
    house: RunningHouse,
    alice: Client,
    mallory: Client,
    cast: Cast,
    letters: Letters,
    later: Callable[[float], None],
) -> None:
    """The house writes them and no limit of sending counts them; whoever invites chooses the words and the reader."""
    for client in (alice, alice, mallory, mallory, mallory):
        client.ok(client.post("/invitations/", {"email": "victim@outside.test"}), 201)
    for client in (alice, mallory):
        flood = client.post("/invitations/", {"email": "Victim@Outside.test"})
        assert (flood.status, flood.json["code"]) == (429, "too_many_requests")
        assert int(flood.headers["retry-after"]) > 60
    statuses = [alice.post("/invitations/", {"email": f"p{n}@outside.invalid"}).status for n in range(199)]
    assert statuses == [201] * 198 + [429]
    mallory.ok(mallory.post("/invitations/", {"email": "p199@outside.invalid"}), 201)
    later(3_600)
    again = log_in(house, cast.alice)
    again.ok(again.post("/invitations/", {"email": "victim@outside.test"}), 201)


@pytest.mark.parametrize("fall", [{"is_active": False}, {"role": "member"}, "delete"])
def test_an_invitation_goes_with_what_its_maker_could_give(
    house: RunningHouse, alice: Client, bob: Client, anyone: Client, cast: Cast, letters: Letters, fall: Any
) -> None:
    """Whoever is about to be put out must not keep a way back in."""
    path = f"/users/{user_id(cast.bob)}/"
    alice.ok(alice.patch(path, {"role": "admin"}))
    bob.ok(bob.post("/invitations/", {"email": "me-again@outside.test", "role": "admin"}), 201)
    token = letters.token()
    anyone.ok(anyone.post("/invitations/look/", {"token": token}))
    assert (alice.delete(path) if fall == "delete" else alice.patch(path, fall)).status in (200, 204)
    assert anyone.post("/invitations/look/", {"token": token}).status == 404
    assert accept(anyone, token, f"carol@{cast.domain}").status == 404


def test_whoever_is_invited_gets_no_address_of_the_house(
    alice: Client, anyone: Client, cast: Cast, letters: Letters
) -> None:
    """With postmaster@ or hostmaster@ one could have certificates made for the domain."""
    alice.ok(alice.post("/invitations/", {"email": "carol@outside.test"}), 201)
    token = letters.token()
    for local in ("postmaster", "Hostmaster", "admin", "carol+x"):
        assert accept(anyone, token, f"{local}@{cast.domain}").json["code"] == "address_reserved"
    anyone.ok(accept(anyone, token, f"carol@{cast.domain}"), 201)


def test_one_invites_to_no_more_than_one_holds(house: RunningHouse, alice: Client, cast: Cast) -> None:
    desk = alice.ok(alice.post("/roles/", {"name": "Desk", "permissions": ["users.invite"]}), 201)
    dora = person("Dora", cast.domain)
    alice.ok(alice.patch(f"/users/{user_id(dora)}/", {"role": desk["id"]}))
    client = log_in(house, dora)
    for role in ("member", "admin", "owner", "guest"):
        assert (
            client.post("/invitations/", {"email": "x@outside.test", "role": role}).json["code"]
            == "more_than_yours"
        )
    assert client.post("/invitations/", {"email": "x@outside.test", "role": desk["id"]}).status == 201
    assert (
        client.post("/invitations/", {"email": cast.bob.email, "role": desk["id"]}).json["code"]
        == "not_outside"
    )
