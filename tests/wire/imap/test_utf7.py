import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.wire.imap import utf7

KNOWN = [
    ("INBOX", b"INBOX"),
    ("Tom & Jerry", b"Tom &- Jerry"),
    ("Entwürfe", b"Entw&APw-rfe"),
    ("~peter/mail/台北/日本語", b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
    ("😀", b"&2D3eAA-"),
    ("&&", b"&-&-"),
    ("ü&ü", b"&APw-&-&APw-"),
]


@pytest.mark.parametrize(("name", "wire"), KNOWN)
def test_known_names(name, wire):
    assert utf7.encode(name) == wire
    assert utf7.decode(wire) == name


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_name_comes_back(name):
    wire = utf7.encode(name)
    assert all(0x20 <= byte < 0x7F for byte in wire)
    assert utf7.decode(wire) == name


@given(st.binary(max_size=60))
def test_no_bytes_crash_it(raw):
    utf7.decode(raw).encode("utf-8")


@pytest.mark.parametrize("raw", [b"A & B", b"R&D", b"&", b"&AAA", b"&2D0-", b"&A-"])
def test_what_is_not_utf7_stands_for_itself(raw):
    assert utf7.decode(raw) == raw.decode()


def test_plain_utf8_is_understood():
    assert utf7.decode("Entwürfe".encode()) == "Entwürfe"
