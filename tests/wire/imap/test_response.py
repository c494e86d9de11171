from hypothesis import given
from hypothesis import strategies as st

from posthouse.wire.imap import response
from posthouse.wire.imap.framing import Framed
from posthouse.wire.imap.scanner import Scanner


def _read_back(written: bytes) -> bytes:
    head, separator, rest = written.partition(b"}\r\n")
    if separator and written.startswith(b"{"):
        return Scanner(Framed((head + b"}", rest, b""))).string()
    return Scanner(Framed((written,))).string()


@given(st.binary(max_size=80))
def test_any_bytes_survive_as_a_string(value):
    assert _read_back(response.string(value)) == value


@given(st.binary(max_size=40))
def test_text_of_a_response_stays_on_its_line(value):
    line = response.text(value.decode("latin-1"))
    assert line and b"\r" not in line and b"\n" not in line and line.isascii()


def test_a_word_that_would_read_as_nil_is_quoted():
    assert response.astring(b"NIL") == b'"NIL"'
    assert response.astring(b"From") == b"From"
    assert response.astring(b"") == b'""'
    assert response.astring(b"a b") == b'"a b"'


def test_the_internal_date_pads_the_day_with_a_space():
    assert response.internal_date(0) == b'" 1-Jan-1970 00:00:00 +0000"'
    assert response.internal_date(837596665_000) == b'"17-Jul-1996 09:44:25 +0000"'


def test_mailbox_names_are_quoted_utf7():
    assert response.mailbox('a"b') == b'"a\\"b"'
    assert response.mailbox("Entwürfe") == b'"Entw&APw-rfe"'
