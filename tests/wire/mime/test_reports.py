"""Reports of other servers: what is read of each shape, and what is none."""

from __future__ import annotations

import time

import pytest

from posthouse.wire.mime.reports import MAX_FATES, looks_like_report, read_report
from tests.wire.mime import report_samples as samples
from tests.wire.mime.report_samples import SHAPES, TRACE, Shape

TO = "zoe@there.test"


def read(shape: Shape, **given: str):  # type: ignore[no-untyped-def]
    raw = shape.render(**{"to": TO, "original": samples.original()} | given)
    return read_report(raw, is_null_sender=shape.is_null_sender)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape.action], ids=lambda shape: shape.name)
def test_each_shape_says_what_became_of_whom(shape: Shape) -> None:
    report = read(shape)
    assert report is not None
    (fate,) = [one for one in report.fates if TO in (one.recipient, one.original)]
    assert (fate.action, fate.status) == (shape.action, shape.status)
    assert shape.said in fate.answer
    assert report.tokens == (TRACE,)
    assert "\n" not in fate.answer and "\r" not in fate.answer


@pytest.mark.parametrize(
    "shape", [shape for shape in SHAPES if not shape.action], ids=lambda shape: shape.name
)
def test_what_is_no_report_is_none(shape: Shape) -> None:
    assert read(shape) is None


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape.action], ids=lambda shape: shape.name)
def test_the_door_looks_at_every_one(shape: Shape) -> None:
    raw = shape.render(to=TO, original=samples.original())
    assert shape.is_null_sender or looks_like_report(raw)


def test_a_report_gives_the_message_id_of_what_it_is_about() -> None:
    assert read(samples.RECEIPT).message_id == "one@posthouse.test"
    assert read(samples.POSTFIX).message_id == "one@posthouse.test"
    assert read(samples.GLOBAL).message_id == "one@posthouse.test"


def test_each_recipient_has_a_fate_of_its_own() -> None:
    blocks = "".join(
        f"Final-Recipient: rfc822; r{n}@there.test\nAction: {action}\nStatus: {status}\n\n"
        for n, (action, status) in enumerate(
            [("failed", "5.1.1"), ("delayed", "4.2.2"), ("relayed", "2.0.0")]
        )
    )
    text = samples.POSTFIX.text.replace("Final-Recipient:", blocks + "Final-Recipient:", 1)
    report = read(Shape("several", text, "failed"))
    assert [(one.recipient, one.action) for one in report.fates] == [
        ("r0@there.test", "failed"),
        ("r1@there.test", "delayed"),
        ("r2@there.test", "relayed"),
        (TO, "failed"),
    ]


def test_several_addresses_of_a_loose_bounce_have_their_own_words() -> None:
    text = samples.QMAIL.text.replace(
        "<{to}>:\n", "<one@there.test>:\nQuota exceeded 5.2.2\n\n<two@there.test>:\nNobody 5.1.1\n\n<{to}>:\n"
    )
    report = read(Shape("several", text, "failed"))
    told = {one.recipient: (one.status, one.answer) for one in report.fates}
    assert told["one@there.test"] == ("5.2.2", "Quota exceeded 5.2.2")
    assert told["two@there.test"] == ("5.1.1", "Nobody 5.1.1")
    assert told[TO][0] == "5.1.1"


def test_answers_hold_no_control_characters_and_end() -> None:
    text = samples.POSTFIX.text.replace("Recipient address\n", "a\x07\x1b[31m" + "x" * 5_000 + "\n")
    (fate,) = read(Shape("long", text, "failed")).fates
    assert fate.answer.isprintable() and len(fate.answer) <= 500


HOSTILE = {
    "blocks": samples.POSTFIX.text.replace(
        "Final-Recipient:", "Final-Recipient: rfc822; a@b.c\nAction: failed\n\n" * 20_000
    ),
    "blank lines": samples.POSTFIX.text.replace("Final-Recipient:", "\n" * 200_000 + "Final-Recipient:"),
    "no fields": samples.POSTFIX.text.replace("Final-Recipient:", "::\n" * 200_000),
    "dashes": samples.QMAIL.text.replace("<{to}>:", "-" * 100_000 + "\n"),
    "addresses": samples.QMAIL.text.replace("<{to}>:", "a@b.test " * 20_000),
    "no address": samples.QMAIL.text.replace("<{to}>:", "a" * 200_000),
    "tokens": samples.QMAIL.text + "ph1-" * 100_000 + "\n" + f"{TRACE} " * 10_000,
    "depth": "Content-Type: message/rfc822\n\n" * 3_000 + samples.POSTFIX.text,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_reports_cost_little(name: str) -> None:
    raw = Shape(name, HOSTILE[name], "failed").render(to=TO, original=samples.original())
    began = time.process_time()
    report = read_report(raw, is_null_sender=True)
    assert time.process_time() - began < 1.0
    assert report is None or len(report.fates) <= MAX_FATES
