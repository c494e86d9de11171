"""Columns of e-mails kept in memory: those of the mailbox that was looked at, whatever happens to it meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from tests import make
from tests.cast import Cast, Person

if TYPE_CHECKING:
    from posthouse.mail.columns import Column
    from posthouse.mail.standing import Standing

pytestmark = pytest.mark.usefixtures("house")


def _column(asked: list[int]) -> Column[str]:
    """Subjects, and into `asked` the ids whose values had to be made."""
    from posthouse.mail.columns import Column

    def make_values(ids: Sequence[int], texts: Sequence[str]) -> list[str]:
        asked.extend(ids)
        return list(texts)

    return Column("e.subject", make_values, missing="gone")


def _look(person: Person) -> Standing:
    from posthouse.mail import standing

    with standing.standing(make.mailbox(person, "inbox")) as found:
        return found.snapshot()


def _expunge(person: Person, uids: Sequence[int]) -> None:
    from posthouse.mail import uid_verbs

    inbox = make.mailbox(person, "inbox")
    uid_verbs.store_flags(person.actor, inbox, uids, mode="add", bits=0, keywords=frozenset(), deleted=True)
    uid_verbs.expunge(person.actor, inbox)


def test_only_new_ones_are_read_again(cast: Cast) -> None:
    asked: list[int] = []
    column = _column(asked)
    ids = [make.email(cast.alice, subject=f"Letter {number}") for number in range(6)]
    assert column.of(_look(cast.alice)) == [f"Letter {number}" for number in range(6)]
    assert asked == ids
    assert column.of(_look(cast.alice))[5] == "Letter 5"
    new = make.email(cast.alice, subject="Late")
    assert column.of(_look(cast.alice))[5:] == ["Letter 5", "Late"]
    _expunge(cast.alice, [1, 3])
    newest = make.email(cast.alice, subject="Latest")
    left = ["Letter 1", "Letter 3", "Letter 4", "Letter 5", "Late", "Latest"]
    assert column.of(_look(cast.alice)) == left
    assert asked == [*ids, new, newest]


def test_a_mailbox_that_has_moved_on_is_read_as_it_was_looked_at(cast: Cast) -> None:
    """One that is gone is missing, one that has come is not there, and neither shifts the others."""
    for number in range(4):
        make.email(cast.alice, subject=f"Letter {number}")
    looked = _look(cast.alice)
    _expunge(cast.alice, [2])
    make.email(cast.alice, subject="Late")
    assert _column([]).of(looked) == ["Letter 0", "gone", "Letter 2", "Letter 3"]


def test_a_text_of_two_lines_is_one_value(cast: Cast) -> None:
    from posthouse.mail.columns import Column

    make.email(cast.alice, subject="One")
    make.email(cast.alice, subject="Two")
    column = Column("e.subject || '\n' || e.subject", lambda _, texts: list(texts))
    assert column.of(_look(cast.alice)) == ["One\nOne", "Two\nTwo"]


def test_those_asked_for_longest_ago_go(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from posthouse.mail import columns

    columns.forget()
    monkeypatch.setattr(columns, "KEPT_BYTES", 3_000)
    for number in range(10):
        make.email(cast.alice, subject=f"Letter {number}")
    asked: list[list[int]] = [[] for _ in range(4)]
    four = [_column(one) for one in asked]
    looked = _look(cast.alice)
    for column in (*four, four[3], four[0]):
        assert column.of(looked)[9] == "Letter 9"
    assert [len(one) for one in asked] == [20, 10, 10, 10]
    assert columns.values_of(looked, *four) == [column.of(looked) for column in four]
