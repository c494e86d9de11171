"""Anything in any order: after each act the log, the IMAP sessions and the counters tell the truth."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from posthouse.base.errors import Failure, Missing
from tests import make
from tests.cast import Cast, Person
from tests.mail.witness import Session, Witness, caught_up, fresh

STEPS = 70
SUBJECTS = ("Lunch", "Re: Lunch", "Budget", "Fwd: Budget", "")
KEYWORDS = ("blue", "green", "$label1")
NAMES = ("Work", "Home", "Ideas", "work")
START_MS = 1_790_000_000_000


class Player:
    """Does one random thing at a time with an account; a refusal is fine, a wrong answer is not."""

    def __init__(self, person: Person, stranger: int, seed: int) -> None:
        self.person = person
        self.stranger = stranger
        self.dice = random.Random(seed)
        self.message_ids: list[str] = []

    # --- what there is ---

    def _rows(self, query: str) -> list[int]:
        from posthouse.base import sql

        return [row[0] for row in sql.rows(query, [self.person.account_id])]

    def _emails(self, most: int = 5) -> list[int]:
        ids = self._rows("SELECT id FROM mail_email WHERE account_id = %s ORDER BY id")
        return self.dice.sample(ids, min(len(ids), self.dice.randint(1, most)))

    def _mailbox(self) -> int:
        return self.dice.choice(self._rows("SELECT id FROM mail_mailbox WHERE account_id = %s ORDER BY id"))

    def _own_mailbox(self) -> int:
        ids = self._rows("SELECT id FROM mail_mailbox WHERE account_id = %s AND role = '' ORDER BY id")
        return self.dice.choice(ids) if ids else self._mailbox()

    def _uids(self, mailbox_id: int) -> list[int]:
        from posthouse.mail import by_uid

        uids = list(by_uid.view(mailbox_id).uids)
        chosen = self.dice.sample(uids, min(len(uids), self.dice.randint(0, 4)))
        return [*chosen, 4_000_000] if self.dice.random() < 0.2 else chosen

    def _arrival(self) -> Any:
        from posthouse.mail import storing

        unique = f"{self.dice.random()}@random.test"
        parents = self.dice.sample(
            self.message_ids, min(len(self.message_ids), self.dice.choice((0, 0, 1, 2)))
        )
        self.message_ids.append(unique)
        references = "".join(f" <{parent}>" for parent in parents)
        raw = make.message(
            subject=self.dice.choice(SUBJECTS),
            message_id=unique,
            headers=f"References:{references}\r\n" if parents else "",
            text="x" * self.dice.randint(1, 500),
        )
        return storing.prepare(raw, received_at_ms=START_MS + 1000 * self.dice.randint(0, 3))

    def _storing(self) -> Any:
        from posthouse.mail import storing

        return storing.Storing(
            arrival=self._arrival(),
            account_id=self.person.account_id,
            mailbox_id=self._mailbox(),
            flags=self.dice.choice((0, 0, 1, 3)),
        )

    # --- what one may do ---

    def store(self) -> None:
        from posthouse.mail import storing

        storing.store(self._storing())

    def store_several(self) -> None:
        from posthouse.mail import storing

        storing.store_together([self._storing() for _ in range(self.dice.randint(2, 5))])

    def move(self) -> None:
        from posthouse.mail import actions

        out_of = self._mailbox() if self.dice.random() < 0.5 else None
        actions.move_emails(self.person.actor, self._emails(), to=self._mailbox(), out_of=out_of)

    def label(self) -> None:
        from posthouse.mail import actions

        add = [self._mailbox() for _ in range(self.dice.randint(0, 2))]
        remove = [self._mailbox() for _ in range(self.dice.randint(0, 3))]
        actions.label_emails(self.person.actor, self._emails(), add=add, remove=remove)

    def trash(self) -> None:
        from posthouse.mail import actions

        out_of = self._mailbox() if self.dice.random() < 0.3 else None
        actions.trash_emails(self.person.actor, self._emails(), out_of=out_of)

    def destroy(self) -> None:
        from posthouse.mail import actions

        actions.destroy_emails(self.person.actor, self._emails(3))

    def flag(self) -> None:
        from posthouse.mail import actions

        actions.flag_emails(
            self.person.actor,
            self._emails(),
            set_bits=self.dice.choice((0, 1, 2, 5)),
            clear_bits=self.dice.choice((0, 1, 2, 7)),
            add_keywords=self.dice.sample(KEYWORDS, 1),
            remove_keywords=self.dice.sample(KEYWORDS, 1),
        )

    def with_a_strangers(self) -> None:
        """All or nothing: one e-mail of somebody else spoils the whole act."""
        from posthouse.mail import actions, queries

        before = queries.state(self.person.account_id)
        ids = [*self._emails(), self.stranger]
        self.dice.shuffle(ids)
        act: Callable[[], Any] = self.dice.choice(
            (
                lambda: actions.destroy_emails(self.person.actor, ids),
                lambda: actions.trash_emails(self.person.actor, ids),
                lambda: actions.move_emails(self.person.actor, ids, to=self._mailbox()),
                lambda: actions.flag_emails(self.person.actor, ids, set_bits=1),
                lambda: actions.label_emails(self.person.actor, ids, add=[self._mailbox()]),
            )
        )
        with pytest.raises(Failure, match="nothing here"):
            act()
        assert queries.state(self.person.account_id) == before

    def save_draft(self) -> None:
        from posthouse.mail import drafts

        written = self._rows("SELECT id FROM mail_email WHERE account_id = %s AND flags & 8 <> 0 ORDER BY id")
        answered = self._emails(1)
        drafts.save(
            self.person.actor,
            drafts.DraftContent(
                subject=self.dice.choice(SUBJECTS),
                text="words",
                reply_to_email_id=answered[0] if answered and self.dice.random() < 0.5 else None,
            ),
            max_bytes=1_000_000,
            replaces=self.dice.choice(written) if written and self.dice.random() < 0.7 else None,
        )

    def create_mailbox(self) -> None:
        from posthouse.mail import mailboxes

        parent = self._own_mailbox() if self.dice.random() < 0.4 else None
        mailboxes.create_mailbox(self.person.actor, name=self.dice.choice(NAMES), parent_id=parent)

    def change_mailbox(self) -> None:
        from posthouse.mail import mailboxes

        change: dict[str, Any] = self.dice.choice(
            (
                {"name": self.dice.choice(NAMES)},
                {"parent_id": self._own_mailbox()},
                {"parent_id": None},
                {"is_subscribed": False},
            )
        )
        mailboxes.update_mailbox(self.person.actor, self._own_mailbox(), **change)

    def delete_mailbox(self) -> None:
        from posthouse.mail import mailboxes

        mailboxes.delete_mailbox(self.person.actor, self._own_mailbox(), trash=self.dice.random() < 0.7)

    def imap_store(self) -> None:
        from posthouse.mail import uid_verbs

        mailbox_id = self._mailbox()
        uid_verbs.store_flags(
            self.person.actor,
            mailbox_id,
            self._uids(mailbox_id),
            mode=self.dice.choice(("add", "remove", "replace")),
            bits=self.dice.choice((0, 1, 2, 3)),
            keywords=frozenset(self.dice.sample(KEYWORDS, self.dice.randint(0, 2))),
            deleted=self.dice.random() < 0.5,
        )

    def imap_copy(self) -> None:
        from posthouse.mail import uid_verbs

        mailbox_id = self._mailbox()
        uids = self._uids(mailbox_id)
        copied = uid_verbs.copy(self.person.actor, mailbox_id, uids, to=self._mailbox()).uids
        assert set(copied) == set(uids) - {4_000_000}
        assert len(set(copied.values())) == len(copied)

    def imap_move(self) -> None:
        from posthouse.mail import uid_verbs

        mailbox_id = self._mailbox()
        uids = self._uids(mailbox_id)
        moved = uid_verbs.move(self.person.actor, mailbox_id, uids, to=self._mailbox()).uids
        assert set(moved) == set(uids) - {4_000_000}

    def imap_expunge(self) -> None:
        from posthouse.mail import uid_verbs

        mailbox_id = self._mailbox()
        uid_verbs.expunge(
            self.person.actor, mailbox_id, self._uids(mailbox_id) if self.dice.random() < 0.4 else None
        )

    def step(self) -> str:
        acts = (
            *(self.store,) * 4,
            *(self.store_several,) * 2,
            *(self.flag, self.imap_store, self.label, self.move) * 2,
            *(self.imap_copy, self.imap_move, self.imap_expunge, self.trash, self.destroy, self.save_draft),
            *(self.create_mailbox, self.change_mailbox, self.delete_mailbox, self.with_a_strangers),
        )
        act = self.dice.choice(acts)
        try:
            act()
        except Failure as failure:
            return f"{act.__name__}: {failure.code}"
        return act.__name__


@pytest.mark.parametrize("seed", range(6))
def test_everybody_is_told_the_truth_after_every_act(cast: Cast, seed: int) -> None:
    stranger = make.email(cast.mallory)
    player = Player(cast.alice, stranger, seed)
    player.store_several()
    witness = Witness(cast.alice)
    done = []
    for _ in range(STEPS):
        done.append(player.step())
        try:
            witness.check()
        except AssertionError as error:
            raise AssertionError(f"after {done[-3:]} (step {len(done)})") from error
    witness.check_from_the_start()
    assert len([act for act in done if ":" not in act]) > STEPS / 2, done


@pytest.mark.parametrize("seed", range(100, 103))
def test_readers_that_look_while_things_change_end_up_with_the_truth(cast: Cast, seed: int) -> None:
    """A reader's statements each see another moment; whatever it missed, the next look gives."""
    import threading

    from posthouse.base import db

    player = Player(cast.alice, make.email(cast.mallory), seed)
    player.store_several()
    account_id = cast.alice.account_id
    snapshot = fresh(account_id)
    sessions = {int(i): Session.select(int(i)) for i in snapshot.mailboxes}
    is_over = threading.Event()

    def play() -> None:
        try:
            for _ in range(STEPS):
                player.step()
        finally:
            db.release_thread()
            is_over.set()

    def look() -> None:
        nonlocal snapshot
        snapshot = caught_up(snapshot, account_id, limit=7)
        for mailbox_id, session in list(sessions.items()):
            try:
                session.catch_up(mailbox_id, account_id)
            except Missing:
                del sessions[mailbox_id]

    playing = threading.Thread(target=play)
    playing.start()
    for _ in range(10_000):
        was_over = is_over.is_set()
        look()
        if was_over:
            break
    playing.join()
    assert snapshot == fresh(account_id)
    for mailbox_id, session in sessions.items():
        assert session == Session.select(mailbox_id)
