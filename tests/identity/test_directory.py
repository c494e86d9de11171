"""Addresses and domains as people write them, and whose they are."""

from __future__ import annotations

import pytest

from posthouse.base.errors import Conflict, Failure, Invalid, Missing
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("house")


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Alice@Example.TEST", "alice@example.test"),
        (" alice@example.test. ", "alice@example.test"),
        ("alice+tag@bücher.test", "alice+tag@xn--bcher-kva.test"),
        ("jörg@example.test", "jörg@example.test"),
        ("o'hara@example.test", "o'hara@example.test"),
    ],
)
def test_addresses_have_one_normal_form(text: str, normal: str) -> None:
    from posthouse.identity.addresses import normal_address

    assert normal_address(text) == normal


@pytest.mark.parametrize(
    "text",
    ["", "alice", "@x.test", "alice@", "a b@x.test", ".a@x.test", "a.@x.test", "a..b@x.test", "a@-x.test",
     "a@x..test", "a@" + "x" * 64 + ".test", "x" * 65 + "@x.test", "a@b@c.test", "a@x.test\n", "a\x00@x.test",
     "a\n@x.test", "a@x\n.test", "a@x.test\n.test", "<a@x.test>", "a@" + ".".join(["x" * 60] * 5)],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    from posthouse.identity.addresses import normal_address

    if text.endswith("\n"):
        assert "\n" not in normal_address(text)
        return
    with pytest.raises(Invalid):
        normal_address(text)


def test_domains_and_people_are_here_once(cast: Cast) -> None:
    from posthouse.identity.actions import add_domain
    from posthouse.ops.verbs import make_person

    with pytest.raises(Conflict):
        add_domain(cast.domain.upper())
    with pytest.raises(Conflict):
        make_person(cast.alice.email.upper(), name="", password_hash="x")
    with pytest.raises(Missing):
        make_person("a@not-here.test", name="", password_hash="x")
    with pytest.raises(Failure):
        add_domain("not a domain")


def test_a_person_that_could_not_be_made_leaves_nothing(cast: Cast) -> None:
    """User, account and mailboxes are one transaction."""
    from posthouse.base import db, sql
    from posthouse.ops.verbs import make_person

    before = sql.row("SELECT (SELECT count(*) FROM identity_user), (SELECT count(*) FROM mail_mailbox)")

    @db.action
    def half() -> None:
        make_person(f"carol@{cast.domain}", name="Carol", password_hash="x")
        raise Conflict("no", "Something else fails.")

    with pytest.raises(Conflict):
        half()
    after = sql.row("SELECT (SELECT count(*) FROM identity_user), (SELECT count(*) FROM mail_mailbox)")
    assert after == before


def test_ids_grow_whatever_the_clock_does() -> None:
    from posthouse.base.ids import IdMaker

    maker = IdMaker(node=5)
    ids = [maker.next() for _ in range(10_000)]
    assert ids == sorted(set(ids))
    assert all(0 < one < 2**63 for one in ids)
    assert {one >> 11 & 1023 for one in ids} == {5}
    with pytest.raises(ValueError, match="1023"):
        IdMaker(node=1024)
