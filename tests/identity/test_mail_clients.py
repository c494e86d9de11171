"""IMAP and SMTP by app password and by token; the plain password with a second factor; what ends a connection."""

from __future__ import annotations

import base64
import json
import re
import smtplib
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import PASSWORD, Cast, Person
from tests.house import RunningHouse
from tests.identity.factors import Move, add_totp
from tests.imapd.client import Client as Imap

SECOND = 1.0


class Doors:
    """IMAP and submission of a house, closed at the end."""

    def __init__(self, house: RunningHouse, stack: ExitStack) -> None:
        self._house, self._stack = house, stack

    def imap(self) -> Imap:
        client = Imap(self._house.ports["imap"])
        self._stack.callback(client.close)
        return client

    def smtp(self) -> smtplib.SMTP:
        client = smtplib.SMTP("127.0.0.1", self._house.ports["submission"], timeout=10)
        self._stack.callback(client.close)
        client.ehlo()
        return client

    def imap_in(self, person: Person, password: str) -> Imap:
        client = self.imap()
        client.log_in(person.email, password)
        return client

    def smtp_in(self, person: Person, password: str) -> smtplib.SMTP:
        client = self.smtp()
        client.login(person.email, password)
        return client


@pytest.fixture
def doors(house: RunningHouse) -> Iterator[Doors]:
    with ExitStack() as stack:
        yield Doors(house, stack)


def app_password(client: Client, *scopes: str, **more: Any) -> dict[str, str]:
    body = {"name": "Mail program", "scopes": list(scopes or ("imap", "smtp")), **more}
    made: dict[str, str] = client.ok(client.post("/security/app-passwords/", body), 201)
    return made


def ends_within_a_second(client: Imap) -> list[bytes]:
    begun = time.monotonic()
    lines = client.wait_closed()
    assert time.monotonic() - begun < SECOND
    return lines


def hung_up(client: smtplib.SMTP) -> bool:
    begun = time.monotonic()
    try:
        code, _ = client.getreply()
        return code == 421 and time.monotonic() - begun < SECOND
    except smtplib.SMTPServerDisconnected:
        return time.monotonic() - begun < SECOND


def until(check: Any) -> Any:
    for _ in range(100):
        if found := check():
            return found
        time.sleep(0.02)
    raise AssertionError("never")


# --- app passwords ------------------------------------------------------------------------------


def test_an_app_password_opens_both(cast: Cast, alice: Client, doors: Doors) -> None:
    made = app_password(alice)
    assert re.fullmatch(r"([a-z2-7]{4}-){3}[a-z2-7]{4}", made["password"])
    doors.imap_in(cast.alice, made["password"]).ok(b"SELECT INBOX")
    doors.imap_in(cast.alice, made["password"].replace("-", "").upper())
    smtp = doors.smtp_in(cast.alice, made["password"])
    smtp.sendmail(cast.alice.email, [cast.bob.email], make.message(sender=cast.alice.email))
    row = alice.get("/security/").json["app_passwords"][0]
    assert (row["name"], row["scopes"], row["last_ip"], row["last_protocol"]) == (
        "Mail program", ["imap", "smtp"], "127.0.0.1", "smtp",
    )  # fmt: skip
    assert row["last_used_at"] and made["password"] not in alice.get("/security/").body.decode()


def test_it_is_for_its_protocol_and_its_person_only(cast: Cast, alice: Client, doors: Doors) -> None:
    imap_only, smtp_only = app_password(alice, "imap"), app_password(alice, "smtp")
    doors.imap_in(cast.alice, imap_only["password"])
    doors.smtp_in(cast.alice, smtp_only["password"])
    with pytest.raises(smtplib.SMTPAuthenticationError):
        doors.smtp_in(cast.alice, imap_only["password"])
    for email, password in (
        (cast.alice.email, smtp_only["password"]),
        (cast.bob.email, imap_only["password"]),
        (cast.mallory.email, imap_only["password"]),
        ("", imap_only["password"]),
    ):
        answer = doors.imap().run(f'LOGIN "{email}" "{password}"'.encode())
        assert answer.tagged.startswith(b"NO [AUTHENTICATIONFAILED]"), email


def test_it_does_not_open_the_browser(house: RunningHouse, cast: Cast, alice: Client) -> None:
    body = {"email": cast.alice.email, "password": app_password(alice)["password"]}
    assert Client(house.http).post("/auth/token/", body).status == 401


def test_it_may_have_an_end(cast: Cast, alice: Client, doors: Doors, move: Move) -> None:
    made = app_password(alice, expires_in_days=1)
    doors.imap_in(cast.alice, made["password"])
    move(86_401)
    login = f'LOGIN {cast.alice.email} "{made["password"]}"'.encode()
    assert doors.imap().run(login).tagged.startswith(b"NO ")


# --- with a second factor -----------------------------------------------------------------------


def test_with_a_factor_the_plain_password_opens_neither_and_says_what_to_do(
    cast: Cast, alice: Client, doors: Doors
) -> None:
    add_totp(alice)
    made = app_password(alice)
    answer = doors.imap().run(f'LOGIN {cast.alice.email} "{PASSWORD}"'.encode())
    assert answer.tagged.startswith(b"NO [AUTHENTICATIONFAILED] Application-specific password required")
    assert answer.lines(b"[ALERT] Application-specific password required")
    plain = base64.b64encode(f"\0{cast.alice.email}\0{PASSWORD}".encode())
    answer = doors.imap().run(b"AUTHENTICATE PLAIN " + plain)
    assert answer.tagged.startswith(b"NO [AUTHENTICATIONFAILED]")
    for mechanism in ("PLAIN", "LOGIN"):
        smtp = doors.smtp()
        smtp.user, smtp.password = cast.alice.email, PASSWORD
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            smtp.auth(mechanism, getattr(smtp, f"auth_{mechanism.lower()}"))
        assert refused.value.smtp_code == 535
        assert refused.value.smtp_error.startswith(b"5.7.9 Application-specific password required")
    wrong = doors.imap().run(f'LOGIN {cast.alice.email} "wrong"'.encode())
    assert wrong.tagged == b"NO [AUTHENTICATIONFAILED] The address or the password is wrong."
    doors.imap_in(cast.alice, made["password"])
    doors.smtp_in(cast.alice, made["password"])


def test_who_is_in_with_the_plain_password_is_shown_out_when_a_factor_comes(
    cast: Cast, alice: Client, doors: Doors
) -> None:
    plain, by_app = (
        doors.imap_in(cast.alice, PASSWORD),
        doors.imap_in(cast.alice, app_password(alice)["password"]),
    )
    bobs = doors.imap_in(cast.bob, PASSWORD)
    add_totp(alice)
    assert ends_within_a_second(plain)[0].startswith(b"* BYE ")
    by_app.ok(b"NOOP")
    bobs.ok(b"NOOP")


# --- the list, and taking away ------------------------------------------------------------------


def test_connected_clients_are_listed_and_each_can_be_ended(
    house: RunningHouse, cast: Cast, alice: Client, doors: Doors
) -> None:
    made = app_password(alice)
    imap, smtp = doors.imap_in(cast.alice, made["password"]), doors.smtp_in(cast.alice, PASSWORD)
    imap.ok(b'ID ("name" "Thunderbird" "version" "140")')
    rows = alice.get("/security/").json["mail_clients"]
    assert {(row["protocol"], row["kind"], row["client"], row["ip"]) for row in rows} == {
        ("imap", "app_password", "Thunderbird 140", "127.0.0.1"),
        ("smtp", "password", "", "127.0.0.1"),
    }
    by_protocol = {row["protocol"]: row for row in rows}
    assert by_protocol["imap"]["credential_id"] == made["id"]
    mallory = log_in(house, cast.mallory)
    assert mallory.get("/security/").json["mail_clients"] == []
    for row in rows:
        assert mallory.delete(f"/security/mail-clients/{row['id']}/").status == 404
    imap.ok(b"NOOP")
    alice.ok(alice.delete(f"/security/mail-clients/{by_protocol['imap']['id']}/"), 204)
    ends_within_a_second(imap)
    alice.ok(alice.delete(f"/security/mail-clients/{by_protocol['smtp']['id']}/"), 204)
    assert hung_up(smtp)
    until(lambda: alice.get("/security/").json["mail_clients"] == [])


def test_a_revoked_app_password_ends_idle_and_submission_at_once(
    cast: Cast, alice: Client, doors: Doors
) -> None:
    made, kept = app_password(alice), app_password(alice)
    idling, smtp = doors.imap_in(cast.alice, made["password"]), doors.smtp_in(cast.alice, made["password"])
    other = doors.imap_in(cast.alice, kept["password"])
    idling.ok(b"SELECT INBOX")
    idling.idle()
    smtp.mail(cast.alice.email)
    alice.ok(alice.delete(f"/security/app-passwords/{made['id']}/"), 204)
    ends_within_a_second(idling)
    assert hung_up(smtp)
    other.ok(b"NOOP")
    login = f'LOGIN {cast.alice.email} "{made["password"]}"'.encode()
    assert doors.imap().run(login).tagged.startswith(b"NO ")


def test_revoke_all_ends_everything_but_the_page_it_was_asked_on(
    house: RunningHouse, cast: Cast, alice: Client, doors: Doors
) -> None:
    other = log_in(house, cast.alice)
    by_app = doors.imap_in(cast.alice, app_password(alice)["password"])
    plain = doors.imap_in(cast.alice, PASSWORD)
    bobs = doors.imap_in(cast.bob, PASSWORD)
    alice.ok(alice.post("/security/revoke-all/", {}), 204)
    ends_within_a_second(by_app)
    ends_within_a_second(plain)
    assert other.get("/me/").status == 401
    left = alice.get("/security/").json
    assert [row["is_current"] for row in left["sessions"]] == [True]
    assert left["app_passwords"] == left["tokens"] == left["mail_clients"] == []
    bobs.ok(b"NOOP")
    alice.ok(alice.post("/security/revoke-all/", {"keep_current": False}), 204)
    assert alice.get("/me/").status == 401


def test_a_changed_password_ends_who_came_in_with_the_old_one(
    cast: Cast, alice: Client, doors: Doors
) -> None:
    plain = doors.imap_in(cast.alice, PASSWORD)
    body = {"current_password": PASSWORD, "new_password": "slow train, purple ink"}
    alice.ok(alice.post("/auth/password/change/", body), 204)
    ends_within_a_second(plain)


def test_a_person_switched_off_is_out_everywhere(house: RunningHouse, cast: Cast, doors: Doors) -> None:
    from posthouse.base import db
    from posthouse.identity import live_sessions
    from posthouse.identity.models import User

    user_id = cast.bob.actor.user_id

    def switch_off() -> None:
        User.objects.filter(id=user_id).update(is_active=False)
        live_sessions.person_ended(user_id)

    bob = log_in(house, cast.bob)
    imap, smtp = doors.imap_in(cast.bob, PASSWORD), doors.smtp_in(cast.bob, PASSWORD)
    db.run(switch_off, (), {})
    ends_within_a_second(imap)
    assert hung_up(smtp)
    assert bob.get("/me/").status == 401


# --- OAUTHBEARER and XOAUTH2 --------------------------------------------------------------------


def oauthbearer(token: str, user: str = "") -> str:
    who = f"a={user}" if user else ""
    return base64.b64encode(
        f"n,{who},\x01host=mail\x01port=143\x01auth=Bearer {token}\x01\x01".encode()
    ).decode()


def xoauth2(token: str, user: str) -> str:
    return base64.b64encode(f"user={user}\x01auth=Bearer {token}\x01\x01".encode()).decode()


def personal(client: Client, *scopes: str) -> str:
    body = {"name": "x", "scopes": list(scopes), "expires_in_days": 1}
    made: str = client.ok(client.post("/security/tokens/", body), 201)["token"]
    return made


@pytest.mark.rfc("7628")
def test_a_token_opens_imap_and_smtp(cast: Cast, alice: Client, doors: Doors) -> None:
    add_totp(alice)
    access = alice.headers["Authorization"].removeprefix("Bearer ")
    both = personal(alice, "mail:read", "mail:write", "mail:send")
    email = cast.alice.email
    for token in (access, both):
        for said in (
            f"OAUTHBEARER {oauthbearer(token)}",
            f"OAUTHBEARER {oauthbearer(token, email)}",
            f"XOAUTH2 {xoauth2(token, email)}",
        ):
            client = doors.imap()
            client.ok(f"AUTHENTICATE {said}".encode())
            client.ok(b"SELECT INBOX")
            smtp = doors.smtp()
            assert smtp.docmd("AUTH", said)[0] == 235, said
            assert smtp.mail(email)[0] == 250
    client = doors.imap()
    client.send(b"a AUTHENTICATE OAUTHBEARER\r\n")
    assert client.line() == b"+ "
    client.send(oauthbearer(both).encode() + b"\r\n")
    assert client.line().startswith(b"a OK ")


@pytest.mark.rfc("7628")
@pytest.mark.parametrize("mechanism", ["OAUTHBEARER", "XOAUTH2"])
def test_a_refusal_is_a_challenge_first(cast: Cast, alice: Client, doors: Doors, mechanism: str) -> None:
    say = oauthbearer if mechanism == "OAUTHBEARER" else xoauth2
    reader = personal(alice, "mail:read")
    lacks = {"status": "insufficient_scope", "schemes": "bearer"}
    for token, user, imap_says, smtp_says in (
        ("php_" + "x" * 40, cast.alice.email, {"status": "invalid_token", "schemes": "bearer"}, None),
        (
            alice.headers["Authorization"][7:],
            cast.bob.email,
            {"status": "invalid_token", "schemes": "bearer"},
            None,
        ),
        (reader, cast.alice.email, {**lacks, "scope": "mail:write"}, {**lacks, "scope": "mail:send"}),
    ):
        client = doors.imap()
        client.send(f"a AUTHENTICATE {mechanism} {say(token, user)}\r\n".encode())
        assert json.loads(base64.b64decode(client.line()[2:])) == imap_says
        client.send(b"AQ==\r\n")
        assert client.line().startswith(b"a NO [AUTHENTICATIONFAILED] ")
        smtp = doors.smtp()
        code, challenge = smtp.docmd("AUTH", f"{mechanism} {say(token, user)}")
        assert (code, json.loads(base64.b64decode(challenge))) == (334, smtp_says or imap_says)
        assert smtp.docmd("AQ==")[0] == 535
        assert smtp.mail(cast.alice.email)[0] == 530


@pytest.mark.parametrize(
    "said",
    ["OAUTHBEARER !", "OAUTHBEARER bixhPXgsAQE=", "XOAUTH2 AAAA", "OAUTHBEARER =", "XOAUTH2 dXNlcj14AQE="],
)
def test_nonsense_is_no_bearer(doors: Doors, said: str) -> None:
    assert doors.imap().run(f"AUTHENTICATE {said}".encode()).tagged.startswith(b"BAD ")
    assert doors.smtp().docmd("AUTH", said)[0] == 501


def test_taking_away_what_a_bearer_came_in_with_ends_it(
    house: RunningHouse, cast: Cast, alice: Client, doors: Doors
) -> None:
    by_token, by_session = doors.imap(), doors.imap()
    other = log_in(house, cast.alice)
    by_token.ok(
        f"AUTHENTICATE OAUTHBEARER {oauthbearer(personal(alice, 'mail:read', 'mail:write'))}".encode()
    )
    by_session.ok(f"AUTHENTICATE OAUTHBEARER {oauthbearer(other.headers['Authorization'][7:])}".encode())
    page = alice.get("/security/").json
    alice.ok(alice.delete(f"/security/tokens/{page['tokens'][0]['id']}/"), 204)
    ends_within_a_second(by_token)
    session = next(row for row in page["sessions"] if not row["is_current"])
    alice.ok(alice.delete(f"/security/sessions/{session['id']}/"), 204)
    ends_within_a_second(by_session)


@pytest.fixture
def standing_clock() -> Iterator[None]:
    """A hundred tries take no time, however slow the machine is: none is given back meanwhile."""
    from posthouse.base import clock

    moment = time.monotonic()
    clock.set_steady_source(lambda: moment)
    yield
    clock.set_steady_source(None)


@pytest.mark.usefixtures("standing_clock")
def test_guessing_tokens_is_slowed_down(cast: Cast, doors: Doors) -> None:
    """Each token for itself, and the network as a whole."""
    from posthouse.base.errors import Denied, Limited
    from posthouse.identity import limits
    from posthouse.identity.mail_clients import admit_bearer

    def tried(token: str) -> type[Exception]:
        with pytest.raises((Denied, Limited)) as refused:
            admit_bearer(token, user="", protocol="imap", ip="198.51.100.9")
        return refused.type

    same = [tried("php_old") for _ in range(limits.PAIR_BURST + 1)]
    assert (same[-2], same[-1]) == (Denied, Limited)
    other = [tried(f"php_{number}") for number in range(limits.NETWORK_BURST - limits.PAIR_BURST + 1)]
    assert (other[0], other[-2], other[-1]) == (Denied, Denied, Limited)
