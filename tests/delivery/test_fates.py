"""What comes back after a server took a mail: it changes the line of whom it is about, and nobody else's."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import make
from tests.api.client import log_in
from tests.cast import Cast, Person
from tests.delivery.outside import outside, send, settled, smtp, until
from tests.house import RunningHouse
from tests.wire.mime import report_samples as samples
from tests.wire.mime.report_samples import SHAPES, Shape

DSN = ["8BITMIME", "DSN"]


def sent_to(
    house: RunningHouse, person: Person, *to: str, extensions: list[str] = DSN
) -> tuple[Any, dict[str, str], list[bytes]]:
    """A mail that was taken; the trace that went to each domain, and what was said to the servers."""
    from posthouse.delivery.fate import traces

    domains = list(dict.fromkeys(address.partition("@")[2] for address in to))
    with outside(house, *domains, extensions=extensions) as peer:
        sent = send(person, *to)
        settled(sent.submission_id)
    carried = [
        re.findall(rb"^Posthouse-Trace: (\S+)\r\n", message, re.MULTILINE) for message in peer.messages
    ]
    assert all(len(found) == 1 for found in carried)
    by_domain = {traces.domain_of(found[0].decode(), domains) or "": found[0].decode() for found in carried}
    assert set(by_domain) == set(domains)
    return sent, by_domain, peer.commands


def line_of(person: Person, sent: Any, address: str) -> dict[str, Any]:
    from posthouse.delivery import queries

    found = queries.submission_for(person.actor, sent.submission_id)
    return next(one for one in found["recipients"] if one["recipient"] == address)


def report(house: RunningHouse, to: Person, raw: bytes, *, sender: str = "") -> None:
    with smtp(house) as client:
        client.sendmail(sender, [to.email], raw)


def render(shape: Shape, person: Person, trace: str, *, to: str, message_id: str = "x@y.test") -> bytes:
    copied = samples.original(to=to, trace=trace, message_id=message_id)
    return shape.render(to=to, original=copied, envid=trace, sender=person.email)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_each_shape_tells_the_fate(house: RunningHouse, cast: Cast, shape: Shape) -> None:
    sent, traces, _ = sent_to(house, cast.alice, "zoe@there.test")
    report(house, cast.alice, render(shape, cast.alice, traces["there.test"], to="zoe@there.test"),
           sender="" if shape.is_null_sender else "zoe@there.test")  # fmt: skip

    line = line_of(cast.alice, sent, "zoe@there.test")
    told = line["report"] and line["report"]["action"]
    expected = shape.action if shape.action in ("failed", "delayed", "delivered") else None
    assert told == expected
    assert line["state"] == ("failed" if shape.action == "failed" else "delivered")
    assert bool(line["read_at"]) == (shape.action == "read")
    assert bool(line["complained_at"]) == (shape.action == "complained")


def test_servers_that_know_dsn_are_told_the_envelope(house: RunningHouse, cast: Cast) -> None:
    _, traces, said = sent_to(house, cast.alice, "zoe@there.test")
    assert any(
        b" ENVID=" + traces["there.test"].encode() in line for line in said if line.startswith(b"MAIL")
    )
    assert b"RCPT TO:<zoe@there.test> ORCPT=rfc822;zoe@there.test\r\n" in said


def test_servers_that_do_not_are_told_nothing_of_it(house: RunningHouse, cast: Cast) -> None:
    _, _, said = sent_to(house, cast.alice, "zoe@there.test", extensions=["8BITMIME"])
    assert not any(b"ENVID" in line or b"ORCPT" in line for line in said)


def test_a_senders_own_envelope_goes_on(house: RunningHouse, cast: Cast) -> None:
    """RFC 3461 §5.2.1; the header's trace is enough to believe what comes back."""
    with (
        outside(house, "there.test", extensions=DSN) as peer,
        smtp(house, "submission", login=cast.alice) as client,
    ):
        client.mail(cast.alice.email, ["ENVID=my+2Bid", "RET=HDRS"])
        client.rcpt("zoe@there.test", ["NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;zo+2Be@there.test"])
        assert client.data(make.message(sender=cast.alice.email))[0] == 250
        until(lambda: peer.messages)
    assert any(b" RET=HDRS ENVID=my+2Bid" in line for line in peer.commands)
    assert (
        b"RCPT TO:<zoe@there.test> NOTIFY=FAILURE,SUCCESS ORCPT=rfc822;zo+2Be@there.test\r\n" in peer.commands
    )


def test_what_a_mail_program_handed_in_has_its_line(house: RunningHouse, cast: Cast) -> None:
    from posthouse.base import sql

    with outside(house, "there.test") as peer, smtp(house, "submission", login=cast.alice) as client:
        client.sendmail(cast.alice.email, ["zoe@there.test"], make.message(sender=cast.alice.email))
        until(lambda: peer.messages)
    (found,) = sql.rows("SELECT id FROM delivery_submission WHERE account_id = %s", [cast.alice.account_id])
    body = log_in(house, cast.alice).get(f"/submissions/{found[0]}/").json
    assert [one["recipient"] for one in body["recipients"]] == ["zoe@there.test"]


# --- who is believed --------------------------------------------------------------------------------


def test_a_made_up_trace_changes_nothing(house: RunningHouse, cast: Cast) -> None:
    sent, traces, _ = sent_to(house, cast.alice, "zoe@there.test")
    true = traces["there.test"]
    forged = true[:-1] + ("a" if true[-1] != "a" else "i")
    report(house, cast.alice, render(samples.POSTFIX, cast.alice, forged, to="zoe@there.test"))
    assert line_of(cast.alice, sent, "zoe@there.test")["state"] == "delivered"


def test_nobody_tells_the_fate_of_mail_that_went_elsewhere(house: RunningHouse, cast: Cast) -> None:
    """Whoever runs there.test has a true trace of this very mail, but not the one that went to far.test."""
    sent, traces, _ = sent_to(house, cast.alice, "zoe@there.test", "xan@there.test", "yan@far.test")
    assert len(set(traces.values())) == 2
    report(house, cast.alice, render(samples.POSTFIX, cast.alice, traces["there.test"], to="yan@far.test"))
    assert line_of(cast.alice, sent, "yan@far.test")["state"] == "delivered"

    report(house, cast.alice, render(samples.POSTFIX, cast.alice, traces["far.test"], to="yan@far.test"))
    assert line_of(cast.alice, sent, "yan@far.test")["state"] == "failed"
    assert line_of(cast.alice, sent, "zoe@there.test")["state"] == "delivered"


def test_of_several_recipients_only_the_one_that_is_named(house: RunningHouse, cast: Cast) -> None:
    sent, traces, _ = sent_to(house, cast.alice, "zoe@there.test", "yan@there.test")
    report(house, cast.alice, render(samples.POSTFIX, cast.alice, traces["there.test"], to="yan@there.test"))
    report(house, cast.alice, render(samples.POSTFIX, cast.alice, traces["there.test"], to="who@there.test"))
    assert line_of(cast.alice, sent, "yan@there.test")["state"] == "failed"
    assert line_of(cast.alice, sent, "zoe@there.test")["state"] == "delivered"


def test_the_only_recipient_is_meant_though_it_was_forwarded(house: RunningHouse, cast: Cast) -> None:
    sent, traces, _ = sent_to(house, cast.alice, "zoe@there.test")
    report(
        house, cast.alice, render(samples.QMAIL, cast.alice, traces["there.test"], to="zoe@elsewhere.test")
    )
    assert line_of(cast.alice, sent, "zoe@there.test")["state"] == "failed"


def test_a_mail_without_a_trace_reports_nothing(house: RunningHouse, cast: Cast) -> None:
    sent, _, _ = sent_to(house, cast.alice, "zoe@there.test")
    report(house, cast.alice, render(samples.POSTFIX, cast.alice, "none", to="zoe@there.test"))
    assert line_of(cast.alice, sent, "zoe@there.test")["state"] == "delivered"


@pytest.mark.parametrize(("author", "is_read"), [("zoe@there.test", True), ("eve@there.test", False)])
def test_a_receipt_by_message_id_is_believed_of_the_recipient(
    house: RunningHouse, cast: Cast, author: str, is_read: bool
) -> None:
    from posthouse.base import sql

    sent, _, _ = sent_to(house, cast.alice, "zoe@there.test")
    found = sql.row("SELECT message_id FROM delivery_submission WHERE id = %s", [sent.submission_id])
    assert found is not None
    raw = render(samples.RECEIPT, cast.alice, "none", to="zoe@there.test", message_id=found[0])
    report(
        house,
        cast.alice,
        raw.replace(b"From: Zoe <zoe@there.test>", f"From: <{author}>".encode()),
        sender=author,
    )
    assert bool(line_of(cast.alice, sent, "zoe@there.test")["read_at"]) is is_read


# --- in what order ----------------------------------------------------------------------------------


def test_worse_news_takes_the_place_of_better_and_not_the_other_way(house: RunningHouse, cast: Cast) -> None:
    sent, traces, _ = sent_to(house, cast.alice, "zoe@there.test")
    seen = []
    for shape in (samples.DELAYED, samples.DELIVERED, samples.DELAYED, samples.POSTFIX, samples.DELIVERED):
        report(house, cast.alice, render(shape, cast.alice, traces["there.test"], to="zoe@there.test"))
        seen.append(line_of(cast.alice, sent, "zoe@there.test")["report"]["action"])
    assert seen == ["delayed", "delivered", "delivered", "failed", "failed"]


def test_a_report_that_is_quicker_than_our_own_writing_is_not_lost(house: RunningHouse, cast: Cast) -> None:
    """The server bounces it before it has answered 250."""
    from posthouse.base import sql
    from posthouse.delivery.fate import traces

    sent = send(cast.alice, "zoe@quick.test", hold_seconds=1)
    trace = traces.trace_of(sent.submission_id, "quick.test")
    report(house, cast.alice, render(samples.POSTFIX, cast.alice, trace, to="zoe@quick.test"))
    assert sql.row("SELECT state FROM delivery_recipient WHERE submission_id = %s", [sent.submission_id]) == (
        "held",
    )
    with outside(house, "quick.test"):
        settled(sent.submission_id)
    line = line_of(cast.alice, sent, "zoe@quick.test")
    assert (line["state"], line["reason"]) == ("failed", "no_such_address")


def test_a_report_moves_the_log_so_that_browsers_hear_of_it(house: RunningHouse, cast: Cast) -> None:
    from posthouse.base import sql

    sent, traces, _ = sent_to(house, cast.alice, "zoe@there.test")

    def number() -> int:
        found = sql.row("SELECT modseq FROM delivery_submission WHERE id = %s", [sent.submission_id])
        assert found is not None
        return int(found[0])

    before = number()
    report(house, cast.alice, render(samples.POSTFIX, cast.alice, traces["there.test"], to="zoe@there.test"))
    assert (after := number()) > before
    report(house, cast.alice, render(samples.POSTFIX, cast.alice, traces["there.test"], to="zoe@there.test"))
    assert number() == after, "the same again is no news"
