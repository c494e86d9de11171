"""What is new in an answer: a table of what clients write, and that no mail makes it slow or fail."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.mime.reply import new_text, new_text_of_html, new_words
from posthouse.wire.mime.scan import scan

from .reply_samples import HTMLS, NEW, TEXTS

CPU_SECONDS = 3.0
LONG = 400_000


@pytest.mark.parametrize("name", TEXTS)
def test_text(name: str) -> None:
    text, new = TEXTS[name]
    assert new_text(text) == (text if new is None else new)


@pytest.mark.parametrize("name", HTMLS)
def test_html(name: str) -> None:
    html, new = HTMLS[name]
    assert new_text_of_html(html).replace("\n\n", "\n") == new.replace("\n\n", "\n")


def _mail(*parts: tuple[str, str]) -> bytes:
    body = "".join(
        f"--b\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
        for kind, text in parts
    )
    head = "From: a@b.test\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b"
    return f"{head}\r\n\r\n{body}--b--\r\n".encode()


def _words(raw: bytes) -> str:
    return new_words(scan(raw).root, raw)


def test_a_mail_is_read_by_its_text_else_by_its_html() -> None:
    text, html = TEXTS["gmail"][0], HTMLS["gmail"][0]
    assert _words(_mail(("plain", text), ("html", "<p>other</p>"))) == NEW
    assert _words(_mail(("plain", ""), ("html", html))) == NEW
    assert _words(_mail(("html", html))) == NEW
    assert _words(f"From: a@b.test\r\n\r\n{text}".encode()) == NEW
    assert _words(b"") == ""


WORDS = st.sampled_from(
    [">", "> old", "-- ", "On Mon, 6 May 2024 at 15:15 Ann <a@b.test> wrote:", "From: Ann", "Sent: now", "To: Bob",
     "-----Original Message-----", "", "new", "Sent from my iPhone", "____________", "\x00", "—", "\u2028", "a:"]
)  # fmt: skip
TAGS = st.sampled_from(
    ["<blockquote>", "</blockquote>", '<blockquote type="cite">', '<div class="gmail_quote">', "</div>", "<div>",
     "<!--", "-->", "<", '"', "'", "wrote:", '<div id="appendonsend">', "<p>", "words",
     '<div class="gmail_signature">', "<br/>"]
)  # fmt: skip


@given(st.lists(WORDS | st.text(max_size=40), max_size=40).map("\n".join))
@settings(deadline=None)
def test_text_is_never_more_than_it_was_and_twice_is_once(text: str) -> None:
    new = new_text(text)
    kept = set(text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n"))
    assert {line.rstrip() for line in new.split("\n")} - {""} <= {line.rstrip() for line in kept}
    assert new_text(new) == new_text(new_text(new))


@given(st.lists(TAGS | st.text(max_size=20), max_size=60).map("".join))
@settings(deadline=None)
def test_no_html_is_an_error(html: str) -> None:
    new_text_of_html(html)


@given(st.text(alphabet="abcdefgh ,.!\n", max_size=400))
@settings(deadline=None)
def test_plain_prose_stays_word_for_word(text: str) -> None:
    assert new_text(text).split() == text.split()


@given(
    st.text(alphabet="abcdefgh ,.!", min_size=1, max_size=60).filter(str.strip),
    st.sampled_from(sorted(TEXTS)),
)
@settings(deadline=None)
def test_words_before_a_quote_stay(words: str, name: str) -> None:
    quote = TEXTS[name][0].removeprefix(NEW)
    assert words.strip() in new_text(f"{words}\n\n{quote}")


@pytest.mark.parametrize(
    "piece",
    ["> \n", "On Mon, 6 May 2024 15:15 a <a@b.test>\n", "From: a\n", "a:\n> b\n", "--\n", "\n", "wrote: ", "x",
     "From: a\nSent: b\n", "Sent from my iPhone\n", "-----"],
)  # fmt: skip
def test_text_costs_linear_time(piece: str) -> None:
    before = time.process_time()
    new_text(piece * (LONG // len(piece)))
    assert time.process_time() - before < CPU_SECONDS


@pytest.mark.parametrize(
    "piece",
    ["<blockquote>", "<blockquote type=cite>", "</blockquote>", "<!--", "<div class=gmail_quote>", '<a "', "<a class=",
     "class=", "a:<blockquote>", "<div class=gmail_signature>", "<", "</div><div>"],
)  # fmt: skip
def test_html_costs_linear_time(piece: str) -> None:
    before = time.process_time()
    new_text_of_html(piece * (LONG // len(piece)))
    assert time.process_time() - before < CPU_SECONDS
