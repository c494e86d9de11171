"""What operators do: each act changes what it says, through the room's own action, and stands in the log with them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests import make
from tests.admin.operator import Visitor, operator, stale
from tests.admin.test_pages import _at, _queue
from tests.cast import PASSWORD

if TYPE_CHECKING:
    from tests.cast import Cast, Person
    from tests.house import RunningHouse

PEOPLE, RECIPIENTS = "/admin/identity/user/", "/admin/delivery/recipient/"


def last_line(organisation_id: int, act: str) -> dict[str, Any]:
    """The newest line of an act in a chain."""
    from posthouse.base import sql

    row = sql.row(
        "SELECT actor_email, via, ip, object_id, subject_id, act FROM audit_entry"
        " WHERE organisation_id = %s AND act = %s ORDER BY sequence DESC LIMIT 1",
        [organisation_id, act],
    )
    assert row is not None, act
    return dict(zip(("actor", "via", "ip", "object", "subject", "act"), row, strict=True))


def stands(person: Person, operator_: Person, act: str, object_id: object = None) -> None:
    """In the log of the person's organisation, with the operator's name and place."""
    line = last_line(person.actor.organisation_id, act)
    assert (line["actor"], line["via"], line["ip"]) == (operator_.email, "admin", "127.0.0.1")
    if object_id is not None:
        assert line["object"] == str(object_id)


def value(statement: str, *given: object) -> Any:
    from posthouse.base import sql

    row = sql.row(statement, list(given))
    return None if row is None else row[0]


@pytest.fixture
def mallory(house: RunningHouse, cast: Cast) -> Visitor:
    """An operator at home in another organisation than alice's and bob's."""
    return operator(house, cast.mallory)


def test_somebody_is_switched_off_and_on(mallory: Visitor, cast: Cast, house: RunningHouse) -> None:
    from tests.admin.operator import visit

    bob, actor = cast.bob.actor.user_id, cast.bob.actor
    at_desk = visit(house, cast.bob)
    assert "Switch off: done" in mallory.act(PEOPLE, "switch_off", bob).text
    assert not value("SELECT is_active FROM identity_user WHERE id = %s", bob)
    line = last_line(actor.organisation_id, "user.changed")
    assert (line["actor"], line["object"], line["via"]) == (cast.mallory.email, str(bob), "admin")
    assert at_desk.ask("GET", "/admin/").status == 302, "their sessions ended"
    assert "Switch on: done" in mallory.act(PEOPLE, "switch_on", bob).text
    assert value("SELECT is_active FROM identity_user WHERE id = %s", bob)


def test_what_one_refuses_keeps_no_other(mallory: Visitor, cast: Cast) -> None:
    """The last owner stays, whoever asks."""
    alice, bob = cast.alice.actor.user_id, cast.bob.actor.user_id
    text = mallory.act(PEOPLE, "switch_off", alice, bob).text
    assert "An organisation needs an owner" in text and "Switch off: done." in text
    assert value("SELECT is_active FROM identity_user WHERE id = %s", alice)
    assert not value("SELECT is_active FROM identity_user WHERE id = %s", bob)


def test_nobody_switches_themselves_off(mallory: Visitor, cast: Cast) -> None:
    me = cast.mallory.actor.user_id
    assert "You cannot do this to yourself" in mallory.act(PEOPLE, "switch_off", me).text


def test_a_person_is_made_changed_deleted_and_restored(mallory: Visitor, cast: Cast) -> None:
    email = f"nina@{cast.domain}"
    given = {"email": email, "name": "Nina", "password": PASSWORD, "role": "member"}
    weak = mallory.send(f"{PEOPLE}add/", **{**given, "password": "password1"})
    assert "guessed first" in weak.text and email in weak.text, "what was typed stands there still"
    nowhere = mallory.send(f"{PEOPLE}add/", **{**given, "email": "nina@nowhere.test"})
    assert "This domain is not here" in nowhere.text
    made = mallory.send(f"{PEOPLE}add/", **given)
    assert "The person is made" in made.text
    nina = value("SELECT id FROM identity_user WHERE email = %s", email)
    stands(cast.alice, cast.mallory, "user.added", nina)
    assert (
        value(
            "SELECT count(*) FROM mail_mailbox m JOIN mail_account a ON a.id = m.account_id WHERE a.owner_id = %s",
            nina,
        )
        > 4
    )
    page = f"{PEOPLE}{nina}/change/"
    assert "Saved" in mallory.send(page, name="Nina Two", role="admin", is_active="on").text
    assert value("SELECT role FROM identity_user WHERE id = %s", nina) == "admin"
    stands(cast.alice, cast.mallory, "user.changed", nina)
    mallory.send(f"{PEOPLE}{nina}/delete/", post="yes")
    assert value("SELECT deleted_at FROM identity_user WHERE id = %s", nina) is not None
    stands(cast.alice, cast.mallory, "user.deleted", nina)
    refused = mallory.send(page, name="Nina", role="admin", is_active="on")
    assert "was deleted; restore them first" in refused.text
    mallory.act(PEOPLE, "restore", nina)
    assert value("SELECT deleted_at FROM identity_user WHERE id = %s", nina) is None


def test_dangerous_acts_ask_for_a_fresh_proof(mallory: Visitor, cast: Cast) -> None:
    bob = cast.bob.actor.user_id
    stale(cast.mallory)
    for act in ("make_operator", "remove_factors"):
        text = mallory.act(PEOPLE, act, bob).text
        assert "/operator?prove=1&amp;next=%2Fadmin%2Fidentity%2Fuser%2F" in text, act
    assert not value("SELECT is_operator FROM identity_user WHERE id = %s", bob)
    given = {"email": f"x@{cast.domain}", "name": "X", "password": PASSWORD, "role": "owner"}
    assert "Show once more that it is you" in mallory.send(f"{PEOPLE}add/", **given).text
    mallory.send(f"{PEOPLE}{bob}/delete/", post="yes")
    assert value("SELECT deleted_at FROM identity_user WHERE id = %s", bob) is None


def test_an_operator_makes_another(mallory: Visitor, cast: Cast, house: RunningHouse) -> None:
    bob = cast.bob.actor.user_id
    assert "done" in mallory.act(PEOPLE, "make_operator", bob).text
    stands(cast.bob, cast.mallory, "operator.made", bob)
    assert cast.bob.actor.is_operator
    mallory.act(PEOPLE, "unmake_operator", bob)
    stands(cast.bob, cast.mallory, "operator.unmade", bob)
    assert not cast.bob.actor.is_operator


def test_sessions_tokens_and_app_passwords_end(mallory: Visitor, cast: Cast) -> None:
    from posthouse.identity import access_tokens, app_passwords, sessions

    bob = cast.bob.actor
    pairs = [sessions.open_session(bob, client="T", ip="192.0.2.1") for _ in range(3)]
    desk = _at(bob, pairs[0].session_id)
    token = access_tokens.make(desk, name="T", scopes=["mail:read"], days=3)
    app = app_passwords.make(desk, name="A", scopes=["imap"])
    mallory.act("/admin/identity/accesstoken/", "revoke", token.id)
    stands(cast.bob, cast.mallory, "token.revoked", token.id)
    assert value("SELECT count(*) FROM identity_accesstoken WHERE id = %s", token.id) == 0
    mallory.act("/admin/identity/apppassword/", "revoke", app.id)
    stands(cast.bob, cast.mallory, "app_password.revoked", app.id)
    assert app_passwords.find(app.password) is None
    mallory.act("/admin/identity/session/", "end", pairs[0].session_id)
    stands(cast.bob, cast.mallory, "session.revoked", pairs[0].session_id)
    assert "over already" in mallory.act("/admin/identity/session/", "end", pairs[0].session_id).text
    mallory.act(PEOPLE, "end_sessions", bob.user_id)
    alive = "SELECT count(*) FROM identity_session WHERE user_id = %s AND revoked_at IS NULL"
    assert value(alive, bob.user_id) == 0


def test_a_second_factor_that_was_lost_is_removed(mallory: Visitor, cast: Cast) -> None:
    from posthouse.base import db
    from posthouse.identity.models import RecoveryCode, Totp

    bob = cast.bob.actor.user_id

    @db.action
    def have() -> None:
        from posthouse.base import clock

        Totp.objects.create(user_id=bob, secret_sealed="x", confirmed_at=clock.now())
        RecoveryCode.objects.create(user_id=bob, code_hash=f"h{bob}")

    have()
    mallory.act(PEOPLE, "remove_factors", bob)
    assert not Totp.objects.filter(user_id=bob).exists()
    assert not RecoveryCode.objects.filter(user_id=bob).exists()
    stands(cast.bob, cast.mallory, "factors.removed", bob)


def test_an_organisation_is_made_with_its_domain_and_first_owner(mallory: Visitor, cast: Cast) -> None:
    name = f"House of {cast.domain}"
    made = mallory.send("/admin/identity/organisation/add/", name=name, domain=f"new.{cast.domain}")
    assert "The organisation is made" in made.text
    again = mallory.send("/admin/identity/organisation/add/", name=name, domain=f"other.{cast.domain}")
    assert "of this name already" in again.text
    made_id = value("SELECT id FROM identity_organisation WHERE name = %s", name)
    line = last_line(made_id, "organisation.created")
    assert (line["actor"], line["via"]) == (cast.mallory.email, "admin")
    owner = {"email": f"owner@new.{cast.domain}", "name": "O", "password": PASSWORD, "role": "owner"}
    mallory.send(f"{PEOPLE}add/", **owner)
    found = value("SELECT organisation_id FROM identity_user WHERE email = %s", owner["email"])
    assert found == made_id
    page = f"/admin/identity/organisation/{made_id}/change/"
    mallory.send(page, name=f"{name}!", sign_up="closed", min_password="12", requires_mfa="on")
    assert value("SELECT min_password FROM identity_organisation WHERE id = %s", made_id) == 12
    assert last_line(made_id, "organisation.changed")["actor"] == cast.mallory.email


def test_domains_and_addresses(mallory: Visitor, cast: Cast) -> None:
    organisation = value("SELECT organisation_id FROM identity_domain WHERE name = %s", cast.domain)
    name = f"second.{cast.domain}"
    mallory.send("/admin/identity/domain/add/", organisation=str(organisation), name=name)
    made = value("SELECT id FROM identity_domain WHERE name = %s", name)
    stands(cast.alice, cast.mallory, "domain.added", made)
    taken = mallory.send("/admin/identity/domain/add/", organisation=str(organisation), name=name)
    assert "is here already" in taken.text
    mallory.send("/admin/identity/address/add/", email=f"sales@{name}", person=cast.bob.email)
    address = value("SELECT id FROM identity_address WHERE email = %s", f"sales@{name}")
    stands(cast.bob, cast.mallory, "address.added", address)
    mallory.send(f"/admin/identity/domain/{made}/change/", catch_all=cast.bob.email)
    assert value("SELECT catch_all_id FROM identity_domain WHERE id = %s", made) is not None
    used = mallory.send(f"/admin/identity/domain/{made}/delete/", post="yes")
    assert "remove them first" in used.text
    mallory.send(f"/admin/identity/address/{address}/delete/", post="yes")
    stands(cast.bob, cast.mallory, "address.removed", address)
    mallory.send(f"/admin/identity/domain/{made}/delete/", post="yes")
    assert value("SELECT count(*) FROM identity_domain WHERE id = %s", made) == 0
    stands(cast.alice, cast.mallory, "domain.removed", made)


def test_groups_roles_and_invitations_go(mallory: Visitor, cast: Cast) -> None:
    from posthouse.identity import entrances, groups, roles

    alice = cast.alice.actor
    group = groups.create_group(alice, name="Crew")
    role = roles.create_role(alice, name="Clerk", permissions=["users.read"])
    invited = entrances.invite(alice, email="new@outside.test", role="member")
    mallory.send(f"/admin/identity/group/{group.id}/delete/", post="yes")
    stands(cast.alice, cast.mallory, "group.deleted", group.id)
    mallory.send(f"/admin/identity/role/{role.id}/delete/", post="yes")
    stands(cast.alice, cast.mallory, "role.deleted", role.id)
    mallory.act("/admin/identity/invitation/", "revoke", invited.id)
    stands(cast.alice, cast.mallory, "invitation.revoked", invited.id)


def test_a_quota_is_set_and_holds(mallory: Visitor, cast: Cast) -> None:
    from posthouse.base.errors import Limited

    page = f"/admin/mail/account/{cast.bob.account_id}/change/"
    mallory.send(page, quota_mib="0")
    stands(cast.bob, cast.mallory, "account.changed", cast.bob.account_id)
    with pytest.raises(Limited):
        make.email(cast.bob)
    assert "greater than or equal to 0" in mallory.send(page, quota_mib="-1").text
    mallory.send(page, quota_mib="")
    make.email(cast.bob)


def test_mail_on_its_way_is_hurried_and_given_up(mallory: Visitor, cast: Cast) -> None:
    from posthouse.base import db, sql

    _queue(cast)
    found = (
        "SELECT r.id FROM delivery_recipient r JOIN delivery_submission s ON s.id = r.submission_id"
        " WHERE s.mail_from = %s"
    )
    recipient = value(found, cast.alice.email)

    @db.action
    def later() -> None:
        sql.run(
            "UPDATE delivery_recipient SET state = 'retrying', due_at = 9000000000000, attempts = 1, lease = 0"
            " WHERE id = %s",
            [recipient],
        )

    _settled(recipient)
    later()
    assert "Try now: done" in mallory.act(RECIPIENTS, "hurry", recipient).text
    stands(cast.alice, cast.mallory, "message.hurried", recipient)
    _settled(recipient)
    assert value("SELECT count(*) FROM delivery_attempt WHERE recipient_id = %s", recipient) >= 1
    later()
    assert "done" in mallory.act(RECIPIENTS, "give_up", recipient).text
    stands(cast.alice, cast.mallory, "message.given_up", recipient)
    assert value("SELECT state FROM delivery_recipient WHERE id = %s", recipient) == "failed"
    told = value(
        "SELECT count(*) FROM mail_email WHERE account_id = %s AND preview LIKE %s",
        cast.alice.account_id,
        "%far@nowhere.invalid%",
    )
    assert told >= 1, "the sender is told by mail"
    assert "done with" in mallory.act(RECIPIENTS, "hurry", recipient).text


def _settled(recipient: int) -> None:
    """Nobody is at it just now."""
    for _ in range(200):
        if value("SELECT state FROM delivery_recipient WHERE id = %s", recipient) not in (
            "queued",
            "sending",
        ):
            return
        time.sleep(0.05)
    raise AssertionError("still being tried")


def test_a_job_runs_again_now(mallory: Visitor, cast: Cast) -> None:
    from posthouse.base import clock, db, jobs

    tomorrow = clock.now_ms() + 86_400_000
    db.action(jobs.enqueue)("test.late", due_at_ms=tomorrow)
    job = value("SELECT id FROM base_job WHERE kind = 'test.late' ORDER BY id DESC LIMIT 1")
    assert "Run now: done" in mallory.act("/admin/base/job/", "hurry", job).text
    assert value("SELECT due_at FROM base_job WHERE id = %s", job) <= clock.now_ms()
    assert last_line(0, "job.hurried")["actor"] == cast.mallory.email
    _forget(job)


def _forget(job: int) -> None:
    from posthouse.base import db, sql

    db.action(sql.run)("DELETE FROM base_job WHERE id = %s", [job])


def test_a_webhook_is_switched_off_and_on(mallory: Visitor, cast: Cast) -> None:
    from posthouse.hooks import actions as hooks

    made = hooks.create_endpoint(cast.alice.actor, url="https://127.0.0.1:4444/x", events=["email.received"])
    page = "/admin/hooks/endpoint/"
    mallory.act(page, "switch_off", made.endpoint.id)
    assert value("SELECT state FROM hooks_endpoint WHERE id = %s", made.endpoint.id) == "disabled"
    stands(cast.alice, cast.mallory, "webhook.changed", made.endpoint.id)
    mallory.act(page, "switch_on", made.endpoint.id)
    assert value("SELECT state FROM hooks_endpoint WHERE id = %s", made.endpoint.id) == "enabled"


def test_what_has_no_act_cannot_be_written(mallory: Visitor, cast: Cast) -> None:
    """Pages that are only read refuse what is handed in all the same."""
    email = make.email(cast.alice)
    token = mallory.see(PEOPLE).token
    for path in (
        f"/admin/mail/email/{email}/change/",
        f"/admin/mail/email/{email}/delete/",
        "/admin/mail/email/add/",
        "/admin/audit/line/add/",
        f"/admin/delivery/submission/{email}/delete/",
    ):
        given = {"csrfmiddlewaretoken": token, "post": "yes", "subject": "X"}
        assert mallory.ask("POST", path, given).status in (302, 403, 404), path
    assert value("SELECT count(*) FROM mail_email WHERE id = %s", email) == 1
    select = {
        "csrfmiddlewaretoken": token,
        "action": "delete_selected",
        "_selected_action": str(email),
        "index": "0",
    }
    mallory.ask("POST", "/admin/mail/email/", {**select, "post": "yes"})
    assert value("SELECT count(*) FROM mail_email WHERE id = %s", email) == 1


def test_an_act_leads_back_to_the_row_and_nowhere_else(mallory: Visitor, cast: Cast) -> None:
    bob = cast.bob.actor.user_id
    page = f"{PEOPLE}{bob}/change/"
    for back, place in (
        (page, page),
        ("//evil.example/", PEOPLE),
        ("/admin/\\evil", PEOPLE),
        ("https://x/", PEOPLE),
    ):
        given = {
            "csrfmiddlewaretoken": mallory.see(page).token,
            "action": "end_sessions",
            "index": "0",
            "_selected_action": str(bob),
            "back": back,
        }
        assert mallory.ask("POST", PEOPLE, given).place == place


def test_the_command_line_makes_and_unmakes_operators(cast: Cast) -> None:
    from posthouse.ops.verbs import VERBS

    assert list(VERBS["operator"](cast.bob.email, is_operator=True))[-1]["result"].endswith(
        "keeps this server."
    )
    assert cast.bob.actor.is_operator
    assert last_line(cast.bob.actor.organisation_id, "operator.made")["via"] == "cli"
    list(VERBS["operator"](cast.bob.email, is_operator=False))
    assert not cast.bob.actor.is_operator
