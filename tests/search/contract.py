"""What every index of words must do, said once: run by test_index.py for SQLite, and as a program for PostgreSQL."""

from __future__ import annotations

import random
from dataclasses import replace

from posthouse.search import index, matching
from posthouse.search.index import Batch, Document, Index, Progress
from posthouse.search.language import parse
from posthouse.search.tokens import tokens

WORDS = [
    "alpha",
    "alphabet",
    "beta",
    "Gamma",
    "delta",
    "être",
    "日本語",
    "日本",
    "ภาษาไทย",
    "zoe@outside.test",
    "2026-01-31",
    "x",
]
QUERIES = [
    "alpha ", "alph", '"alpha beta"', "alpha beta ", "alpha OR delta ", "alpha -beta ", "(alpha OR delta) -gamma ",
    "subject:alpha ", "from:zoe ", "from:zoe@outside.test ", "from:outside.test ", "from:zoe@out", "to:x ", "cc:x ",
    "bcc:x ", "filename:alpha ", "list:delta ", "本語", "日", "日本語", "ไทย", "ETRE ", "2026-01 ", "nothing ",
    "{subject:alpha from:zoe} beta ", "alpha (beta OR -gamma) ", "-(alpha beta) delta ",
]  # fmt: skip
ACCOUNTS = (7, 8)


def document(random_: random.Random, number: int) -> Document:
    def text(most: int) -> list[str]:
        return tokens(" ".join(random_.choices(WORDS, k=random_.randint(0, most))))

    fields = {name: text(4 if name != "body" else 12) for name in index.FIELDS}
    rest = sorted(set(text(5)))
    return Document(
        email_id=number,
        received_at_ms=random_.randint(-5, 30) * 1000,
        fields=fields,
        rest=rest,
        is_whole=number % 10 != 0,
        is_plain=number % 10 != 0 and "".join([*fields["body"], *rest]).isascii(),
        excerpt=f"excerpt of {number}",
    )


def check(made: Index) -> None:
    random_ = random.Random(5)
    documents = {
        account_id: [document(random_, account_id * 1000 + n) for n in range(120)] for account_id in ACCOUNTS
    }
    assert made.progress() == {} and made.progress_of(7) is None
    assert made.find(7, parse("alpha ").root, limit=5) == []
    for account_id, those in documents.items():
        since = None
        for at in range(0, len(those), 50):
            progress = Progress(upto=at, down_modseq=9, down_id=at)
            chunk = those[at : at + 50]
            made.write(Batch(account_id=account_id, since=since, progress=progress, documents=chunk))
            since = progress
        made.write(Batch(account_id=account_id, since=since, progress=Progress(upto=99), documents=those[:3]))
        made.write(
            Batch(account_id=account_id, since=since, progress=Progress(upto=98), gone=[those[0].email_id])
        )
    assert made.progress_of(7) == Progress(upto=99) and set(made.progress()) == set(ACCOUNTS)
    finds_what_fits(made, documents)
    gone = [one.email_id for one in documents[7][::2]]
    made.write(Batch(account_id=8, since=Progress(upto=99), progress=Progress(upto=100), gone=gone))
    finds_what_fits(made, documents)
    made.write(Batch(account_id=7, since=Progress(upto=99), progress=Progress(upto=100), gone=gone))
    documents[7] = documents[7][1::2]
    finds_what_fits(made, documents)
    finds_in_several(made, documents)
    made_anew_says_what_it_says_now(made, documents[7])
    finds_what_fits(made, documents)
    substrings_are_never_lost(made, documents[7])
    made.forget(8)
    documents[8] = []
    finds_what_fits(made, documents)
    assert set(made.progress()) == {7}


def finds_what_fits(made: Index, documents: dict[int, list[Document]]) -> None:
    for account_id, those in documents.items():
        assert made.email_ids(account_id, after=0, limit=1000) == sorted(one.email_id for one in those)
        assert made.size(account_id) == len(those)
        keys = made.keys_of(account_id, [one.email_id for one in those] + [1])
        assert keys.keys() == {one.email_id for one in those}
        some = {one.email_id: one.excerpt for one in those[:4]}
        assert made.excerpts(list(some)) == some
        for text in QUERIES:
            node = parse(text).root
            assert node is not None
            if not made.can_find(node):
                continue
            wanted = {one.email_id for one in those if matching.fits(one, node)}
            hits = made.find(account_id, node, limit=None)
            assert {hit.email_id for hit in hits} == wanted, text
            assert hits == sorted(hits, reverse=True)
            assert made.find(account_id, node, limit=3) == hits[:3]
            low, high = index.low_key(5_000), index.high_key(20_000)
            inside = [hit for hit in hits if low <= hit.key <= high]
            assert made.find(account_id, node, limit=None, low_key=low, high_key=high) == inside
            assert all(5_000 <= index.moment_of(hit.key) <= 20_000 for hit in inside)
            for asked in (list(keys.values())[:7], list(keys.values()) * 3):
                among = made.among(account_id, node, asked)
                assert among == {hit.email_id for hit in hits if hit.key in set(asked)}
            assert made.count(account_id, node, limit=5) == min(5, len(hits))
        everything = made.find(account_id, None, limit=None)
        assert {hit.email_id for hit in everything} == {one.email_id for one in those}


def finds_in_several(made: Index, documents: dict[int, list[Document]]) -> None:
    assert made.progress_among([8, 9, 7]) == made.progress()
    assert made.progress_among([9]) == {}
    for text in QUERIES:
        node = parse(text).root
        assert node is not None
        if not made.can_find(node):
            continue
        for asked in ([7], [8, 7], [7, 8, 9], [9], []):
            those = [one for account_id in asked for one in documents.get(account_id, [])]
            hits = made.find_in_any(asked, node, limit=1_000)
            assert {hit.email_id for hit in hits} == {
                one.email_id for one in those if matching.fits(one, node)
            }, (text, asked)
            assert [hit.key for hit in hits] == sorted((hit.key for hit in hits), reverse=True)
            assert made.find_in_any(asked, node, limit=3) == hits[:3]
            low, high = index.low_key(5_000), index.high_key(20_000)
            inside = [hit for hit in hits if low <= hit.key <= high]
            assert made.find_in_any(asked, node, limit=1_000, low_key=low, high_key=high) == inside


def made_anew_says_what_it_says_now(made: Index, those: list[Document]) -> None:
    """What is gone and there in one batch was changed."""
    progress = made.progress_of(7)
    old = those[0]
    new = replace(old, fields={**old.fields, "body": tokens("something else altogether")})
    made.write(
        Batch(account_id=7, since=progress, progress=Progress(upto=101), gone=[old.email_id], documents=[new])
    )
    those[0] = new
    node = parse("altogether ").root
    assert node is not None
    assert [hit.email_id for hit in made.find(7, node, limit=None)] == [new.email_id]


def substrings_are_never_lost(made: Index, those: list[Document]) -> None:
    for needle in (
        "lph",
        "alpha",
        "eta",
        "a b",
        "本語",
        "語",
        "te",
        "oe@outside.tes",
        "26-01",
        "ไท",
        "nowhere",
    ):
        suspects = made.perhaps(7, needle)
        if suspects is None:
            continue
        assert suspects.unknown == {one.email_id for one in those if not one.is_whole}
        for one in those:
            texts = [" ".join(have) for have in (*one.fields.values(), one.rest)]
            if any(needle in text for text in texts):
                assert one.email_id in suspects.email_ids | suspects.unknown, (needle, texts)
        of = {one.email_id: one for one in those}
        for sure, tokens_of in (
            (suspects.in_body, lambda one: one.fields["body"]),
            (suspects.in_rest, lambda one: one.rest),
        ):
            for email_id in sure:
                one = of[email_id]
                assert one.is_plain and any(needle in token for token in tokens_of(one)), needle
    nowhere = made.perhaps(7, "nowhere")
    assert nowhere is not None and not nowhere.email_ids
    assert made.perhaps(7, "é") is None and made.perhaps(7, "--") is None


def main() -> None:
    from posthouse.config import start

    start.migrate(start.set_up_django())
    made = index.current()
    assert type(made).__name__ == "PostgresIndex"
    check(made)
    made.forget(7)
    searches_the_store()
    print("kept")


def searches_the_store() -> None:
    """The whole way, from e-mails stored to threads found."""
    from posthouse.mail import indexing
    from posthouse.mail.api import found
    from tests import make
    from tests.cast import new_cast

    alice = new_cast().alice
    for number in range(30):
        make.email(alice, subject=f"Letter {number}", text="common words\r\n" + "rare\r\n" * (number == 7))
        if number == 20:
            while indexing.step(alice.account_id):
                continue
    for q, count in {
        "common": 30, "rare": 1, "letter -rare is:unread": 29, "rare OR is:starred": 1, "-rare in:inbox": 29,
        '"common words" newer_than:1d larger:10': 30, "in:trash common": 0, "is:unread": 30, "has:userlabels": 0,
    }.items():  # fmt: skip
        query = parse(q)
        page, about = found.threads(alice.account_id, query, mailbox_id=None, after=None, limit=7)
        rows = list(page.items)
        while page.next is not None:
            page, _ = found.threads(alice.account_id, query, mailbox_id=None, after=page.next, limit=7)
            rows += page.items
        assert len({row["id"] for row in rows}) == len(rows) == count, (q, len(rows))
        assert about["is_complete"]


if __name__ == "__main__":
    main()
