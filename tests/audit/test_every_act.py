"""Every act leaves its line: what writes has one or says why not, and a walk through the doors sees them all."""

from __future__ import annotations

import importlib
import pkgutil
import smtplib
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import make
from tests.api.belongings import preview_of
from tests.api.client import Client, log_in
from tests.api.test_entrances import Letters
from tests.api.test_organisation import dns
from tests.authenticator import Authenticator
from tests.base.fake_dns import FakeDns
from tests.bridge.people import held_mail
from tests.cast import Cast, user_id
from tests.delivery import test_read_receipts as read_receipts
from tests.delivery.outside import outside
from tests.hooks_sink import open_sink
from tests.house import RunningHouse
from tests.identity import factors, test_oauth
from tests.identity.factors import Move, moving_clock
from tests.identity.test_external_login import enter
from tests.identity.test_mail_clients import until
from tests.peers.openid import running_openid
from tests.push_service import Browser

__all__ = ["dns"]

NEW = "slow train, purple ink"
AGENT = {"User-Agent": "walker/1"}

# --- no action is forgotten ---------------------------------------------------------------------

THE_LOG_ITSELF = "audit."
MACHINERY = (
    "base.", "search.", "delivery.queueing.queue.", "delivery.runner.", "hooks.jobs.", "hooks.outbox.",
    "hooks.reading.", "delivery.rules.jobs.", "filters.runs.", "delivery.automatic.jobs.", "delivery.junk.lessons.",
    "filters.spam.learning.", "bridge.sending.", "bridge.receiving.", "bridge.jobs.",
)  # fmt: skip
"""Leases, jobs, indexes, what becomes of a telling: nobody's act, or the end of one that has its line."""

WITHOUT_A_LINE = {
    # By design (docs/operate/watching.md): what one does with one's mail all day.
    "mail.actions.move_emails": "filing",
    "mail.actions.label_emails": "filing",
    "mail.actions.trash_emails": "filing; what is deleted for good has its line",
    "mail.actions.flag_emails": "flags",
    "mail.actions.update_email": "flags and filing",
    "mail.actions.discard_emails": "a draft",
    "mail.uid_verbs.store_flags": "flags",
    "mail.uid_verbs.copy": "filing",
    "mail.uid_verbs.move": "filing",
    "mail.drafts._save": "a draft",
    "mail.uploads._add": "a file on its way into a draft",
    "uploads.actions._begin": "a file on its way",
    "uploads.actions._add_piece": "a file on its way",
    "uploads.actions._store": "a file on its way",
    "uploads.actions.end": "a file on its way",
    "uploads.actions._expire": "a file on its way",
    "mail.bulk.for_each": "a bracket around verbs that have lines or are above",
    "imapd.store._store_marked": "filing, with flags",
    "mail.mailbox_notes.annotate": "what mail programs note of a mailbox, as flags are",
    "notifications.actions.mark": "read or unread, as of mail",
    "notifications.actions.mark_all_read": "the same",
    "notifications.actions.delete": "off one's own list",
    # What one says and does in conversations all day, and what is one's own there.
    "conversations.sending.send_rendered": "a message",
    "conversations.exports._finish": "the end of an export, which has its line when it is asked for",
    "conversations.exports._fail": "the same",
    "conversations.exports.forget": "an export of one's own goes before its time",
    "conversations.scheduling._send": "a message",
    "conversations.scheduling._fail": "a message that could not be sent, which its writer is shown",
    "conversations.scheduling.schedule": "a message that waits",
    "conversations.scheduling.cancel": "a message that waits",
    "conversations.scheduling.put_off": "a message that waits",
    "conversations.editing._edit": "a message, whose revisions are kept",
    "conversations.editing.react": "reactions",
    "bridge.outsiders.leave": "somebody outside goes, which the conversation is told",
    "conversations.editing.pin": "pins, which say by whom",
    "conversations.previews.keep_page": "what a page says of itself",
    "conversations.previews.forget_old_pages": "what a page says of itself",
    "conversations.previews.show": "what a page says of itself, below a message",
    "conversations.looking._look_again": "what a page says of itself",
    "conversations.editing.acknowledge": "acknowledgements, which say by whom",
    "conversations.threads.change": "a thread's title and whether it is done",
    "conversations.threads.follow": "one's own",
    "conversations.pointers.read": "reading",
    "conversations.pointers.unread": "reading",
    "conversations.delivered.note_delivered": "what a device has got",
    "conversations.personal.change_own": "one's own",
    "conversations.personal.rename_folder": "one's own",
    "conversations.personal.star": "one's own",
    "conversations.personal.hide": "one's own",
    "conversations.personal.save_draft": "a draft",
    "conversations.personal.remind": "one's own",
    "conversations.personal.forget_reminder": "one's own",
    "conversations.personal.ring": "one's own",
    "conversations.policies._hide_reading": "one's own",
    "conversations.policies.take_direct_from": "one's own",
    "conversations.blocks.block": "nobody else's business",
    "conversations.blocks.unblock": "nobody else's business",
    "conversations.files._add": "a file on its way into a message",
    "conversations.participants._forget_in": "before user.forgotten",
    "conversations.participants._forget_names": "before user.forgotten",
    "conversations.retention._expire_some": "before conversation.expired",
    "conversations.retention._remove_some": "after conversation.deleted",
    "conversations.retention._remove_rest": "after conversation.deleted",
    "bridge.notes.open_on": "a place for notes",
    "bridge.assignments.change": "whose a thread is, of which its notes have a line",
    "bridge.joining._forget": "after the thread's last mail, which has its line",
    "bridge.joining._forget_assignments": "after the thread's last mail, which has its line",
    "bridge.joining._forget_desks": "after account.deleted",
    # Nobody's act.
    "notifications.said._keep": "what was said is told",
    "notifications.arriving._note": "what came in is told, and how far the log was read",
    "notifications.endpoints.send_test": "a push to oneself",
    "notifications.endpoints.settle": "what a push service said",
    "notifications.vapid._keep": "the house's own key, at its first use",
    "notifications.letters._let_go": "a letter about what was missed",
    "notifications.letters._plan_next": "the same, of a day",
    "notifications.letters._give_up": "the same, of who has gone",
    "notifications.jobs._delete_decisions": "what has ended by itself",
    "notifications.jobs._delete_notifications": "what has ended by itself",
    "notifications.jobs._delete_devices": "what has ended by itself",
    "delivery.domains.sts._keep": "what another domain publishes",
    "delivery.reading.read_receipts.decline": "tells nobody",
    "delivery.domains.key_rotation._note": "since when the DNS has a key",
    "delivery.domains.key_rotation._write": "the letter beside domain.changed",
    "delivery.receiving.refusals._forget_up_to": "what strangers sent and nobody took, a month later",
    # Beside an act that has its line.
    "identity.devices.note": "beside a log-in",
    "identity.access_tokens._write_use": "when it was last used",
    "identity.app_passwords._write_use": "when it was last used",
    "identity.app_passwords._write_keys": "the same password's keys for SCRAM, at a log-in",
    "identity.oauth_tokens._write_use": "when it was last used",
    "identity.mfa_trust._note_use": "when it was last used",
    "identity.sessions._note_use": "when it was last used",
    "identity.presence._write": "when somebody was last seen",
    "mail.profile._add_identities": "a row for an address that was given with a line",
    "mail.mailboxes.open_account": "beside user.added and account.created",
    "identity.passwords._replace": "the same password under a better hash, at a log-in",
    "identity.oauth_keys._keep_first": "the house's own key, at its first use",
    # Nothing of anybody's has changed yet.
    "identity.mfa._keep_totp": "counts once a code comes back, which has its line",
    "identity.codes.begin": "asks for a letter; must not know whether there is anybody to get it",
    "identity.codes.send_again": "the same",
    "identity.codes._write": "the letter",
    "identity.codes._take_try": "a try at a code",
    "delivery.automatic.forwards.ask_again": "another letter with a code",
    "delivery.reading.leaving._begin": "before list.left",
    "delivery.reading.leaving._take_back": "the list was not told after all",
    # The operator's sweeps, by the clock.
    "ops.departures._let_go_of_sent": "before user.forgotten",
    "ops.departures._let_go_of_sender": "before user.forgotten",
    "delivery.reporting.seen.take": "what a report told, once it is queued",
    "delivery.reporting.seen.forget_before": "what nobody wants a report of any more",
    "ops.departures._delete_emails": "before user.forgotten",
    "ops.departures._delete": "before user.forgotten",
    "ops.sweeping._expire": "what has ended by itself",
    "ops.sweeping._prune_vanished": "what has ended by itself",
    "ops.sweeping._delete_submission_rows": "what has ended by itself",
    "ops.sweeping._delete_rows": "what has ended by itself",
}


def _actions() -> dict[str, types.FunctionType]:
    """Every db.action of the source, by its name without the package's."""
    import posthouse

    found = {}
    for module in pkgutil.walk_packages(posthouse.__path__, "posthouse."):
        if ".migrations" in module.name or module.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            inner = getattr(value, "__posthouse_action__", None)
            if inner is not None:
                found[f"{inner.__module__.removeprefix('posthouse.')}.{inner.__name__}"] = inner
    return found


def _called(function: types.FunctionType) -> Iterator[types.FunctionType]:
    """The functions of ours that a function names, also in the functions inside it."""
    codes = [function.__code__]
    while codes:
        code = codes.pop()
        codes += [const for const in code.co_consts if isinstance(const, types.CodeType)]
        scope = function.__globals__
        modules = [scope[name] for name in code.co_names if isinstance(scope.get(name), types.ModuleType)]
        for name in code.co_names:
            for value in (scope.get(name), *(vars(module).get(name) for module in modules)):
                value = getattr(value, "__posthouse_action__", value)
                if isinstance(value, types.FunctionType) and value.__module__.startswith("posthouse."):
                    yield value


def _reaches_the_log(function: types.FunctionType) -> bool:
    seen, waiting = set(), [function]
    while waiting:
        one = waiting.pop()
        if one.__module__ == "posthouse.audit.actions" and one.__name__ in ("record", "record_often"):
            return True
        if one not in seen:
            seen.add(one)
            waiting += _called(one)
    return False


@pytest.mark.usefixtures("house")
def test_every_action_can_leave_a_line_or_says_why_not() -> None:
    found = _actions()
    assert len(found) > 100 and "identity.access_tokens.revoke" in found
    silent = {
        name
        for name, action in found.items()
        if not name.startswith((THE_LOG_ITSELF, *MACHINERY)) and not _reaches_the_log(action)
    }
    assert silent == WITHOUT_A_LINE.keys() & silent, "these need a line, or a reason"
    assert WITHOUT_A_LINE.keys() - found.keys() == set(), "these are gone"
    assert WITHOUT_A_LINE.keys() - silent == set(), "these have a line by now"


# --- a walk -------------------------------------------------------------------------------------

AT_OTHER_PLACES = {
    "audit.pruned": "tests/audit/test_audit.py",
    "audit.sealed": "tests/audit/test_audit.py",
    "check.repaired": "tests/ops/test_checking.py",
    "mail.expired": "tests/mail/test_retention.py",
    "conversation.expired": "tests/conversations/test_moderation.py",
    "user.forgotten": "tests/api/test_people.py",
    "email.transferred": "tests/imapd/test_between_accounts.py",
    **dict.fromkeys(
        (
            "account.changed",
            "factors.removed",
            "job.hurried",
            "message.given_up",
            "message.hurried",
            "operator.made",
            "operator.unmade",
            "organisation.created",
        ),
        "tests/admin/test_acts.py",
    ),
    **dict.fromkeys(("message.held", "message.released"), "tests/delivery/test_waiting.py"),
    "recipient.released": "tests/delivery/test_suppressed.py",
    **dict.fromkeys(
        ("sending.stopped", "sending.released", "sending.discarded", "sending.limits_changed"),
        "tests/delivery/test_limits.py",
    ),
}


class Walk:
    """alice, her colleagues, and strangers, at every door of one house."""

    def __init__(self, house: RunningHouse, cast: Cast, move: Move, dns: FakeDns, letters: Letters) -> None:
        self.house, self.cast, self.move, self.dns, self.letters = house, cast, move, dns, letters
        self.alice, self.bob = self.enter(cast.alice), self.enter(cast.bob)
        self.anyone = Client(house.http, headers=dict(AGENT))

    def enter(self, person: Any) -> Client:
        client = log_in(self.house, person)
        client.headers |= AGENT
        return client


def mail(walk: Walk) -> None:
    alice, cast = walk.alice, walk.cast
    email_id = make.email(cast.alice)
    alice.ok(alice.post("/emails/destroy/", {"ids": [str(email_id)]}))
    box = alice.ok(alice.post("/mailboxes/", {"name": "Box"}), 201)["id"]
    alice.ok(alice.patch(f"/mailboxes/{box}/", {"name": "Chest"}))
    alice.ok(alice.delete(f"/mailboxes/{box}/"), 204)
    identity = alice.get("/me/").json["identities"][0]["id"]
    alice.ok(alice.patch(f"/identities/{identity}/", {"name": "Alice"}))
    letter = {"to": [{"email": cast.bob.email}], "text": "x", "hold_seconds": 60}
    sent = alice.ok(alice.post("/send/", letter), 202)
    alice.ok(alice.post(f"/submissions/{sent['submission_id']}/cancel/"))


def rules(walk: Walk) -> None:
    alice = walk.alice
    make.email(walk.cast.alice)
    condition = {"field": "from", "op": "contains", "value": "zoe"}
    rule = {"name": "x", "conditions": [condition], "actions": [{"do": "star"}]}
    made = alice.ok(alice.post("/rules/", rule), 201)["id"]
    alice.ok(alice.patch(f"/rules/{made}/", {"name": "y"}))
    run = alice.ok(alice.post(f"/rules/{made}/apply/"), 202)["id"]
    until(lambda: alice.get(f"/rules/runs/{run}/").json["state"] == "done")
    alice.ok(alice.post(f"/rules/runs/{run}/undo/"), 202)
    until(lambda: alice.get(f"/rules/runs/{run}/").json["state"] == "undone")
    alice.ok(alice.delete(f"/rules/{made}/"), 204)
    for whose in ("/junk/", "/junk/organisation/"):
        alice.ok(alice.patch(whose, {"threshold": 6}))
        listed = alice.ok(alice.post(f"{whose}senders/", {"value": "x.test", "list": "block"}), 201)
        alice.ok(alice.delete(f"/junk/senders/{listed['id']}/"), 204)
        alice.ok(alice.post(f"{whose}forget/", {} if whose == "/junk/" else None))


def automatic(walk: Walk) -> None:
    alice = walk.alice
    alice.ok(alice.patch("/vacation/", {"is_enabled": True, "text": "Away"}))
    alice.ok(alice.patch("/vacation/", {"is_enabled": False}))
    made = alice.ok(alice.post("/templates/", {"name": "x", "html": "x"}), 201)["id"]
    alice.ok(alice.patch(f"/templates/{made}/", {"name": "y"}))
    alice.ok(alice.delete(f"/templates/{made}/"), 204)
    made = alice.ok(alice.post("/signatures/", {"name": "x", "html": "x"}), 201)["id"]
    alice.ok(alice.patch(f"/signatures/{made}/", {"name": "y"}))
    alice.ok(alice.delete(f"/signatures/{made}/"), 204)
    listed = make.email(walk.cast.alice, headers="List-Unsubscribe: <mailto:leave@outside.test>\r\n")
    alice.ok(alice.post(f"/emails/{listed}/unsubscribe/"))
    walk.letters.next()
    wanted = make.email(walk.cast.alice, read_receipts.wanted_mail(walk.cast.alice, "r@outside.test"))
    alice.ok(alice.post(f"/emails/{wanted}/receipt/", {"answer": "send"}), 204)
    walk.letters.next()
    alice.ok(alice.post("/send/", {"to": [{"email": "r@outside.test"}], "text": "x", "list": "news"}), 202)
    link = walk.letters.next()["List-Unsubscribe"].partition("/api/v1")[2].strip(">")
    assert walk.anyone.post(link).status == 200
    left = alice.get("/lists/suppressions/").json["items"][0]["id"]
    alice.ok(alice.delete(f"/lists/suppressions/{left}/"), 204)
    made = alice.ok(alice.post("/lists/", {"name": "news", "title": "News"}), 201)["id"]
    alice.ok(alice.patch(f"/lists/{made}/", {"title": "Our news"}))
    alice.ok(alice.post(f"/lists/{made}/members/", {"people": "r@outside.test", "consent": "asked"}))
    member = alice.get(f"/lists/{made}/members/").json["items"][0]["id"]
    alice.ok(alice.delete(f"/lists/{made}/members/{member}/"), 204)
    alice.ok(alice.delete(f"/lists/{made}/"), 204)
    asked = alice.ok(alice.post("/forwards/", {"address": "away@outside.test"}), 201)
    path = f"/forwards/{asked['forward']['id']}/"
    alice.ok(alice.post(f"{path}confirm/", {"flow": asked["flow"], "code": walk.letters.code()}))
    alice.ok(alice.patch(path, {"keeps_copy": False}))
    alice.ok(alice.delete(path), 204)


def notifications(walk: Walk) -> None:
    alice = walk.alice
    device = alice.ok(alice.post("/notifications/devices/", Browser("https://127.0.0.1:49008/9").json), 201)[
        "id"
    ]
    alice.ok(alice.delete(f"/notifications/devices/{device}/"), 204)
    alice.ok(alice.patch("/notifications/settings/", {"new_mail": "inbox"}))
    alice.ok(alice.post("/notifications/", {"title": "Tea", "to": "everybody"}), 201)


def mail_programs(walk: Walk) -> None:
    from tests.imapd.client import Client as Imap

    make.email(walk.cast.alice)
    imap = Imap(walk.house.ports["imap"])
    assert not imap.run(f"LOGIN {walk.cast.alice.email} wrong".encode()).is_ok
    imap.log_in(walk.cast.alice.email, walk.cast.alice.password)
    for line in (
        b"SELECT INBOX",
        b"STORE 1:* +FLAGS (\\Deleted)",
        b"EXPUNGE",
        b"CREATE Box",
        b"RENAME Box Chest",
    ):
        imap.ok(line)
    imap.ok(b"DELETE Chest")
    with smtplib.SMTP("127.0.0.1", walk.house.ports["submission"], timeout=10) as smtp:
        smtp.login(walk.cast.alice.email, walk.cast.alice.password)
        smtp.sendmail(
            walk.cast.alice.email, [walk.cast.bob.email], make.message(sender=walk.cast.alice.email)
        )
    (client, *_) = until(lambda: walk.alice.get("/security/").json["mail_clients"])
    walk.alice.ok(walk.alice.delete(f"/security/mail-clients/{client['id']}/"), 204)
    imap.close()


def archive(walk: Walk, folder: Path) -> None:
    from posthouse.ops.verbs import VERBS

    box = folder / "old.mbox"
    box.write_bytes(b"From a Sat Nov 21 08:00:00 2026\n" + make.message().replace(b"\r\n", b"\n") + b"\n")
    arguments = {"kind": "mbox", "path": str(box), "to": walk.cast.alice.email, "mailbox": "Old"}
    assert list(VERBS["import_mail"](**arguments))[-1]["result"]["stored"] == 1


def getting_in(walk: Walk) -> None:
    alice, house = walk.alice, walk.house
    made = alice.ok(alice.post("/security/app-passwords/", {"name": "x", "scopes": ["imap"]}), 201)
    alice.ok(alice.delete(f"/security/app-passwords/{made['id']}/"), 204)
    token = {"name": "x", "scopes": ["mail:read"], "expires_in_days": 1}
    made = alice.ok(alice.post("/security/tokens/", token), 201)
    alice.ok(alice.delete(f"/security/tokens/{made['id']}/"), 204)
    alice.ok(alice.post("/auth/step-up/", {"password": walk.cast.alice.password}), 204)
    factors.add_passkey(alice, Authenticator())
    (passkey,) = alice.get("/security/").json["passkeys"]
    alice.ok(alice.patch(f"/security/passkeys/{passkey['id']}/name/", {"name": "y"}), 204)
    secret, _ = factors.add_totp(alice)
    walk.move(60)
    challenge = factors.half_in(house, walk.cast.alice)["challenge"]
    proof = {"challenge": challenge, "totp": factors.code(secret), "trust_browser": True}
    walk.anyone.ok(walk.anyone.post("/auth/mfa/", proof))
    asked = alice.ok(alice.post("/auth/step-up/options/"))["challenge"]
    assert alice.post("/auth/step-up/", {"challenge": asked, "totp": "000000"}).json["code"] == "wrong_proof"
    (browser,) = alice.get("/security/").json["trusted_browsers"]
    alice.ok(alice.delete(f"/security/trusted-browsers/{browser['id']}/"), 204)
    alice.ok(alice.delete(f"/security/passkeys/{passkey['id']}/"), 204)
    alice.ok(alice.delete("/security/totp/"), 204)
    change = {"current_password": walk.cast.alice.password, "new_password": NEW}
    alice.ok(alice.post("/auth/password/change/", change), 204)
    back = {"current_password": NEW, "new_password": walk.cast.alice.password}
    alice.ok(alice.post("/auth/password/change/", back), 204)
    cookie = walk.anyone.post(
        "/auth/session/", factors.credentials(walk.cast.alice), X_Posthouse_Client="web"
    )
    headers = {"X-Posthouse-Client": "web", "Cookie": cookie.cookie("posthouse_session")}
    assert walk.anyone.send("DELETE", "/auth/session/", None, headers).status == 204


def programs(walk: Walk) -> None:
    app = test_oauth.client(walk.alice)
    got = test_oauth.tokens(walk.house, walk.bob, app)
    assert test_oauth.refresh(walk.house, app, got["refresh_token"]).status == 200
    assert test_oauth.refresh(walk.house, app, got["refresh_token"]).status == 400, "the second time ends it"
    (grant,) = walk.bob.get("/security/").json["applications"]
    walk.bob.ok(walk.bob.delete(f"/security/applications/{grant['id']}/"), 204)
    walk.alice.ok(walk.alice.delete(f"/oauth/clients/{app['id']}/"), 204)
    with running_openid() as provider:
        body = {"name": "x", "issuer": provider.issuer, "client_id": "posthouse", "client_secret": "s e:cret"}
        named = walk.alice.ok(walk.alice.post("/identity-providers/", body), 201)["id"]
        claims = {"sub": "s1", "email": walk.cast.bob.email, "email_verified": True}
        assert enter(walk.house, named, provider, **claims).status == 200
        walk.alice.ok(walk.alice.delete(f"/identity-providers/{named}/"), 204)


def webhooks(walk: Walk) -> None:
    alice = walk.alice
    with open_sink() as sink:
        made = alice.ok(alice.post("/webhooks/", {"url": sink.url, "events": ["email.deleted"]}), 201)["id"]
        tested = alice.ok(alice.post(f"/webhooks/{made}/test/"), 202)["id"]
        path = f"/webhooks/{made}/deliveries/{tested}/"
        until(lambda: alice.get(path).json["state"] == "delivered")
        alice.ok(alice.post(f"{path}replay/"), 202)
        alice.ok(alice.post(f"/webhooks/{made}/rotate/", {}))
        alice.ok(alice.patch(f"/webhooks/{made}/", {"description": "x"}))
        alice.ok(alice.delete(f"/webhooks/{made}/"), 204)


def people(walk: Walk) -> None:
    alice, cast = walk.alice, walk.cast
    bob = user_id(cast.bob)
    alice.ok(alice.patch("/users/me/", {"title": "Postmistress"}))
    role = alice.ok(alice.post("/roles/", {"name": "Desk", "permissions": ["mail.read"]}), 201)["id"]
    alice.ok(alice.patch(f"/roles/{role}/", {"name": "Counter"}))
    alice.ok(alice.patch(f"/users/{bob}/", {"name": "Bob"}))
    alice.ok(alice.delete(f"/roles/{role}/"), 204)
    new = {"email": f"dora@{cast.domain}", "name": "Dora", "password": cast.bob.password}
    dora = alice.ok(alice.post("/users/", new), 201)["id"]
    alice.ok(alice.delete(f"/users/{dora}/"), 204)
    alice.ok(alice.post(f"/users/{dora}/restore/"))
    more = alice.ok(alice.post(f"/users/{dora}/addresses/", {"email": f"d@{cast.domain}"}), 201)["id"]
    first = alice.get(f"/users/{dora}/addresses/").json["items"][0]["id"]
    alice.ok(alice.post(f"/users/{dora}/addresses/{more}/primary/"))
    alice.ok(alice.delete(f"/users/{dora}/addresses/{first}/"), 204)
    group = alice.ok(alice.post("/groups/", {"name": "Grooms"}), 201)["id"]
    alice.ok(alice.patch(f"/groups/{group}/", {"about": "x"}))
    alice.ok(alice.send("PUT", f"/groups/{group}/members/{bob}/", {}), 204)
    alice.ok(alice.delete(f"/groups/{group}/members/{bob}/"), 204)
    alice.ok(alice.delete(f"/groups/{group}/"), 204)
    shared = alice.ok(alice.post("/accounts/", {"name": "Desk", "email": f"desk@{cast.domain}"}), 201)["id"]
    grants = f"/accounts/{shared}/grants/"
    granted = alice.ok(alice.post(grants, {"user_id": bob, "right": "read"}), 201)["id"]
    alice.ok(alice.delete(f"{grants}{granted}/"), 204)
    alice.ok(alice.delete(f"/accounts/{shared}/"), 204)
    invited = alice.ok(alice.post("/invitations/", {"email": "x@elsewhere.test"}), 201)["id"]
    alice.ok(alice.delete(f"/invitations/{invited}/"), 204)
    assert alice.get("/audit/export/").status == 200


def organisation(walk: Walk) -> None:
    alice, name = walk.alice, f"new.{walk.cast.domain}"
    alice.ok(alice.patch("/organisation/", {"sign_up": "open", "sign_up_role": "guest"}))
    for ends in (False, True):
        claim = alice.ok(alice.post("/domains/", {"name": name}), 201)
        if ends:
            proof = claim["records"][0]
            walk.dns.zone[proof["name"], "TXT"] = [f'"{proof["value"]}"']
            claim = alice.ok(alice.post(f"/domains/{claim['id']}/prove/"))
            alice.ok(alice.patch(f"/domains/{claim['id']}/", {"catch_all": walk.cast.alice.email}))
        alice.ok(alice.delete(f"/domains/{claim['id']}/"), 204)


def _outsiders(alice: Client, path: str) -> None:
    """Somebody is asked in by mail, and two mails that are not proved to be theirs are decided about."""
    zoe = alice.ok(alice.post(path, {"address": "zoe@outside.invalid", "name": "Zoe"}), 201)["id"]
    held_mail(zoe, "1@evil.test")
    held_mail(zoe, "2@evil.test")
    first, second = alice.ok(alice.get(f"{path}held/"))["items"]
    alice.ok(alice.post(f"{path}held/{first['id']}/release/"), 204)
    alice.ok(alice.delete(f"{path}held/{second['id']}/"), 204)
    alice.ok(alice.patch(f"{path}{zoe}/", {"mode": "daily"}))
    alice.ok(alice.delete(f"{path}{zoe}/"), 204)


def conversations(walk: Walk) -> None:
    alice, bob, cast = walk.alice, walk.bob, walk.cast
    bobs = user_id(cast.bob)
    body = {"kind": "channel", "name": "x", "visibility": "organisation"}
    room = alice.ok(alice.post("/conversations/", body), 201)["id"]
    path = f"/conversations/{room}/"
    alice.ok(alice.patch(path, {"topic": "y"}))
    bob.ok(bob.post(f"{path}join/"))
    bob.ok(bob.post(f"{path}leave/"), 204)
    alice.ok(alice.post(f"{path}participants/", {"user_ids": [bobs]}), 201)
    alice.ok(alice.patch(f"{path}participants/{bobs}/", {"role": "admin"}), 204)
    alice.ok(alice.delete(f"{path}participants/{bobs}/"), 204)
    _outsiders(alice, f"{path}outside/")
    message = alice.ok(alice.post(f"{path}messages/", {"text": "x"}), 201)["id"]
    bob.ok(bob.post(f"/messages/{message}/report/", {"reason": "spam"}), 204)
    (report,) = alice.ok(alice.get("/conversations/reports/"))["items"]
    alice.ok(alice.post(f"/conversations/reports/{report['id']}/context/"))
    alice.ok(alice.patch(f"/conversations/reports/{report['id']}/", {"state": "dismissed"}))
    bob.ok(bob.post(f"{path}join/"))
    said = bob.ok(bob.post(f"{path}messages/", {"text": "x"}), 201)["id"]
    alice.ok(alice.delete(f"/messages/{said}/previews/{preview_of(bob, said)}/"), 204)
    alice.ok(alice.delete(f"/messages/{message}/"), 204)
    alice.ok(alice.patch("/conversations/policy/", {"edit_seconds": 60}))
    alice.ok(alice.post(f"{path}export/"), 202)
    alice.ok(alice.post(f"{path}hold/"), 204)
    alice.ok(alice.send("DELETE", f"{path}hold/"), 204)
    alice.ok(alice.delete(path), 204)


def strangers(walk: Walk) -> None:
    anyone, cast, letters = walk.anyone, walk.cast, walk.letters
    new = {"email": f"carol@{cast.domain}", "name": "Carol", "password": NEW}
    flow = anyone.ok(anyone.post("/auth/signup/", {**new, "recovery_address": "carol@outside.test"}), 202)
    proof = {"flow": flow["flow"], "code": letters.code()}
    anyone.ok(anyone.post("/auth/signup/verify/", proof), 201)
    walk.alice.ok(walk.alice.post("/invitations/", {"email": "erin@outside.test"}), 201)
    coming = {"token": letters.token(), "email": f"erin@{cast.domain}", "name": "Erin", "password": NEW}
    anyone.ok(anyone.post("/invitations/accept/", coming), 201)
    path = "/users/me/recovery-address/"
    flow = walk.bob.ok(walk.bob.post(path, {"email": "bob@outside.test"}), 202)
    proof = {"flow": flow["flow"], "code": letters.code()}
    walk.bob.ok(walk.bob.post(f"{path}confirm/", proof))
    flow = anyone.ok(anyone.post("/auth/recovery/", {"email": cast.bob.email}), 202)
    proof = {"flow": flow["flow"], "code": letters.code(), "password": NEW}
    anyone.ok(anyone.post("/auth/recovery/confirm/", proof), 204)


@pytest.fixture
def walk(house: RunningHouse, cast: Cast, dns: FakeDns) -> Iterator[Walk]:
    from posthouse.base import limits

    limits.limiter.reset()
    with outside(house, "outside.test") as peer, moving_clock() as move:
        yield Walk(house, cast, move, dns, Letters(peer))


CHAPTERS: list[Callable[[Walk], None]] = [
    mail, rules, automatic, notifications, mail_programs, getting_in, programs, webhooks, people, organisation,
    conversations, strangers,
]  # fmt: skip


def test_a_walk_through_every_door_leaves_every_line(walk: Walk, tmp_path: Path) -> None:
    from posthouse.audit.acts import Act
    from posthouse.base import sql

    for chapter in CHAPTERS:
        chapter(walk)
    archive(walk, tmp_path)
    organisation_id = walk.cast.alice.actor.organisation_id
    lines = sql.rows(
        "SELECT act, via, ip, client, subject_id FROM audit_entry WHERE organisation_id = %s",
        [organisation_id],
    )
    assert sorted({str(act) for act in Act} - {line[0] for line in lines} - AT_OTHER_PLACES.keys()) == []
    by_door = [line for line in lines if line[1] not in ("cli", "job")]
    assert {line[1] for line in by_door} == {"http", "imap", "smtp"}
    assert [line for line in by_door if line[2] != "127.0.0.1"] == []
    by_walker = {line[0] for line in by_door if line[1] == "http" and line[3] == AGENT["User-Agent"]}
    assert {"user.added", "invitation.accepted", "password.recovered", "browser.trusted"} <= by_walker
    for act in ("user.added", "password.recovered", "invitation.accepted"):
        assert all(line[4] for line in lines if line[0] == act), act
