"""Many at once in the same accounts: whoever comes second sees what the first did, and nothing is counted wrong.

In SQLite's lane one comes after the other anyway; on PostgreSQL every writer is a transaction of its own.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests import make
from tests.at_once import at_once
from tests.cast import Cast, Person
from tests.mail.test_store_at_random import Player
from tests.mail.witness import caught_up, check_promises, fresh

WRITERS = 6
STEPS = 30

pytestmark = pytest.mark.usefixtures("house")


def faults() -> set[str]:
    from posthouse.ops import checking

    *_, last = checking.run(repair=False)
    return set(last["result"]["faults"])


class OneOfMany(Player):
    """What it chose may be gone when it acts, so it asks for no exact answer."""

    def __init__(self, people: list[Person], seed: int) -> None:
        super().__init__(people[seed % len(people)], 0, seed)
        self.people = people

    def store_for_all(self) -> None:
        """One arrival for several accounts, named in any order."""
        from posthouse.mail import storing

        arrival = self._arrival()
        people = self.dice.sample(self.people, len(self.people))
        storing.store_together([storing.Storing(arrival=arrival, account_id=p.account_id) for p in people])

    def imap_copy(self) -> None:
        from posthouse.mail import uid_verbs

        mailbox_id = self._mailbox()
        uid_verbs.copy(self.person.actor, mailbox_id, self._uids(mailbox_id), to=self._mailbox())

    def imap_move(self) -> None:
        from posthouse.mail import uid_verbs

        mailbox_id = self._mailbox()
        uid_verbs.move(self.person.actor, mailbox_id, self._uids(mailbox_id), to=self._mailbox())

    def with_a_strangers(self) -> None:
        self.store_for_all()

    def play(self) -> list[str]:
        return [self.step() for _ in range(STEPS)]


@pytest.mark.parametrize("seed", range(2))
def test_many_who_do_anything_at_once_leave_everything_in_order(cast: Cast, seed: int) -> None:
    people = [cast.alice, cast.bob]
    before = faults()
    first = {person: fresh(person.account_id) for person in people}
    players = [OneOfMany(people, 1000 * (seed + 1) + number) for number in range(WRITERS)]
    shared: list[str] = []
    for player in players:
        player.message_ids = shared  # so that they answer each other and their threads meet

    done = [act for acts in at_once([player.play for player in players]) for act in acts]

    assert len([act for act in done if ":" not in act]) > len(done) / 2, done
    assert faults() - before == set()
    for person in people:
        check_promises(person.account_id)
        assert caught_up(first[person], person.account_id, limit=7) == fresh(person.account_id)
        assert strays_of_threads(person.account_id) == []


def strays_of_threads(account_id: int) -> list[Any]:
    """E-mails that were left behind in a thread which has become part of another."""
    from posthouse.base import sql

    return sql.rows(
        "SELECT e.id FROM mail_email e JOIN mail_messagereference r ON r.account_id = e.account_id"
        " AND r.reference = e.thread_id AND r.subject = e.thread_id WHERE e.account_id = %s",
        [account_id],
    )


def test_many_arrivals_of_one_conversation_are_one_thread(cast: Cast) -> None:
    """They come in any order, each knows only its neighbour, and all are stored at the same moment."""
    from posthouse.base import sql
    from posthouse.mail import storing

    count = 24
    order = random.Random(5).sample(range(count), count)
    arrivals = [
        storing.prepare(
            make.message(
                subject="Re: Lunch" if number else "Lunch",
                message_id=f"{number}.{cast.domain}",
                headers=f"In-Reply-To: <{number - 1}.{cast.domain}>\r\n" if number else "",
            )
        )
        for number in order
    ]
    accounts = [cast.alice.account_id, cast.bob.account_id]

    def store(arrivals: list[storing.Arrival], accounts: list[int]) -> None:
        for arrival in arrivals:
            storing.store_together([storing.Storing(arrival=arrival, account_id=a) for a in accounts])

    at_once([lambda n=n: store(arrivals[n::6], accounts[:: 1 if n % 2 else -1]) for n in range(6)])

    for account_id in accounts:
        assert sql.rows(
            "SELECT count(*), count(DISTINCT thread_id) FROM mail_email WHERE account_id = %s", [account_id]
        ) == [(count, 1)]
        uids = sql.rows("SELECT uid FROM mail_placement WHERE account_id = %s ORDER BY uid", [account_id])
        assert [uid for (uid,) in uids] == list(range(1, count + 1))
        assert strays_of_threads(account_id) == []
        check_promises(account_id)


def test_an_expunge_by_two_at_once_counts_once(cast: Cast) -> None:
    from posthouse.mail import by_uid, uid_verbs

    inbox = make.mailbox(cast.alice, "inbox")
    for _ in range(10):
        make.email(cast.alice)
    uids = list(by_uid.view(inbox).uids)
    uid_verbs.store_flags(
        cast.alice.actor, inbox, uids, mode="add", bits=0, keywords=frozenset(), deleted=True
    )

    gone = at_once([lambda: uid_verbs.expunge(cast.alice.actor, inbox)] * 5)

    assert sorted(len(answer.uids) for answer in gone) == [0, 0, 0, 0, len(uids)]
    check_promises(cast.alice.account_id)


def test_one_name_for_a_mailbox_is_given_once(cast: Cast) -> None:
    from posthouse.mail import archives, mailboxes, roles

    def create(name: str) -> str:
        return mailboxes.create_mailbox(cast.alice.actor, name=name).name

    made = at_once([lambda n=n: create(n) for n in ("Work", "work", "WORK", "Work")])
    assert made.count("mailbox_exists") == 3

    account_id = cast.alice.account_id
    paths = at_once([lambda: archives.mailbox_at(cast.alice.actor, "Old/2024", account_id=account_id)] * 5)
    assert len(set(paths)) == 1

    at_once([lambda: roles.new_uidvalidity()] * 2)
    numbers = at_once([lambda: [roles.new_uidvalidity() for _ in range(200)]] * 4)
    assert len({number for answer in numbers for number in answer}) == 800


def test_keywords_replaced_by_many_at_once_are_those_of_one(cast: Cast) -> None:
    from posthouse.base import sql
    from posthouse.mail import actions

    email_id = make.email(cast.alice)
    at_once(
        [
            lambda n=n: actions.update_email(cast.alice.actor, email_id, keywords=[f"word{n}"])
            for n in range(6)
        ]
    )

    (keywords,) = sql.row("SELECT keywords FROM mail_email WHERE id = %s", [email_id]) or ("",)
    assert len(keywords.split()) == 1
