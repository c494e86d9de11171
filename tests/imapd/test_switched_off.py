"""Extensions that an account does without, because a mail program gets one wrong."""

import pytest

from posthouse.wire.imap.capabilities import SWITCHABLE
from tests import make
from tests.api.client import log_in


def words(client) -> set[bytes]:
    return set(client.ok(b"CAPABILITY").untagged[0].split()[2:])


@pytest.fixture
def api(house, cast):
    return log_in(house, cast.alice)


def test_all_that_can_be_switched_off_is_offered_else(connect):
    assert {name.encode() for name in SWITCHABLE} <= words(connect())


def test_by_the_api_from_the_next_log_in_on(connect, api):
    before = connect(select=None)
    everything = words(before)
    answer = api.ok(api.patch("/me/", {"imap_off": ["IMAP4rev2", "NOTIFY", "CONDSTORE", "MOVE", "IDLE"]}))
    assert answer["imap_off"] == ["CONDSTORE", "IDLE", "IMAP4rev2", "MOVE", "NOTIFY"]
    assert words(before) == everything
    client = connect()
    gone = {b"IMAP4rev2", b"NOTIFY", b"CONDSTORE", b"QRESYNC", b"MOVE", b"IDLE"}
    assert everything - words(client) == gone
    assert client.ok(b"ENABLE IMAP4rev2 QRESYNC UIDONLY").untagged == [b"* ENABLED UIDONLY"]
    client.append(make.message())
    for line in (b"NOTIFY NONE", b"UID MOVE 1 Archive", b"IDLE"):
        assert client.run(line).tagged.startswith(b"BAD "), line
    client.ok(b"UID COPY 1 Archive")
    api.ok(api.patch("/me/", {"imap_off": []}))
    assert words(connect()) == everything


def test_it_is_ones_own(connect, cast, api):
    api.ok(api.patch("/me/", {"imap_off": ["NOTIFY"]}))
    assert b"NOTIFY" in words(connect(cast.bob))
    assert b"NOTIFY" not in words(connect())


def test_what_cannot_be_switched_off_is_refused(api):
    for wrong in (["IMAP4rev1"], ["notify"], ["NOTIFY", "x"], "NOTIFY", [1], None):
        assert api.patch("/me/", {"imap_off": wrong}).status == 400, wrong
    assert api.get("/me/").json["imap_off"] == []


def test_by_the_command_line(connect, cast):
    from posthouse.base.errors import Invalid
    from posthouse.ops.verbs import VERBS

    def run(off: list[str], on: list[str]) -> str:
        return str(list(VERBS["imap_off"](cast.alice.email, off=off, on=on))[-1]["result"])

    assert "IMAP4rev2, QRESYNC." in run(["qresync", "imap4rev2"], [])
    assert not words(connect()) & {b"QRESYNC", b"IMAP4rev2"}
    assert "IMAP4rev2." in run([], ["Qresync"])
    assert words(connect()) & {b"QRESYNC", b"IMAP4rev2"} == {b"QRESYNC"}
    with pytest.raises(Invalid):
        run(["IMAP4rev1"], [])


@pytest.mark.rfc("7888")
def test_without_literal_plus_there_is_literal_minus(connect, api):
    """Up to 4,096 bytes still come unasked; what is larger is read past, said to be wrong, and taken when it asks."""
    assert b"LITERAL-" not in words(connect(select=None))
    api.ok(api.patch("/me/", {"imap_off": ["LITERAL+"]}))
    client = connect()
    assert words(client) & {b"LITERAL+", b"LITERAL-"} == {b"LITERAL-"}
    raw = make.message(text="x" * 5000)
    client.append(raw[:4096])
    refused = client.run(b"APPEND INBOX {%d+}\r\n%b" % (len(raw), raw))
    assert refused.tagged.startswith(b"BAD [TOOBIG] ")
    refused = client.run(b"APPEND INBOX {4097+}\r\n" + b"x LOGOUT\r\n" * 409 + b"1234567")
    assert refused.tagged.startswith(b"BAD [TOOBIG] ") and not refused.untagged
    tag = client.start(b"APPEND INBOX {%d}" % len(raw))
    assert client.line().startswith(b"+ ")
    client.send(raw + b"\r\n")
    assert client.finish(tag).is_ok
    assert b"* 2 EXISTS" in client.ok(b"NOOP").untagged + client.ok(b"SELECT INBOX").untagged
