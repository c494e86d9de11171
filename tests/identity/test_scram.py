"""IMAP and submission by SCRAM-SHA-256 and -PLUS: what opens, what strangers learn, how channels are bound."""

from __future__ import annotations

import base64
import hashlib
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from posthouse.base.errors import Failure
from tests import make
from tests.api.client import Client
from tests.cast import PASSWORD, Cast, Person
from tests.house import RunningHouse
from tests.identity.factors import Move, add_totp
from tests.identity.scram_client import END_POINT, by_imap, by_smtp, client_for
from tests.identity.test_mail_clients import Doors, app_password, ends_within_a_second
from tests.imapd.client import Client as Imap

WRONG = b"NO [AUTHENTICATIONFAILED] The address or the password is wrong."
PLUS = "SCRAM-SHA-256-PLUS"


@pytest.fixture
def doors(house: RunningHouse) -> Iterator[Doors]:
    with ExitStack() as stack:
        yield Doors(house, stack)


def imap_says(doors: Doors, email: str, password: str) -> bytes:
    return by_imap(doors.imap(), client_for(email, password)).said


# --- which passwords open -----------------------------------------------------------------------


@pytest.mark.rfc("5802")
def test_an_app_password_opens_imap_and_submission(cast: Cast, alice: Client, doors: Doors) -> None:
    add_totp(alice)
    for _ in range(3):
        app_password(alice)
    made = app_password(alice)
    for at_once in (True, False):
        imap = doors.imap()
        outcome = by_imap(imap, client_for(cast.alice.email, made["password"]), at_once=at_once)
        assert outcome.said.startswith(b"OK [CAPABILITY ")
        imap.ok(b"SELECT INBOX")
    assert imap_says(doors, cast.alice.email, made["password"].replace("-", "")).startswith(b"OK ")
    smtp = doors.smtp()
    assert by_smtp(smtp, client_for(cast.alice.email, made["password"])).said.startswith(b"235 ")
    smtp.sendmail(cast.alice.email, [cast.bob.email], make.message(sender=cast.alice.email))
    clients = alice.get("/security/").json["mail_clients"]
    assert {row["credential_id"] for row in clients} == {made["id"]}
    assert alice.get("/security/").json["app_passwords"][0]["last_protocol"] == "smtp"


def test_ones_own_password_opens_once_it_was_said_in_clear(cast: Cast, doors: Doors) -> None:
    """The cast was made without keys for SCRAM, as all were before there were any."""
    assert imap_says(doors, cast.alice.email, PASSWORD) == WRONG
    doors.imap_in(cast.alice, PASSWORD)
    assert imap_says(doors, cast.alice.email, PASSWORD).startswith(b"OK ")
    assert by_smtp(doors.smtp(), client_for(cast.alice.email, PASSWORD)).said.startswith(b"235 ")
    assert imap_says(doors, cast.alice.email, "wrong") == WRONG
    assert by_smtp(doors.smtp(), client_for(cast.alice.email, "wrong")).said.startswith(b"535 5.7.8 ")


def test_a_chosen_password_opens_at_once(cast: Cast, alice: Client, doors: Doors) -> None:
    new, email = "slow train, purple ink", f"dora@{cast.domain}"
    body = {"current_password": PASSWORD, "new_password": new}
    alice.ok(alice.post("/auth/password/change/", body), 204)
    assert imap_says(doors, cast.alice.email, new).startswith(b"OK ")
    assert imap_says(doors, cast.alice.email, PASSWORD) == WRONG
    alice.ok(alice.post("/users/", {"email": email, "name": "Dora", "role": "member", "password": new}), 201)
    assert imap_says(doors, email, new).startswith(b"OK ")


def test_with_a_second_factor_ones_own_opens_nothing(cast: Cast, alice: Client, doors: Doors) -> None:
    doors.imap_in(cast.alice, PASSWORD)
    add_totp(alice)
    imap = doors.imap()
    outcome = by_imap(imap, client_for(cast.alice.email, PASSWORD))
    assert outcome.said.startswith(b"* NO [ALERT] Application-specific password required")
    assert imap.line().endswith(
        b" NO [AUTHENTICATIONFAILED] Application-specific password required: make one on the security page of"
        b" your settings."
    )
    smtp = by_smtp(doors.smtp(), client_for(cast.alice.email, PASSWORD))
    assert smtp.said.startswith(b"535 5.7.9 Application-specific password required")


def test_an_app_password_is_for_its_protocol_its_person_and_its_time(
    cast: Cast, alice: Client, doors: Doors, move: Move
) -> None:
    imap_only, smtp_only = app_password(alice, "imap"), app_password(alice, "smtp", expires_in_days=1)
    email = cast.alice.email
    assert imap_says(doors, email, imap_only["password"]).startswith(b"OK ")
    assert imap_says(doors, email, smtp_only["password"]) == WRONG
    assert imap_says(doors, cast.bob.email, imap_only["password"]) == WRONG
    assert by_smtp(doors.smtp(), client_for(email, imap_only["password"])).said.startswith(b"535 5.7.8")
    assert by_smtp(doors.smtp(), client_for(email, smtp_only["password"])).said.startswith(b"235 ")
    move(86_401)
    assert by_smtp(doors.smtp(), client_for(email, smtp_only["password"])).said.startswith(b"535 5.7.8")


def test_revoking_ends_who_came_in_by_a_proof(cast: Cast, alice: Client, doors: Doors) -> None:
    made = app_password(alice)
    imap = doors.imap()
    assert by_imap(imap, client_for(cast.alice.email, made["password"])).said.startswith(b"OK ")
    alice.ok(alice.delete(f"/security/app-passwords/{made['id']}/"), 204)
    ends_within_a_second(imap)
    assert imap_says(doors, cast.alice.email, made["password"]) == WRONG


def test_one_made_before_there_were_keys_learns_them_when_it_is_said(
    cast: Cast, alice: Client, doors: Doors
) -> None:
    from posthouse.base import db
    from posthouse.identity.models import AppPassword

    made = app_password(alice)
    db.run(lambda: AppPassword.objects.filter(id=made["id"]).update(scram=""), (), {})
    assert imap_says(doors, cast.alice.email, made["password"]) == WRONG
    doors.imap_in(cast.alice, made["password"])
    assert imap_says(doors, cast.alice.email, made["password"]).startswith(b"OK ")


def test_who_gets_another_address_keeps_their_passwords(cast: Cast, alice: Client, doors: Doors) -> None:
    doors.imap_in(cast.alice, PASSWORD)
    made, new = app_password(alice), f"alice.new@{cast.domain}"
    path = f"/users/{cast.alice.actor.user_id}/addresses/"
    address = alice.ok(alice.post(path, {"email": new}), 201)
    alice.ok(alice.post(f"{path}{address['id']}/primary/"))
    later = app_password(alice)
    for password in (made["password"], later["password"], PASSWORD):
        assert imap_says(doors, new, password).startswith(b"OK "), password
        assert imap_says(doors, cast.alice.email, password) == WRONG


# --- what strangers learn -----------------------------------------------------------------------


@pytest.mark.rfc("5802")
def test_nobody_looks_like_somebody(cast: Cast, alice: Client, doors: Doors) -> None:
    """The same form, the same each time, the same refusal; so are those with and without keys."""
    app_password(alice)
    seen = {}
    for email in (cast.alice.email, cast.bob.email, f"nobody@{cast.domain}", "not an address"):
        outcomes = [by_imap(doors.imap(), client_for(email, "wrong")) for _ in range(2)]
        first, second = (outcome.salt_and_iterations for outcome in outcomes)
        assert first == second, email
        assert re.fullmatch(rb"s=[A-Za-z0-9+/]{22}==,i=16384", first)
        assert by_smtp(doors.smtp(), client_for(email, "wrong")).salt_and_iterations == first
        seen[first] = {outcome.said for outcome in outcomes}
        assert seen[first] == {WRONG}
    assert len(seen) == 4


class Counted:
    """A proof that fits nothing and counts what it was tried against."""

    def __init__(self) -> None:
        self.tries = 0

    def fits(self, keys: object) -> bool:
        self.tries += 1
        return False


def test_a_proof_costs_the_same_hashing_for_everybody(cast: Cast, alice: Client) -> None:
    from posthouse.identity import scram_clients

    app_password(alice)
    tries = []
    for email in (cast.alice.email, cast.bob.email, f"nobody@{cast.domain}", "not an address"):
        proof = Counted()
        with pytest.raises(Failure):
            scram_clients.admit(email, proof, protocol="imap", ip="192.0.2.1")
        tries.append(proof.tries)
    assert max(tries) - min(tries) <= 2 and min(tries) >= 100, tries


def test_guessing_by_proofs_is_slowed_down_and_on_record(cast: Cast, alice: Client) -> None:
    from posthouse.base.errors import Denied, Limited
    from posthouse.identity import limits, scram_clients
    from posthouse.wire.scram import Proof

    refusals = []
    for _ in range(limits.PAIR_BURST + 2):
        with pytest.raises(Failure) as refused:
            scram_clients.admit(
                cast.alice.email, Proof(b"x", b"\0" * 32), protocol="imap", ip="192.0.2.7", client="Guesser"
            )
        refusals.append(type(refused.value))
    assert refusals == [Denied] * limits.PAIR_BURST + [Limited] * 2
    acts = alice.get("/audit/?act=login.failed").json["items"]
    assert any(row["client"] == "Guesser" and row["ip"] == "192.0.2.7" for row in acts), acts


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (b"", b"BAD "),
        (b"n,,n=alice", b"BAD "),
        (b"n,a=somebody@else.test,n=alice@x.test,r=abc", b"BAD "),
        (b"p=tls-server-end-point,,n=alice@x.test,r=abc", b"BAD "),
        (b"\xff", b"BAD "),
    ],
)
def test_nonsense_is_refused_and_the_connection_goes_on(
    cast: Cast, doors: Doors, message: bytes, says: bytes
) -> None:
    imap, smtp = doors.imap(), doors.smtp()
    said = base64.b64encode(message)
    imap.send(b"a AUTHENTICATE SCRAM-SHA-256\r\n")
    assert imap.line() == b"+ "
    imap.send(said + b"\r\n")
    assert imap.line().startswith(b"a " + says)
    imap.log_in(cast.alice.email, PASSWORD)
    assert smtp.docmd("AUTH", "SCRAM-SHA-256")[0] == 334
    assert smtp.docmd(said.decode())[0] in (501, 535)
    smtp.login(cast.alice.email, PASSWORD)


def test_a_client_may_give_up_at_every_step(cast: Cast, alice: Client, doors: Doors) -> None:
    made, imap = app_password(alice)["password"], doors.imap()
    for steps in range(3):
        client = client_for(cast.alice.email, made)
        tag = imap.start(b"AUTHENTICATE SCRAM-SHA-256")
        imap.line()
        if steps > 0:
            imap.send(base64.b64encode(client.get_client_first().encode()) + b"\r\n")
            client.set_server_first(base64.b64decode(imap.line()[2:]).decode())
        if steps > 1:
            imap.send(base64.b64encode(client.get_client_final().encode()) + b"\r\n")
            imap.line()
        imap.send(b"*\r\n")
        assert imap.finish(tag).tagged.startswith(b"BAD ")
        assert imap.run(b"SELECT INBOX").tagged.startswith(b"BAD ")
    assert by_imap(imap, client_for(cast.alice.email, made)).said.startswith(b"OK ")
    smtp, client = doors.smtp(), client_for(cast.alice.email, made)
    first = base64.b64encode(client.get_client_first().encode()).decode()
    client.set_server_first(base64.b64decode(smtp.docmd("AUTH", f"SCRAM-SHA-256 {first}")[1]).decode())
    assert smtp.docmd(base64.b64encode(client.get_client_final().encode()).decode())[0] == 334
    assert smtp.docmd("*")[0] == 421


def test_keys_are_sealed_and_never_shown(cast: Cast, alice: Client) -> None:
    from posthouse.identity.models import AppPassword, User

    made = app_password(alice)
    row = AppPassword.objects.get(id=made["id"])
    assert row.scram.startswith("s1.") and made["password"] not in row.scram
    assert User.objects.get(email=cast.alice.email).password.rpartition("$")[2].startswith("s1.")
    assert row.scram not in alice.get("/security/").body.decode()


# --- binding the channel ------------------------------------------------------------------------


def context(version: ssl.TLSVersion) -> ssl.SSLContext:
    made = ssl.create_default_context()
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.minimum_version = made.maximum_version = version
    return made


class Bound:
    """One connection over TLS to each door, with what a client may bind to."""

    def __init__(self, house: RunningHouse, version: ssl.TLSVersion, stack: ExitStack) -> None:
        self.imap = Imap(house.ports["imap"])
        stack.callback(self.imap.close)
        self.imap.ok(b"STARTTLS")
        tls = context(version).wrap_socket(self.imap._socket)
        self.imap._socket, self.imap._file = tls, tls.makefile("rb")
        certificate = tls.getpeercert(binary_form=True)
        assert certificate is not None
        self.end_point = hashlib.sha256(certificate).digest()
        self.unique = tls.get_channel_binding("tls-unique")
        self.offers = self.imap.ok(b"CAPABILITY").untagged[0]
        self.smtp = smtplib.SMTP("127.0.0.1", house.ports["submission"], timeout=10)
        stack.callback(self.smtp.close)
        self.smtp.starttls(context=context(version))
        self.smtp.ehlo()


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def bound(request: pytest.FixtureRequest, house: RunningHouse) -> Iterator[Bound]:
    with ExitStack() as stack:
        yield Bound(house, request.param, stack)


def knowing(person: Person, doors: Doors) -> Person:
    """Someone whose own password has keys."""
    doors.imap_in(person, PASSWORD)
    return person


@pytest.mark.rfc("5929")
def test_plus_binds_to_the_certificate(cast: Cast, doors: Doors, bound: Bound) -> None:
    email = knowing(cast.alice, doors).email
    client = client_for(email, PASSWORD, PLUS, (END_POINT, b"\0" * 32))
    assert by_imap(bound.imap, client).said.startswith(b"NO [AUTHENTICATIONFAILED] The channel is bound")
    client = client_for(email, PASSWORD, PLUS, (END_POINT, bound.end_point))
    assert by_imap(bound.imap, client).said.startswith(b"OK ")
    certificate = bound.smtp.sock.getpeercert(binary_form=True)
    client = client_for(email, PASSWORD, PLUS, (END_POINT, hashlib.sha256(certificate).digest()))
    assert by_smtp(bound.smtp, client).said.startswith(b"235 ")


@pytest.mark.rfc("5929")
def test_plus_is_offered_where_clients_can_bind_without_asking(
    cast: Cast, doors: Doors, bound: Bound
) -> None:
    """With TLS 1.3 they would take tls-exporter (RFC 9266), which Python's ssl does not give."""
    email = knowing(cast.alice, doors).email
    is_old = bound.imap._socket.version() == "TLSv1.2"
    client = client_for(email, PASSWORD, PLUS, ("tls-unique", bound.unique))
    assert (b" AUTH=SCRAM-SHA-256-PLUS " in bound.offers) is is_old
    assert (PLUS in bound.smtp.esmtp_features["auth"]) is is_old
    assert b" AUTH=SCRAM-SHA-256 " in bound.offers
    assert by_imap(bound.imap, client).said.startswith(b"OK " if is_old else b"NO [AUTHENTICATIONFAILED]")


@pytest.mark.rfc("5802")
def test_a_hidden_offer_of_plus_is_noticed(cast: Cast, doors: Doors, bound: Bound) -> None:
    """Whoever says `y` could bind and was not told of PLUS: true with TLS 1.3, a lie of the middle with 1.2."""
    knowing(cast.alice, doors)
    is_old = bound.imap._socket.version() == "TLSv1.2"
    first = base64.b64encode(f"y,,n={cast.alice.email},r=abc".encode())
    bound.imap.send(b"a AUTHENTICATE SCRAM-SHA-256 " + first + b"\r\n")
    assert bound.imap.line().startswith(b"a NO [AUTHENTICATIONFAILED]" if is_old else b"+ ")
