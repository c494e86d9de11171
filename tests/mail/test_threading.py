"""Which e-mails are one conversation (RFC 8621 §3): a shared Message-ID and the same base subject."""

from __future__ import annotations

from typing import Any

from tests import make
from tests.cast import Cast, Person
from tests.mail.witness import caught_up, fresh


def arrive(person: Person, name: str, *, after: tuple[str, ...] = (), subject: str = "Lunch") -> Any:
    from posthouse.mail import storing

    return storing.store(_storing(person, name, after=after, subject=subject))


def _storing(
    person: Person,
    name: str,
    *,
    after: tuple[str, ...] = (),
    subject: str = "Lunch",
    thread_id: int | None = None,
) -> Any:
    from posthouse.mail import storing

    references = " ".join(f"<{one}@t.test>" for one in after)
    raw = make.message(
        subject=subject,
        message_id=f"{name}@t.test",
        headers=f"References: {references}\r\n" if after else "",
    )
    return storing.Storing(arrival=storing.prepare(raw), account_id=person.account_id, thread_id=thread_id)


def threads_of(person: Person) -> list[int]:
    """Thread of each e-mail, in the order of their arrival."""
    from posthouse.base import sql

    return [
        row[0]
        for row in sql.rows(
            "SELECT thread_id FROM mail_email WHERE account_id = %s ORDER BY created_modseq, id",
            [person.account_id],
        )
    ]


def test_an_answer_joins_and_a_new_subject_starts_anew(cast: Cast) -> None:
    arrive(cast.alice, "one")
    arrive(cast.alice, "two", after=("one",), subject="Re: Lunch")
    arrive(cast.alice, "three", after=("one", "two"), subject="AW: [list] Lunch")
    arrive(cast.alice, "four", after=("one", "two"), subject="Budget")
    arrive(cast.alice, "five", subject="Lunch")

    first, second, third, other, unrelated = threads_of(cast.alice)
    assert first == second == third
    assert len({first, other, unrelated}) == 3


def test_an_answer_that_comes_before_its_question_meets_it(cast: Cast) -> None:
    arrive(cast.alice, "answer", after=("question",), subject="Re: Lunch")
    arrive(cast.alice, "question")

    assert len(set(threads_of(cast.alice))) == 1


def test_two_accounts_have_threads_of_their_own(cast: Cast) -> None:
    arrive(cast.alice, "one")
    arrive(cast.bob, "two", after=("one",), subject="Re: Lunch")

    assert not set(threads_of(cast.alice)) & set(threads_of(cast.bob))


def test_the_missing_link_makes_two_threads_one_and_readers_are_told(cast: Cast) -> None:
    before = fresh(cast.alice.account_id)
    arrive(cast.alice, "left")
    arrive(cast.alice, "right")
    apart = caught_up(before, cast.alice.account_id)
    assert len(apart.threads) == 2

    link = arrive(cast.alice, "link", after=("left", "right"), subject="Re: Lunch")

    left, right, middle = threads_of(cast.alice)
    assert left == right == middle == link.thread_id
    together = caught_up(apart, cast.alice.account_id)
    assert list(together.threads) == [str(left)]
    assert together == fresh(cast.alice.account_id)


def test_an_answer_to_what_was_merged_away_finds_the_thread(cast: Cast) -> None:
    """Only the thread that ended knows "aside"; answers to it belong to the one it became."""
    arrive(cast.alice, "left")
    arrive(cast.alice, "right")
    arrive(cast.alice, "aside", after=("right",), subject="Re: Lunch")
    arrive(cast.alice, "link", after=("left", "right"), subject="Re: Lunch")

    arrive(cast.alice, "late", after=("aside",), subject="Re: Lunch")

    assert len(set(threads_of(cast.alice))) == 1


def test_threads_merged_again_and_again_stay_one(cast: Cast) -> None:
    for name in ("a", "b", "c"):
        arrive(cast.alice, name)
    arrive(cast.alice, "c2", after=("c",))
    arrive(cast.alice, "bc", after=("b", "c"))
    arrive(cast.alice, "ab", after=("a", "b"))

    arrive(cast.alice, "late", after=("c2",))

    assert len(set(threads_of(cast.alice))) == 1


def test_a_merged_thread_is_told_gone_once(cast: Cast) -> None:
    from posthouse.base import sql

    for name, after in (("left", ()), ("right", ()), ("link", ("left", "right"))):
        arrive(cast.alice, name, after=after)
    for number in range(3):
        arrive(cast.alice, f"more {number}".replace(" ", ""), after=("left", "right"))

    tombs = sql.rows(
        "SELECT count(*) FROM mail_tombstone WHERE account_id = %s AND kind = 'thread'",
        [cast.alice.account_id],
    )
    assert tombs == [(1,)]


def test_a_merge_inside_one_batch_takes_all_of_it(cast: Cast) -> None:
    """An import stores a hundred at once: the e-mails that are made one thread are not written yet."""
    from posthouse.mail import storing

    stored = storing.store_together(
        [
            _storing(cast.alice, "left"),
            _storing(cast.alice, "right"),
            _storing(cast.alice, "aside", after=("right",)),
            _storing(cast.alice, "link", after=("left", "right")),
            _storing(cast.alice, "late", after=("aside",)),
        ]
    )

    assert len(set(threads_of(cast.alice))) == 1
    assert {one.thread_id for one in stored} == set(threads_of(cast.alice))
    assert len(fresh(cast.alice.account_id).threads) == 1


def test_answers_follow_an_e_mail_into_the_thread_it_was_put_in(cast: Cast) -> None:
    """One's own answer with a changed subject stays in the thread, and so does what is answered to that."""
    from posthouse.mail import storing

    question = arrive(cast.alice, "question")
    storing.store(
        _storing(cast.alice, "mine", after=("question",), subject="Supper", thread_id=question.thread_id)
    )
    arrive(cast.alice, "theirs", after=("mine",), subject="Re: Supper")

    assert len(set(threads_of(cast.alice))) == 1


def test_a_flood_of_threads_is_not_merged(cast: Cast) -> None:
    """Merging rewrites every e-mail of a thread; nobody outside may make us do that at will."""
    from posthouse.mail import storing
    from posthouse.mail.threading import MAX_MERGE

    storing.store_together([_storing(cast.alice, "left")])
    storing.store_together([_storing(cast.alice, f"r{i}", after=("right",)) for i in range(MAX_MERGE + 1)])
    arrive(cast.alice, "link", after=("left", "right"))

    assert len(set(threads_of(cast.alice))) == 2
