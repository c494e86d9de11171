"""From "send" to the last answer: where mail goes, what is tried again, and who hears that it failed."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest

from posthouse.base.errors import Failure, Kind
from tests import make
from tests.cast import Cast, Person
from tests.delivery.outside import inbox, lines, outside, send, set_quota, settled, smtp, until
from tests.delivery.transport.peer import SILENCE
from tests.house import RunningHouse

TEMPORARY = b"451 4.7.1 come back later"
PERMANENT = b"550 5.1.1 nobody of that name"


def bounce(message: EmailMessage) -> tuple[str, list[dict[str, str]], str]:
    """A notification taken apart (RFC 3464): text for people, fields per recipient, subject of the original."""
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "delivery-status"
    text, status, original = message.iter_parts()
    per_message, *per_recipient = status.get_payload()
    assert per_message["Reporting-MTA"] == "dns; mail.posthouse.test"
    assert original.get_content_type() == "message/rfc822"
    (inner,) = original.get_payload()
    return text.get_content(), [dict(part.items()) for part in per_recipient], inner["Subject"]


def test_mail_for_a_colleague_and_for_the_outside(house: RunningHouse, cast: Cast) -> None:
    from posthouse.delivery.fate import traces

    with outside(house, "other.test") as peer:
        raw = make.message(
            sender=cast.alice.email, to="x@other.test", subject="Both", text="Hello\r\n.dot\r\n"
        )
        sent = send(cast.alice, cast.bob.email, "Zoe@Other.test", raw=raw)
        found = settled(sent.submission_id)

    assert {address: line[:2] for address, line in found.items()} == {
        cast.bob.email: ("delivered", 1),
        "Zoe@Other.test": ("delivered", 1),
    }
    trace = traces.field_of(traces.trace_of(sent.submission_id, "other.test"))
    assert [command for command in peer.commands if command[:4] in (b"MAIL", b"RCPT")] == [
        b"MAIL FROM:<%s> SIZE=%d\r\n" % (cast.alice.email.encode(), len(trace + raw)),
        b"RCPT TO:<Zoe@Other.test>\r\n",
    ]
    assert peer.messages == [trace + raw.replace(b"\r\n.dot", b"\r\n..dot") + b".\r\n"]
    (received,) = inbox(cast.bob)
    assert received["Return-Path"] == f"<{cast.alice.email}>"
    assert received["Subject"] == "Both"


def test_a_temporary_refusal_is_tried_again(house: RunningHouse, cast: Cast) -> None:
    with outside(house, "slow.test", replies={"RCPT": [TEMPORARY]}) as peer:
        sent = send(cast.alice, "zoe@slow.test")
        waiting = until(
            lambda: (line := lines(sent.submission_id)["zoe@slow.test"])[0] == "retrying" and line
        )
        found = settled(sent.submission_id)

    assert waiting == ("retrying", 1, "451 4.7.1 4.7.1 come back later")
    assert found["zoe@slow.test"][:2] == ("delivered", 2)
    assert len(peer.messages) == 1
    assert inbox(cast.alice) == []


def test_each_recipient_of_one_connection_has_a_fate_of_his_own(house: RunningHouse, cast: Cast) -> None:
    replies: dict[str, Any] = {
        "RCPT no@mixed.test": PERMANENT,
        "RCPT later@mixed.test": [TEMPORARY],
    }
    with outside(house, "mixed.test", replies=replies) as peer:
        sent = send(cast.alice, "yes@mixed.test", "no@mixed.test", "later@mixed.test")
        found = settled(sent.submission_id)

    assert peer.sessions in (1, 2), "one for all three; the retry may go on with it"
    assert {address: line[:2] for address, line in found.items()} == {
        "yes@mixed.test": ("delivered", 1),
        "no@mixed.test": ("failed", 1),
        "later@mixed.test": ("delivered", 2),
    }
    assert [command for command in peer.commands if command.startswith(b"RCPT")] == [
        b"RCPT TO:<yes@mixed.test>\r\n",
        b"RCPT TO:<no@mixed.test>\r\n",
        b"RCPT TO:<later@mixed.test>\r\n",
        b"RCPT TO:<later@mixed.test>\r\n",
    ]
    (notice,) = inbox(cast.alice)
    _, failed, _ = bounce(notice)
    assert [status["Final-Recipient"] for status in failed] == ["rfc822; no@mixed.test"]


def test_a_permanent_refusal_bounces_once(house: RunningHouse, cast: Cast) -> None:
    with outside(house, "never.test", replies={"RCPT": PERMANENT}):
        sent = send(cast.alice, "zoe@never.test")
        settled(sent.submission_id)

    (notice,) = inbox(cast.alice)
    text, (status,), subject = bounce(notice)
    assert notice["Return-Path"] == "<>"
    assert notice["Auto-Submitted"] == "auto-replied"
    assert notice["To"] == cast.alice.email
    assert "zoe@never.test" in text
    assert "nobody of that name" in text
    assert subject == "Out we go"
    assert status["Action"] == "failed"
    assert status["Status"] == "5.1.1"
    assert status["Diagnostic-Code"].startswith("smtp; 550")


def test_what_stays_temporary_is_given_up_and_bounces_once(house: RunningHouse, cast: Cast) -> None:
    """POSTHOUSE_RETRY=1,1: three tries."""
    with outside(house, "closed.test", replies={"MAIL": TEMPORARY}) as peer:
        sent = send(cast.alice, "zoe@closed.test")
        found = settled(sent.submission_id)

    assert found["zoe@closed.test"][:2] == ("failed", 3)
    assert peer.sessions == 3
    (notice,) = inbox(cast.alice)
    text, (status,), _ = bounce(notice)
    assert "after 3 tries" in text
    assert status["Status"].startswith("4.")


def test_a_bounce_reaches_a_full_mailbox(house: RunningHouse, cast: Cast) -> None:
    """Else the failure could not be written down, and the mail would be tried for ever."""
    with outside(house, "never.test", replies={"RCPT": PERMANENT}) as peer:
        sent = send(cast.alice, "zoe@never.test", hold_seconds=1)
        set_quota(cast.alice, 1)
        found = settled(sent.submission_id)

    assert found["zoe@never.test"][:2] == ("failed", 1)
    assert peer.sessions == 1
    assert len(inbox(cast.alice)) == 1


@pytest.mark.parametrize("sender", ["", "somebody@gone.test"])
def test_the_null_sender_and_strangers_hear_of_nothing(house: RunningHouse, cast: Cast, sender: str) -> None:
    with outside(house, "never.test", "gone.test", replies={"RCPT": PERMANENT}) as peer:
        sent = send(cast.alice, "zoe@never.test", mail_from=sender)
        found = settled(sent.submission_id)

    assert found["zoe@never.test"][0] == "failed"
    assert peer.commands[1].startswith(b"MAIL FROM:<%s>" % sender.encode())
    assert inbox(cast.alice) == []
    assert peer.sessions == 1


@pytest.mark.parametrize(
    ("notify", "told"),
    [("", True), ("FAILURE,DELAY", True), ("NEVER", False), ("SUCCESS", False)],
)
def test_a_sender_may_say_what_to_hear_of(house: RunningHouse, cast: Cast, notify: str, told: bool) -> None:
    """RFC 3461 §4.1, as a mail client asks for it at submission."""
    options = [f"NOTIFY={notify}", "ORCPT=rfc822;zoe+2Btag@never.test"] if notify else []
    with outside(house, "never.test", replies={"RCPT": PERMANENT}):
        with smtp(house, "submission", login=cast.alice) as client:
            client.mail(cast.alice.email, ["ENVID=my-id", "RET=HDRS"])
            assert client.rcpt("zoe@never.test", options)[0] == 250
            assert client.data(make.message(sender=cast.alice.email, subject="N"))[0] == 250
        found = until(lambda: _last_of(cast.alice)[0] == "failed" and _last_of(cast.alice))

    assert found[0] == "failed"
    notices = inbox(cast.alice)
    assert len(notices) == told
    if notices and notify:
        _, status, *_ = notices[0].iter_parts()
        per_message, per_recipient = status.get_payload()  # type: ignore[union-attr]
        assert per_message["Original-Envelope-Id"] == "my-id"
        assert per_recipient["Original-Recipient"] == "rfc822; zoe+tag@never.test"
        assert b"Good morning" not in notices[0].as_bytes()


def _last_of(person: Person) -> tuple[str, str]:
    from posthouse.base import sql

    found = sql.row(
        "SELECT r.state, r.address FROM delivery_recipient r JOIN delivery_submission s ON s.id = r.submission_id"
        " WHERE s.mail_from = %s ORDER BY r.id DESC LIMIT 1",
        [person.email],
    )
    return found or ("", "")


def test_lost_content_is_a_failed_try_and_the_sender_hears_of_it(house: RunningHouse, cast: Cast) -> None:
    from posthouse.base import db, sql

    with outside(house, "fine.test") as peer:
        sent = send(cast.alice, "zoe@fine.test", hold_seconds=1)
        db.run(
            sql.run,
            (("UPDATE base_blob SET codec = 1, data = %s WHERE id = (SELECT blob_id FROM delivery_submission"
             " WHERE id = %s)"), [b"damaged", sent.submission_id]),
            {},
        )  # fmt: skip
        found = settled(sent.submission_id)

    assert found["zoe@fine.test"][:2] == ("failed", 3)
    assert peer.sessions == 0
    assert len(inbox(cast.alice)) == 1


def test_a_vanished_colleague_bounces(house: RunningHouse, cast: Cast) -> None:
    sent = send(cast.alice, f"nobody@{cast.domain}")

    assert settled(sent.submission_id)[f"nobody@{cast.domain}"][:2] == ("failed", 1)
    (notice,) = inbox(cast.alice)
    assert bounce(notice)[1][0]["Status"] == "5.1.1"


# --- hold, cancel, lease ---------------------------------------------------------------------------


def test_a_held_mail_goes_when_its_time_has_come(house: RunningHouse, cast: Cast) -> None:
    from posthouse.delivery import actions

    sent = send(cast.alice, cast.bob.email, hold_seconds=1)
    assert lines(sent.submission_id)[cast.bob.email][0] == "held"
    assert settled(sent.submission_id)[cast.bob.email][:2] == ("delivered", 1)

    with pytest.raises(Failure) as caught:
        actions.cancel(cast.alice.actor, sent.submission_id)
    assert caught.value.code == "already_sent"


def keep_the_runner_out() -> None:
    """Until the action ends; it would take what is due by the clock of a test. In SQLite's lane it waits anyway."""
    from posthouse.base import sql

    if sql.for_update():
        sql.run("LOCK TABLE delivery_recipient IN EXCLUSIVE MODE")


@pytest.mark.parametrize("first", ["cancel", "claim"])
def test_cancel_and_claim_exclude_each_other(house: RunningHouse, cast: Cast, first: str) -> None:
    """In the lane one comes before the other; whoever is second finds the work done."""
    from posthouse.base import clock, db
    from posthouse.delivery import actions
    from posthouse.delivery.queueing import queue

    sent = send(cast.alice, "zoe@nowhere.invalid", hold_seconds=50)
    outcome: dict[str, Any] = {}

    def cancel() -> None:
        try:
            outcome["cancel"] = actions.cancel(cast.alice.actor, sent.submission_id)
        except Failure as failure:
            outcome["cancel"] = failure.code

    def claim() -> None:
        parcels = queue.claim(100)
        outcome["claim"] = [due.address for p in parcels for due in p.recipients if _is_of(sent, due)]

    @db.action
    def both() -> None:
        keep_the_runner_out()
        clock.set_source(lambda: sent.hold_until_ms / 1000 + 1)
        try:
            for act in (cancel, claim) if first == "cancel" else (claim, cancel):
                act()
        finally:
            clock.set_source(None)

    both()

    state = lines(sent.submission_id)["zoe@nowhere.invalid"][0]
    if first == "cancel":
        assert outcome == {"cancel": sent.email_id, "claim": []}
        assert state == "cancelled"
    else:
        assert outcome == {"cancel": "already_sent", "claim": ["zoe@nowhere.invalid"]}
        assert state == "sending"


def _is_of(sent: Any, due: Any) -> bool:
    """Not left over from another test, whose lease has run out by the clock of this one."""
    return bool(due.submission_id == sent.submission_id)


def test_taking_back_what_was_deleted_meanwhile_still_stops_it(house: RunningHouse, cast: Cast) -> None:
    from posthouse.delivery import actions
    from posthouse.mail import actions as mail_actions

    sent = send(cast.alice, cast.bob.email, hold_seconds=30)
    mail_actions.destroy_emails(cast.alice.actor, [sent.email_id])

    actions.cancel(cast.alice.actor, sent.submission_id)

    assert lines(sent.submission_id)[cast.bob.email][0] == "cancelled"


def test_nobody_takes_back_anothers_mail(house: RunningHouse, cast: Cast) -> None:
    from posthouse.delivery import actions

    sent = send(cast.alice, cast.bob.email, hold_seconds=30)
    with pytest.raises(Failure) as caught:
        actions.cancel(cast.mallory.actor, sent.submission_id)

    assert caught.value.kind is Kind.MISSING
    actions.cancel(cast.alice.actor, sent.submission_id)


def test_a_lease_that_ran_out_is_taken_by_another_and_the_first_writes_nothing(
    house: RunningHouse, cast: Cast
) -> None:
    from posthouse.base import clock, db
    from posthouse.delivery.actions import LEASE_MS
    from posthouse.delivery.queueing import queue
    from posthouse.delivery.queueing.queue import DELIVERED, Result

    sent = send(cast.alice, "zoe@nowhere.invalid", hold_seconds=50)
    assert sent.hold_until_ms is not None
    start = sent.hold_until_ms / 1000 + 1

    @db.action
    def twice() -> list[Any]:
        keep_the_runner_out()
        claims = []
        for now in (start, start + LEASE_MS / 1000 - 1, start + LEASE_MS / 1000 + 1):
            clock.set_source(lambda now=now: now)  # type: ignore[misc]
            claims.append([due for p in queue.claim(100) for due in p.recipients if _is_of(sent, due)])
        clock.set_source(None)
        return claims

    first, too_early, second = twice()
    assert [due.attempts for due in first + second] == [1, 2]
    assert too_early == []

    db.run(queue.settle, ([Result(due=first[0], outcome=DELIVERED)],), {})
    assert lines(sent.submission_id)["zoe@nowhere.invalid"][0] == "sending"
    db.run(queue.settle, ([Result(due=second[0], outcome=DELIVERED)],), {})
    assert lines(sent.submission_id)["zoe@nowhere.invalid"][0] == "delivered"


def test_what_a_killed_process_was_sending_is_due_at_the_next_start(house: RunningHouse, cast: Cast) -> None:
    from posthouse.base import clock, db
    from posthouse.delivery.queueing import queue

    with outside(house, "fine.test"):
        sent = send(cast.alice, "zoe@fine.test", hold_seconds=50)

        @db.action
        def leased() -> None:
            keep_the_runner_out()
            clock.set_source(lambda: (sent.hold_until_ms or 0) / 1000 + 1)
            queue.claim(100)
            clock.set_source(None)

        leased()
        assert lines(sent.submission_id)["zoe@fine.test"][0] == "sending"

        queue.end_leases()
        db.run(db.hint, ("outbox",), {})

        assert settled(sent.submission_id)["zoe@fine.test"][:2] == ("delivered", 2)


def test_a_claim_takes_whole_groups_and_no_more_than_asked(house: RunningHouse, cast: Cast) -> None:
    from posthouse.base import clock, db, sql
    from posthouse.delivery.queueing import queue

    sent = send(
        cast.alice, "a@one.invalid", "b@two.invalid", "c@one.invalid", "d@three.invalid", hold_seconds=50
    )

    @db.action
    def claimed() -> list[list[str]]:
        keep_the_runner_out()
        clock.set_source(lambda: (sent.hold_until_ms or 0) / 1000 + 1)
        parcels = queue.claim(100, most_parcels=2)
        clock.set_source(None)
        return [[due.address for due in parcel.recipients] for parcel in parcels]

    db.run(sql.run, ("UPDATE delivery_recipient SET due_at = NULL WHERE state = 'sending'",), {})
    assert claimed() == [["a@one.invalid", "c@one.invalid"], ["b@two.invalid"]]


def test_a_long_line_to_a_slow_server_delays_nobody_else(house: RunningHouse, cast: Cast) -> None:
    """Two hundred wait for a server that says nothing; the one behind them goes to its own at once."""
    from posthouse.delivery.queueing.due import PER_DESTINATION

    raw = make.message(sender=cast.alice.email, to="zoe@stuck.test", subject="Many")
    with outside(house, "stuck.test", greeting=SILENCE) as stuck, outside(house, "brisk.test") as brisk:
        line = [send(cast.alice, "zoe@stuck.test", raw=raw) for _ in range(200)]
        until(lambda: stuck.sessions >= PER_DESTINATION)
        sent = send(cast.alice, "zoe@brisk.test")
        assert settled(sent.submission_id)["zoe@brisk.test"][:2] == ("delivered", 1)
        waiting = [lines(one.submission_id)["zoe@stuck.test"][0] for one in line]
        assert waiting.count("queued") > len(line) // 2 and len(brisk.messages) == 1
        assert stuck.most_at_once == PER_DESTINATION
        _give_up(line)


def test_one_who_writes_to_many_slow_servers_delays_nobody_else(house: RunningHouse, cast: Cast) -> None:
    """Sixty domains whose servers say nothing: more than the house has connections. Others have theirs."""
    from posthouse.delivery.queueing.due import PER_SENDER

    domains = [f"stuck{number}.test" for number in range(60)]
    raw = make.message(sender=cast.alice.email, to="zoe@stuck0.test", subject="Many")
    with outside(house, *domains, greeting=SILENCE) as stuck, outside(house, "brisk.test") as brisk:
        line = [send(cast.alice, f"zoe@{domain}", raw=raw) for domain in domains]
        until(lambda: stuck.sessions >= PER_SENDER)
        sent = send(cast.bob, "zoe@brisk.test")
        assert settled(sent.submission_id)["zoe@brisk.test"][:2] == ("delivered", 1)
        assert stuck.most_at_once == PER_SENDER and len(brisk.messages) == 1
        _give_up(line)


def _give_up(line: list[Any]) -> None:
    from posthouse.base import db, sql

    @db.action
    def give_up() -> None:
        for one in line:
            sql.run(
                "UPDATE delivery_recipient SET due_at = NULL, state = 'failed' WHERE submission_id = %s",
                [one.submission_id],
            )

    give_up()


# --- the same request again -------------------------------------------------------------------------


def test_one_key_sends_once_even_when_asked_at_once(house: RunningHouse, cast: Cast) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from posthouse.delivery import actions
    from posthouse.mail import storing

    def ask(number: int) -> Any:
        raw = make.message(sender=cast.alice.email, to=cast.bob.email, message_id="same@alice.test")
        return actions.send(
            cast.alice.actor,
            actions.Sending(
                account_id=cast.alice.account_id,
                arrival=storing.prepare(raw),
                wire=None,
                mail_from=cast.alice.email,
                targets=[actions.Target(address=cast.bob.email)],
                key="key",
                fingerprint="same",
            ),
        )

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))

    assert len({(answer.email_id, answer.submission_id) for answer in answers}) == 1
    assert sorted(answer.is_replay for answer in answers) == [False] + [True] * 7
    settled(answers[0].submission_id)
    assert len(inbox(cast.bob)) == 1


@pytest.mark.parametrize("hold_seconds", [-1, 61])
def test_a_mail_is_not_held_for_ever(house: RunningHouse, cast: Cast, hold_seconds: int) -> None:
    with pytest.raises(Failure) as caught:
        send(cast.alice, cast.bob.email, hold_seconds=hold_seconds)
    assert caught.value.kind is Kind.INVALID


def test_a_long_line_is_looked_past_once_and_nothing_behind_it_is_missed(
    house: RunningHouse, cast: Cast
) -> None:
    """What is remembered of the line ends no sooner than the line, and counts only while its domain is full."""
    from posthouse.base import clock, db, sql
    from posthouse.delivery.queueing import due

    def sent_ago(domain: str, seconds: int) -> set[int]:
        submission_id = send(cast.alice, f"zoe@{domain}", hold_seconds=60).submission_id
        sql.run(
            "UPDATE delivery_recipient SET due_at = %s, state = 'queued' WHERE submission_id = %s",
            [clock.now_ms() - seconds * 1000, submission_id],
        )
        found = sql.rows("SELECT id FROM delivery_recipient WHERE submission_id = %s", [submission_id])
        return {row[0] for row in found}

    @db.action
    def scenario() -> None:
        keep_the_runner_out()
        due._marks.clear()
        full = due.UnderWay({"line.test": due.PER_DESTINATION})
        line = set().union(*(sent_ago("line.test", 100 + number) for number in range(20)))
        behind = sent_ago("behind.test", 90)
        for _ in range(3):
            found = set(due.look(200, under_way=full))
            assert behind <= found and not found & line
        assert due._past(full.full(), clock.now_ms()) > clock.now_ms() - 120_000, "not from the beginning"
        later = sent_ago("later.test", 1)
        next_at = due.next_due_ms(full.full())
        assert next_at is not None and next_at <= clock.now_ms() - 90_000
        assert later | behind <= set(due.look(200, under_way=full))
        assert len(set(due.look(200, under_way=due.UnderWay({"line.test": 5}))) & line) == 3
        raise _Undone

    with pytest.raises(_Undone):
        scenario()


class _Undone(Exception):
    """Ends an action so that nothing of it stays."""
