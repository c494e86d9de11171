"""The spam filter's parts as pure functions: tokens, Bayes, look-alike domains, signs."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import make

if TYPE_CHECKING:
    from posthouse.filters.spam.bayes import Model
    from posthouse.filters.spam.reading import Reading

NOW = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)


def reading(raw: bytes) -> Reading:
    from posthouse.filters.spam.reading import Reading
    from posthouse.wire.mime import digest

    return Reading(raw, digest(raw).structure)


def html(body: str, **fields: Any) -> bytes:
    raw = make.message(text=body, **fields)
    return raw.replace(b"text/plain", b"text/html")


def tokens(raw: bytes) -> set[str]:
    from posthouse.filters.spam import tokens

    return set(tokens.tokens(reading(raw)))


# --- tokens ---------------------------------------------------------------------------------------


def test_a_word_of_the_subject_is_another_than_one_of_the_text() -> None:
    found = tokens(make.message(subject="Cheap watches", text="Meeting tomorrow\r\n"))
    assert {"subject:cheap", "subject:watches", "meeting", "tomorrow"} <= found
    assert not {"cheap", "subject:meeting"} & found


def test_html_gives_words_links_and_marks() -> None:
    found = tokens(
        html(
            '<marquee>vi<b></b>agra <!-- hidden --><a href="http://pills.example.com/buy">here</a></marquee>'
        )
    )
    assert {"viagra", "html", "link:example.com", "path:buy", "<marquee"} <= found
    assert "hidden" not in found and "href" not in found


def test_senders_domains_and_fields_are_tokens() -> None:
    raw = make.message(sender="Ann <ann@mail.shop.example>", headers="X-Mailer: Bulk 9\r\n")
    assert {"from:ann@mail.shop.example", "from@shop.example", "field:x-mailer", "x-mailer=bulk 9"} <= tokens(
        raw
    )
    assert "no:message-id" in tokens(raw.replace(b"Message-ID", b"X-Id"))


def test_what_other_filters_and_our_own_door_wrote_is_no_token() -> None:
    raw = make.message(headers="X-Spam-Status: Yes, score=19\r\nAuthentication-Results: x; spf=fail\r\n")
    assert not [one for one in tokens(raw) if "spam" in one or "authentication" in one or one == "score"]


def test_scripts_without_blanks_are_taken_two_by_two() -> None:
    assert {"発票", "票代"} <= tokens(make.message(text="発票代開\r\n"))


@given(st.binary(max_size=3000))
def test_any_bytes_have_tokens(raw: bytes) -> None:
    from posthouse.filters.spam import judging, tokens
    from posthouse.wire.auth.judgement import UNCHECKED

    read = reading(raw)
    assert len(tokens.numbers(read)) <= tokens.MAX_TOKENS
    judging.common(read, judgement=UNCHECKED, now=NOW)


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<a href=",
        "<!--",
        "<script ",
        "</b",
        "<a href=x>",
        "http://",
        "a" * 30 + " ",
        "<",
        "href=http://a ",
    ],
)
def test_time_does_not_grow_with_hostile_text(piece: str) -> None:
    """A megabyte takes no longer than some ten kilobytes do, since no more is read."""
    from posthouse.filters.spam import tokens

    begun = time.process_time()
    read = reading(html(piece * (1_000_000 // len(piece))))
    tokens.numbers(read)
    _ = read.links
    assert time.process_time() - begun < 1.0


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        ("<a href=", " "),
        ("src=", "\r\n"),
        ("<a ", "href=" + "a" * 1990 + "\r\n"),
        ("<a ", "href = "),
        ('<a href="', "b"),
    ],
)
def test_nor_with_one_beginning_that_goes_on_for_ever(head: str, piece: str) -> None:
    """What could be read in two ways is read in one: 90,000 blanks behind a `=` took a minute."""
    begun = time.process_time()
    read = reading(html(head + piece * (200_000 // len(piece))))
    _ = read.links, read.urls, read.text
    assert time.process_time() - begun < 1.0


def test_links_are_told_with_what_stands_for_them() -> None:
    body = (
        '<A class="x" HREF = "https://one.example/?a=1&amp;b=2" title=y><b>One</b> &amp; only</a>'
        '<a name="top"><a href=http://two.example>two</a><a>none</a>'
        f'<a href="http://long.example">{"x" * 400}</a><img src="https://picture.example/p.png">'
    )
    read = reading(html(body))
    assert [(link.url, link.shown) for link in read.links] == [
        ("https://one.example/?a=1&b=2", "One  & only"),
        ("http://two.example", "two"),
    ]
    assert "https://picture.example/p.png" in read.urls


# --- Bayes ----------------------------------------------------------------------------------------


def model(ham: int, spam: int, counts: dict[int, tuple[int, int]]) -> Model:
    """Of one person alone."""
    from posthouse.filters.spam.bayes import Count, Model

    return Model(Count(ham, spam), counts, Count(ham, spam), counts)


def test_tokens_of_spam_make_spam_and_neutral_ones_nothing() -> None:
    from posthouse.filters.spam.bayes import opinion

    assert opinion(model(100, 100, {1: (0, 40)})).spamminess > 0.9
    assert opinion(model(100, 100, {2: (40, 0)})).spamminess < 0.1
    assert opinion(model(100, 100, {3: (50, 50), 4: (0, 0)})) == (0.5, 0)
    assert opinion(model(100, 100, {1: (0, 40), 2: (40, 0)})).spamminess == pytest.approx(0.5, abs=0.01)


def test_many_times_as_much_ham_as_spam_makes_no_token_hammy() -> None:
    from posthouse.filters.spam.bayes import opinion

    assert opinion(model(2000, 100, {1: (1000, 50)})).tokens == 0


def test_ones_own_mail_weighs_more_the_more_one_has() -> None:
    from posthouse.filters.spam.bayes import Count, Model, opinion

    def said(own: int) -> float:
        """The organisation takes it for spam, I have had it as ham so often."""
        return opinion(
            Model(Count(own, own), {1: (own, 0)}, Count(500 + own, 500 + own), {1: (own, 200)})
        ).spamminess

    assert said(0) > 0.9 > said(5) > said(50) > said(300)
    assert said(300) < 0.2


def test_who_has_only_read_mail_is_not_blind_to_spam() -> None:
    """Nothing was learnt as spam here, all of it by the others: words of every mail stay neutral."""
    from posthouse.filters.spam.bayes import Count, Model, opinion

    own = {1: (300, 0)}
    totals = Count(300, 0), Count(600, 300)
    assert opinion(Model(totals[0], own, totals[1], {1: (600, 300)})).tokens == 0
    assert opinion(Model(totals[0], own, totals[1], {1: (600, 300), 2: (0, 150)})).spamminess > 0.9


def test_extremes_do_not_overflow() -> None:
    from posthouse.filters.spam.bayes import opinion

    known = model(10**6, 10**6, dict.fromkeys(range(5000), (0, 10**6)))
    assert opinion(known) == (pytest.approx(1.0), 300)


# --- look-alike domains ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "domain",
    ["examp1e.com", "exarnple.com", "example-.com", "exmaple.com", "exampel.com", "examples.net", "еxample.com",
     "xn--xample-2of.com", "exampe.org", "mail.examp1e.com"],
)  # fmt: skip
def test_imitations_are_found(domain: str) -> None:
    from posthouse.filters.spam.lookalike import Known

    assert Known(["example.com", "other.test"]).imitated(domain) == "example.com"


@pytest.mark.parametrize(
    "domain",
    ["example.com", "mail.example.com", "example.org", "sample.com", "ample.com", "wiki.test", "x.test", ""],
)
def test_others_are_not(domain: str) -> None:
    from posthouse.filters.spam.lookalike import Known

    assert Known(["example.com", "wik.test"]).imitated(domain) == ""


# --- signs ----------------------------------------------------------------------------------------


def signs(raw: bytes, **judged: Any) -> dict[str, float]:
    from posthouse.filters.spam import judging
    from posthouse.wire.auth.judgement import Judgement

    found = judging.common(reading(raw), judgement=Judgement(**judged), now=NOW)
    assert all(one.words.endswith(".") for one in found)
    return {one.name: one.weight for one in found}


@pytest.mark.parametrize(
    ("raw", "sign"),
    [
        (html('<a href="http://evil.test/">www.bank.test</a>'), "link_elsewhere"),
        (html('<a href="http://192.0.2.7/x">here</a>'), "link_to_number"),
        (make.message(text="see http://www.bank.test@evil.test/ now"), "link_disguised"),
        (make.message(subject="YOU HAVE WON A PRIZE"), "subject_upper"),
        (make.message().replace(b"Date: Sat, 21 Nov 2026", b"Date: Sat, 21 Nov 2037"), "date_ahead"),
        (make.message().replace(b"Date:", b"X-Date:"), "no_date"),
        (make.message().replace(b"Message-ID:", b"X-Id:"), "no_message_id"),
        (make.message(headers="From: b@bank.test\r\n"), "odd_from"),
        (
            make.message().replace(
                b"text/plain; charset=utf-8", b'application/octet-stream; name="invoice.pdf.exe"'
            ),
            "program",
        ),
    ],
)
def test_each_sign_is_seen_and_none_is_enough(raw: bytes, sign: str) -> None:
    from posthouse.filters.spam.judging import THRESHOLD

    found = signs(raw)
    assert set(found) == {sign} and 0 < found[sign] < THRESHOLD


def test_plain_mail_has_no_sign() -> None:
    assert signs(make.message()) == {}
    assert signs(html('<a href="https://www.bank.test/login">www.bank.test</a>')) == {}


@pytest.mark.parametrize(
    ("judged", "sign"),
    [
        ({"dmarc": "fail"}, "dmarc_fail"),
        ({"dmarc": "pass", "spf": "fail"}, "proved"),
        ({"spf": "fail"}, "spf_fail"),
        ({"spf": "softfail"}, "spf_softfail"),
        ({"dkim": "fail"}, "dkim_fail"),
    ],
)
def test_checks_are_signs(judged: dict[str, str], sign: str) -> None:
    assert set(signs(make.message(), **judged)) == {sign}
