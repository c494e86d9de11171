"""Every page of every table, and what must never be seen on one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests import make
from tests.admin.operator import Visitor, operator

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

SUBJECT, TEXT, SENDER = "Zanzibar and the secret plum", "quincunx-in-the-body", "hidden-sender@outside.test"
MAILBOX = "Peacock plans"
HOOK_PATH = "let-me-in-by-this-path"


@pytest.fixture
def furnished(house: RunningHouse, cast: Cast) -> dict[str, str]:
    """A house with something in every table; gives texts that no page may show."""
    from posthouse.base import clock, db, jobs
    from posthouse.hooks import actions as hooks
    from posthouse.identity import access_tokens, app_passwords, entrances, groups, roles, sessions
    from posthouse.mail import mailboxes

    alice = cast.alice.actor
    make.email(cast.alice, subject=SUBJECT, sender=SENDER, text=f"{TEXT}\r\n")
    mailboxes.create_mailbox(alice, name=MAILBOX)
    pair = sessions.open_session(alice, client="Test/1", ip="192.0.2.7")
    at_desk = _at(alice, pair.session_id)
    token = access_tokens.make(at_desk, name="Build", scopes=["mail:read"], days=3)
    app = app_passwords.make(at_desk, name="Phone", scopes=["imap"])
    groups.create_group(alice, name="Readers", posting="members")
    roles.create_role(alice, name="Clerk", permissions=["users.read"])
    entrances.invite(alice, email="guest@outside.test", role="member")
    made = hooks.create_endpoint(alice, url=f"https://127.0.0.1:4444/{HOOK_PATH}", events=["email.received"])
    hooks.send_test(alice, made.endpoint.id)
    _queue(cast)
    tomorrow = clock.now_ms() + 86_400_000
    db.action(jobs.enqueue)("test.nothing", due_at_ms=tomorrow, secret="a-word-of-a-job")
    return {
        "token": token.token,
        "app password": app.password,
        "webhook secret": made.secret,
        "refresh token": pair.refresh,
        "job": "a-word-of-a-job",
        "subject": SUBJECT,
        "text": TEXT,
        "sender": SENDER,
        "mailbox": MAILBOX,
        "path of a webhook": HOOK_PATH,
        **_hashes(cast),
    }


def _at(actor: Any, session_id: int) -> Any:
    from dataclasses import replace

    return replace(actor, session_id=session_id)


def _queue(cast: Cast) -> None:
    """Something on its way that arrives nowhere soon."""
    from posthouse.base import blobs, db
    from posthouse.delivery import actions

    content = blobs.prepare(make.message(subject=SUBJECT, text=f"{TEXT}\r\n"))

    @db.action
    def queue() -> None:
        blobs.insert([content])
        target = actions.Target(address="far@nowhere.invalid")
        outgoing = actions.Outgoing(
            blob_id=content.id,
            mail_from=cast.alice.email,
            targets=[target],
            account_id=cast.alice.account_id,
        )
        actions.enqueue(outgoing)

    queue()


def _hashes(cast: Cast) -> dict[str, str]:
    from posthouse.base import sql

    found = {}
    for name, column, table in (
        ("hash of a password", "password", "identity_user WHERE password <> ''"),
        ("hash of a session", "token_hash", "identity_session"),
        ("hash of a token", "token_hash", "identity_accesstoken"),
        ("hash of an app password", "password_hash", "identity_apppassword"),
        ("hash of an invitation", "token_hash", "identity_invitation"),
        ("sealed secret of a webhook", "secret", "hooks_endpoint"),
    ):
        row = sql.row(f"SELECT {column} FROM {table} LIMIT 1")
        assert row is not None and row[0], name
        found[name] = row[0]
    return found


LISTS = r"/admin/[a-z]+/[a-z]+/"


def first_of_each(filters: list[str]) -> list[str]:
    """Three values of each: a house in which many tests have been has hundreds of some."""
    by_name: dict[str, list[str]] = {}
    for query in filters:
        by_name.setdefault(query.partition("=")[0], []).append(query)
    return [query for queries in by_name.values() for query in queries[:3]]


def all_pages(visitor: Visitor) -> list[tuple[str, str]]:
    """Each list, each filter of it alone by its first values, a search, the form of a new one, and its first rows."""
    first = visitor.see("/admin/")
    seen = [("/admin/", first.text)]
    lists = first.links(LISTS)
    assert len(lists) == 21, lists
    for path in lists:
        page = visitor.see(path)
        seen.append((path, page.text))
        filters = first_of_each(page.links(r"\?[a-z_0-9]+=.*"))
        assert filters, f"{path} has no filter"
        asked = [*filters, "?q=alice", "?q=59902746735673344", "?q=%25%27%22%00", f"?q={'9' * 40}", "?p=2"]
        for query in asked:
            answer = visitor.ask("GET", path + query)
            assert answer.status in (200, 302), (path, query, answer.status)
            seen.append((path + query, answer.text))
        rows = page.links(rf"{path}\d+/change/(\?.*)?")
        for row in [*rows[:2], *page.links(rf"{path}add/.*")]:
            seen.append((row, visitor.see(row).text))
        for row in rows[:1]:
            assert visitor.ask("GET", row.partition("/change/")[0] + "/history/").status == 302
    return seen


def test_every_page_is_there_and_shows_no_secret_and_no_mail(
    house: RunningHouse, cast: Cast, furnished: dict[str, str]
) -> None:
    seen = all_pages(operator(house, cast.mallory))
    shown = {path for path, _ in seen if "/change/" in path}
    for table in (
        "accesstoken",
        "apppassword",
        "session",
        "endpoint",
        "email",
        "mailbox",
        "recipient",
        "job",
        "user",
    ):
        assert any(f"/{table}/" in path for path in shown), table
    found = [(what, path) for what, secret in furnished.items() for path, text in seen if secret in text]
    assert found == []


def test_a_search_finds_no_e_mail_by_what_it_says(
    house: RunningHouse, cast: Cast, furnished: dict[str, str]
) -> None:
    email = make.email(cast.alice, subject=SUBJECT)
    mallory = operator(house, cast.mallory)
    assert f"/{email}/change/" in mallory.see(f"/admin/mail/email/?q={email}").text
    for word in ("Zanzibar", "outside.test", "plum"):
        assert "/change/" not in re.sub(r"nav.*?</nav>", "", mallory.see(f"/admin/mail/email/?q={word}").text)
    for lookup in ("subject__contains=Zan", "preview__contains=q", "user__password__startswith=argon"):
        assert mallory.ask("GET", f"/admin/mail/email/?{lookup}").status in (302, 400)
    for lookup in ("password__startswith=argon2", "totp__secret_sealed__startswith=a"):
        assert mallory.ask("GET", f"/admin/identity/user/?{lookup}").status in (302, 400)


def test_the_first_page_tells_how_the_house_does(house: RunningHouse, cast: Cast) -> None:
    mallory = operator(house, cast.mallory)
    text = mallory.see("/admin/").text
    for word in ("Database", "Write lane", "Outgoing", "Failed jobs", "Organisations", "Refused in the last"):
        assert word in text
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text))
    assert facts["nearly full"] in ("yes", "no") and facts["free"].endswith("B")
    assert facts["imap"].isdigit(), "a listener's port"
    assert [value for value in facts.values() if "{" in value or "_" in value] == [], "as people read them"


def test_a_list_counts_no_further_than_it_must(house: RunningHouse, cast: Cast, monkeypatch: Any) -> None:
    from posthouse.base import admin

    monkeypatch.setattr(admin, "MOST_COUNTED", 3)
    for number in range(6):
        make.email(cast.alice, subject=f"n{number}")
    page = operator(house, cast.mallory).see(f"/admin/mail/email/?q={cast.alice.account_id}")
    assert re.search(r"\b4\s+e-mails", page.text), "counting went on"


def test_static_files_are_our_own(house: RunningHouse, cast: Cast) -> None:
    mallory = operator(house, cast.mallory)
    page = mallory.see("/admin/identity/user/").text
    for file in re.findall(r'(?:src|href)="((?:/static|/operator)[^"]*)"', page):
        assert mallory.ask("GET", file).status == 200, file
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
