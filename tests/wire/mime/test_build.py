"""Composing: what we write is read back the same by us and by Python, and nothing can be injected."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.mime import digest, load_structure, walk
from posthouse.wire.mime.addresses import Address
from posthouse.wire.mime.build import Attachment, Draft, build
from posthouse.wire.mime.dsn import Notification, RecipientStatus, build_dsn
from posthouse.wire.mime.quote import (
    forward_subject,
    forward_text,
    reply_html,
    reply_recipients,
    reply_subject,
    reply_text,
    thread_ids,
)
from posthouse.wire.mime.text import body_html, body_text, decode_body
from tests.wire.mime.samples import crlf

WHEN = datetime(2026, 11, 20, 10, 11, 10, tzinfo=UTC)
ALICE = Address("Alice", "alice@example.test")
BOB = Address("Bob", "bob@example.test")
CAROL = Address("Carol", "carol@example.test")
BASE = Draft(from_=ALICE, to=(BOB,), message_id="1@example.test", date=WHEN, subject="Hello", text="Words\n")
BOUNDARY = "abcdefgh12345678"


def made(**changes: object) -> bytes:
    return build(msgspec.structs.replace(BASE, **changes), boundary=BOUNDARY)


def by_python(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_plain_message() -> None:
    assert made() == crlf(
        "Date: Fri, 20 Nov 2026 10:11:10 +0000\nFrom: Alice <alice@example.test>\nTo: Bob <bob@example.test>\n"
        "Subject: Hello\nMessage-ID: <1@example.test>\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\nWords\n"
    )


def test_everything_at_once_keeps_its_structure() -> None:
    raw = made(
        html='<img src="cid:i@x">',
        attachments=(
            Attachment(
                content=b"\x89PNG",
                filename="i.png",
                content_type="image/png",
                content_id="i@x",
                is_inline=True,
            ),
            Attachment(content=b"%PDF", filename="Übersicht über alles.pdf", content_type="application/pdf"),
            Attachment(
                content=b"Subject: x\r\n\r\n\xc3\xbc\r\n", filename="m.eml", content_type="message/rfc822"
            ),
        ),
    )
    root = load_structure(digest(raw).structure)
    kinds = {number: (part.content_type, part.filename) for number, part in walk(root)}
    assert kinds == {
        "1": ("multipart/alternative", None),
        "1.1": ("text/plain", None),
        "1.2": ("multipart/related", None),
        "1.2.1": ("text/html", None),
        "1.2.2": ("image/png", "i.png"),
        "2": ("application/pdf", "Übersicht über alles.pdf"),
        "3": ("message/rfc822", "m.eml"),
        "3.1": ("text/plain", None),
    }
    assert root.encoding == "8bit"
    assert [part.get_filename() for part in by_python(raw).iter_attachments()] == [
        "Übersicht über alles.pdf",
        "m.eml",
    ]
    assert by_python(raw).defects == []


def test_bcc_is_written_for_drafts_only() -> None:
    draft = msgspec.structs.replace(BASE, to=(), bcc=(CAROL,))
    assert b"carol" not in build(draft, boundary=BOUNDARY)
    assert digest(build(draft, boundary=BOUNDARY)).to == ()
    assert digest(build(draft, boundary=BOUNDARY, keep_bcc=True)).bcc == (CAROL,)


def test_text_is_made_from_html_where_there_is_none() -> None:
    raw = made(text="", html="<p>One</p><p>Two</p>")
    root = load_structure(digest(raw).structure)
    assert body_text(root, raw) == "One\n\nTwo\n"


def test_threading_fields() -> None:
    ids = tuple(f"{number}@example.test" for number in range(12))
    found = digest(made(in_reply_to=("11@example.test",), references=ids))
    assert (found.in_reply_to, found.references) == (("11@example.test",), ids)


LINES = st.text(st.characters(codec="utf-8"), max_size=200)
HEADER_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=120
)


@given(LINES, LINES, HEADER_TEXT, HEADER_TEXT, HEADER_TEXT, st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_what_is_composed_is_read_again(
    text: str, html: str, subject: str, name: str, filename: str, content: bytes
) -> None:
    person = Address(name, "alice@example.test")
    item = Attachment(content=content, filename="x" + filename.replace("/", "").replace("\\", ""))
    raw = made(text=text, html=html, subject=subject, from_=person, attachments=(item,))
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    found = digest(raw)
    root = load_structure(found.structure)
    assert found.defects == ()
    assert found.subject == subject
    assert found.from_ == (person,)
    shown = dict(walk(root))
    assert decode_body(shown["2"], raw) == content
    wanted = html.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    assert (body_html(root, raw) or "").rstrip("\n") == wanted.rstrip("\n").removeprefix("\ufeff")
    assert by_python(raw)["subject"] == subject or not subject.isprintable()


INJECTIONS = ["a\r\nBcc: x@y", "a\nb", "a\rb", "a\0b"]


@pytest.mark.parametrize("value", INJECTIONS)
@pytest.mark.parametrize(
    "where", ["subject", "name", "email", "filename", "message_id", "references", "header", "cid"]
)
def test_line_breaks_in_header_values_are_refused(where: str, value: str) -> None:
    changes: dict[str, dict[str, object]] = {
        "subject": {"subject": value},
        "name": {"to": (Address(value, "b@c"),)},
        "email": {"to": (Address("", f"{value}@c"),)},
        "filename": {"attachments": (Attachment(content=b"", filename=value),)},
        "message_id": {"message_id": value},
        "references": {"references": (value,)},
        "header": {"headers": (("X-A", value),)},
        "cid": {"attachments": (Attachment(content=b"", filename="a", content_id=value),)},
    }
    with pytest.raises(ValueError, match=r"header value|message id"):
        made(**changes[where])


@pytest.mark.parametrize("name", ["Bcc: x", "", "X Y", "X\r\nY", "ü"])
def test_field_names_are_checked(name: str) -> None:
    with pytest.raises(ValueError, match="field name"):
        made(headers=((name, "v"),))


@pytest.mark.parametrize(
    "address", ["", "a", "@b", "a@", "a@b c", "a@<b>", "a@b,c@d", "a\x07@b", "a@" + "b" * 400]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"address|domain"):
        made(to=(Address("", address),))


@pytest.mark.parametrize(
    "kind", ["multipart/mixed", "message/partial", "no type", "a/b\r\nX: y", 'text/plain; a="\r\n"']
)
def test_content_type_of_a_file_cannot_break_the_message(kind: str) -> None:
    raw = made(attachments=(Attachment(content=b"x", filename="f", content_type=kind),))
    parts = [part for part in by_python(raw).walk() if not part.is_multipart()]
    assert len(parts) == 2
    assert "X" not in parts[1]


def test_separators_that_look_like_line_breaks_stay_in_the_value() -> None:
    found = by_python(made(subject="a\u2028Bcc: x@y\x85Bcc: x@y"))
    assert "Bcc" not in found
    assert found.get_content() == "Words\r\n"


def test_message_that_cannot_travel_becomes_a_file() -> None:
    raw = made(attachments=(Attachment(content=b"A: b\n\nx", filename="m", content_type="message/rfc822"),))
    assert dict(walk(load_structure(digest(raw).structure)))["2"].content_type == "application/octet-stream"


def test_bad_boundary_is_refused() -> None:
    with pytest.raises(ValueError, match="boundary"):
        build(BASE, boundary="a\r\nb")


def test_bounce_is_a_delivery_report() -> None:
    failed = RecipientStatus(
        recipient="bob@example.test", action="failed", status="5.1.1", remote_mta="mx.example.test",
        answer="550 5.1.1 no\r\nFinal-Recipient: evil\n\x00ü", last_attempt=WHEN,
    )  # fmt: skip
    raw = build_dsn(
        Notification(
            from_=Address("Mail", "mailer-daemon@example.test"), to="alice@example.test", message_id="2@example.test",
            date=WHEN, subject="Undelivered", text="Sorry, ünd so weiter.\n", reporting_mta="mx.example.test",
            recipients=(failed,), original=made(), original_message_id="1@example.test", envelope_id="Q1",
            arrival_date=WHEN,
        ),
        boundary=BOUNDARY,
    )  # fmt: skip
    found = by_python(raw)
    assert found.get_content_type() == "multipart/report"
    assert found.get_param("report-type") == "delivery-status"
    assert digest(raw).is_auto_submitted
    root = load_structure(digest(raw).structure)
    status = decode_body(dict(walk(root))["2"], raw)
    blocks = status.decode("ascii").split("\r\n\r\n")
    assert len(blocks) == 2
    assert blocks[0].split("\r\n")[:2] == ["Original-Envelope-Id: Q1", "Reporting-MTA: dns; mx.example.test"]
    assert "Diagnostic-Code: smtp; 550 5.1.1 no Final-Recipient: evil" in blocks[1].split("\r\n")
    assert dict(walk(root))["3"].content_type == "text/rfc822-headers"
    assert b"Words" not in raw


def test_bounce_returns_the_body_only_when_asked() -> None:
    status = RecipientStatus(recipient="b@c", action="delayed", status="bogus", will_retry_until=WHEN)
    notification = Notification(
        from_=ALICE, to="a@b", message_id="2@x", date=WHEN, subject="Late", text="t", reporting_mta="mx",
        recipients=(status,), original=made(), returns_body=True,
    )  # fmt: skip
    raw = build_dsn(notification, boundary=BOUNDARY)
    assert b"Words" in raw
    assert b"Status: 4.0.0\r\n" in raw
    assert dict(walk(load_structure(digest(raw).structure)))["3"].content_type == "message/rfc822"


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_bounce_of_anything_is_clean(original: bytes) -> None:
    status = RecipientStatus(recipient="b@c", action="failed", status="5.0.0")
    notification = Notification(
        from_=ALICE, to="a@b", message_id="2@x", date=WHEN, subject="S", text="t", reporting_mta="mx",
        recipients=(status,), original=original, returns_body=True,
    )  # fmt: skip
    raw = build_dsn(notification, boundary=BOUNDARY)
    assert raw.isascii()
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_reply_goes_to_the_author_and_reply_all_to_everybody_once() -> None:
    original = digest(
        crlf(
            "From: Bob <bob@example.test>\nTo: alice@example.test, carol@example.test\nCc: BOB@example.test\n\n"
        )
    )
    own = {"alice@example.test"}
    assert reply_recipients(original, own=own, is_to_all=False).to == (BOB,)
    everybody = reply_recipients(original, own=own, is_to_all=True)
    assert (everybody.to, everybody.cc) == ((BOB,), (Address("", "carol@example.test"),))


def test_answer_to_own_mail_goes_to_its_recipients() -> None:
    original = digest(made(to=(BOB, CAROL)))
    assert reply_recipients(original, own={"alice@example.test"}, is_to_all=False).to == (BOB, CAROL)


def test_reply_continues_the_thread() -> None:
    original = digest(made(references=("0@x",)))
    assert thread_ids(original) == (("1@example.test",), ("0@x", "1@example.test"))
    assert thread_ids(digest(b"\r\n")) == ((), ())


def test_reply_and_forward_skeletons() -> None:
    assert (reply_subject("AW: Lunch"), forward_subject("Re: Lunch")) == ("Re: Lunch", "Fwd: Lunch")
    assert reply_text("a\n\n> b\n", attribution="Joe wrote:") == "Joe wrote:\n> a\n>\n>> b"
    assert forward_text("a", heading="--- Forwarded ---", fields=(("From", "Joe"),)) == (
        "--- Forwarded ---\nFrom: Joe\n\na"
    )
    assert reply_html("<p>a</p>", attribution="<Joe>:") == (
        '<p>&lt;Joe&gt;:</p><blockquote type="cite"><p>a</p></blockquote>'
    )
