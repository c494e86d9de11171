"""Mail by SMTP into the house: who is here, who is full, who may send as whom."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest

from tests import make
from tests.cast import Cast, Person
from tests.delivery.outside import inbox, outside, set_quota, smtp, until
from tests.house import RunningHouse

SENDER = "zoe@outside.test"


def rcpt(house: RunningHouse, *addresses: str) -> list[int]:
    """The MX door's answers to recipients, as they are written on the wire."""
    with smtp(house) as client:
        client.mail(SENDER)
        return [client.docmd(f"RCPT TO:{address}")[0] for address in addresses]


def hand_in(house: RunningHouse, to: list[str], **fields: Any) -> dict[str, tuple[int, bytes]]:
    with smtp(house) as client:
        return client.sendmail(SENDER, to, make.message(**fields))


def subjects(person: Person) -> list[str]:
    return [str(message["Subject"]) for message in inbox(person)]


def test_one_mail_for_two_is_in_both_inboxes_when_it_is_answered(house: RunningHouse, cast: Cast) -> None:
    from posthouse.base import sql

    assert hand_in(house, [cast.alice.email, cast.bob.email, cast.alice.email], subject="Both") == {}

    assert subjects(cast.alice) == subjects(cast.bob) == ["Both"]
    blobs = sql.rows(
        "SELECT DISTINCT blob_id FROM mail_email WHERE account_id IN (%s, %s)",
        [cast.alice.account_id, cast.bob.account_id],
    )
    assert len(blobs) == 1, "one delivery is kept once"


@pytest.mark.parametrize(
    "spelling",
    [
        "<{local}@{domain}>",
        "<{LOCAL}@{DOMAIN}>",
        "<{local}+tag@{domain}>",
        "<{local}+a+b@{domain}>",
        '<"{local}"@{domain}>',
        "<@relay.test:{local}@{domain}>",
    ],
)
def test_an_address_has_many_spellings(house: RunningHouse, cast: Cast, spelling: str) -> None:
    words = {"local": "alice", "LOCAL": "ALICE", "domain": cast.domain, "DOMAIN": cast.domain.upper()}
    with smtp(house) as client:
        client.mail(SENDER)
        assert client.docmd(f"RCPT TO:{spelling.format(**words)}")[0] == 250
        assert client.data(make.message(subject="Found"))[0] == 250

    assert subjects(cast.alice) == ["Found"]


def test_nobody_is_told_from_somebody_elsewhere(house: RunningHouse, cast: Cast) -> None:
    """No spelling makes us a relay."""
    ours = cast.domain
    assert rcpt(house, f"<nobody@{ours}>", f"<+tag@{ours}>", f'<"a b"@{ours}>') == [550] * 3
    relayed = [
        "<zoe@other.test>",
        f"<zoe%other.test@{ours}>",
        f"<@{ours}:zoe@other.test>",
        f'<"zoe@other.test"@{ours}>',
        f"<other.test!zoe@{ours}>",
        f"<alice@{ours}@other.test>",
        f"<alice@{ours}.other.test>",
        f"<alice@sub.{ours}>",
        "<alice@[127.0.0.1]>",
        "<alice@localhost>",
        f"<alice@{ours}.>",
    ]
    answers = dict(zip(relayed, rcpt(house, *relayed), strict=True))
    dotted = answers.pop(f"<alice@{ours}.>")
    assert all(500 <= answer < 600 for answer in answers.values()), answers
    assert dotted in (250, 501, 550, 553), "a trailing dot is the same domain or no address"
    assert inbox(cast.alice) == []


def test_every_domain_has_a_postmaster_and_so_has_the_house(house: RunningHouse, cast: Cast) -> None:
    """RFC 5321 §4.5.1: whoever runs the organisation, unless somebody has the address."""
    from tests.cast import person

    with smtp(house) as client:
        client.mail(SENDER)
        client.docmd(f"RCPT TO:<PostMaster@{cast.domain}>")
        client.docmd(f"RCPT TO:<abuse@{cast.domain}>")
        assert client.data(make.message(subject="Desk"))[0] == 250
    assert subjects(cast.alice) == ["Desk"], "alice is the owner; once, though two desks are hers"
    assert inbox(cast.bob) == []

    carol = person("Postmaster", cast.domain)
    assert hand_in(house, [f"postmaster@{cast.domain}"], subject="Carol") == {}
    assert subjects(carol) == ["Carol"]

    assert rcpt(house, "<postmaster>", "<postmaster@mail.posthouse.test>") == [250, 250]
    assert rcpt(house, "<alice@mail.posthouse.test>") == [550]


def test_a_full_mailbox_is_refused_alone(house: RunningHouse, cast: Cast) -> None:
    make.email(cast.bob)
    set_quota(cast.bob, 1)
    with smtp(house) as client:
        client.mail(SENDER)
        answers = [client.rcpt(one.email) for one in (cast.alice, cast.bob)]
        assert client.data(make.message(subject="Still"))[0] == 250

    assert [answer[0] for answer in answers] == [250, 452]
    assert answers[1][1].startswith(b"4.2.2")
    assert subjects(cast.alice) == ["Still"]
    assert len(inbox(cast.bob)) == 1


def test_a_nearly_full_mailbox_does_not_keep_mail_from_the_others(house: RunningHouse, cast: Cast) -> None:
    set_quota(cast.bob, 10)

    assert hand_in(house, [cast.alice.email, cast.bob.email], subject="Last one") == {}

    assert subjects(cast.alice) == subjects(cast.bob) == ["Last one"]
    set_quota(cast.bob, 10)
    assert rcpt(house, f"<{cast.bob.email}>") == [452]


def test_a_colleague_with_a_full_mailbox_is_the_queues_to_report(house: RunningHouse, cast: Cast) -> None:
    """A mail program could not send later, and the others should have it now."""
    carol = cast.mallory
    make.email(cast.bob)
    set_quota(cast.bob, 1)
    with smtp(house, "submission", login=cast.alice) as client:
        raw = make.message(sender=cast.alice.email, subject="To both")
        assert client.sendmail(cast.alice.email, [cast.bob.email, carol.email], raw) == {}

    assert subjects(carol) == ["To both"]
    (notice,) = until(lambda: inbox(cast.alice))
    assert notice.get_content_type() == "multipart/report"
    assert cast.bob.email in notice.as_string()


def test_submission_sends_to_the_outside_and_keeps_bcc_in(house: RunningHouse, cast: Cast) -> None:
    with outside(house, "client.test") as peer:
        with smtp(house, "submission", login=cast.alice) as client:
            raw = make.message(sender=cast.alice.email, to="x@client.test", headers="X-Kept: yes\r\n")
            client.sendmail(cast.alice.email, ["x@client.test", cast.bob.email], raw)
        until(lambda: peer.messages)

    (sent,) = peer.messages
    assert sent.partition(b"\r\n")[2].startswith(b"Received: "), "below our trace"
    assert b"X-Kept: yes" in sent
    assert len(inbox(cast.bob)) == 1


def test_bcc_of_a_composed_mail_is_not_on_the_wire(house: RunningHouse, cast: Cast) -> None:
    from posthouse.delivery import actions
    from posthouse.delivery.writing import outgoing
    from posthouse.mail.drafts import DraftContent
    from posthouse.wire.mime.addresses import Address

    with outside(house, "bcc.test") as peer:
        draft = DraftContent(
            to=(Address("", "open@bcc.test"),),
            bcc=(Address("", "secret@bcc.test"),),
            subject="Quiet",
            text="x",
        )
        sent = actions.send(cast.alice.actor, outgoing.prepare(cast.alice.actor, draft))
        until(lambda: peer.messages)

    assert sorted(line for line in peer.commands if line.startswith(b"RCPT")) == [
        b"RCPT TO:<open@bcc.test>\r\n",
        b"RCPT TO:<secret@bcc.test>\r\n",
    ]
    assert b"secret" not in peer.messages[0]
    assert b"bcc:" not in peer.messages[0].lower()
    assert sent.email_id


@pytest.mark.parametrize(
    ("mail_from", "header_from", "is_fine"),
    [
        ("alice@{d}", "Alice <alice@{d}>", True),
        ("ALICE+lists@{d}", "alice+news@{d}", True),
        ("bob@{d}", "alice@{d}", False),
        ("alice@{d}", "Bob <bob@{d}>", False),
        ("alice@{d}", "alice@{d}, bob@{d}", False),
        ("alice@{d}", "alice@other.test", False),
        ("alice@other.test", "alice@{d}", False),
        ("postmaster@{d}", "alice@{d}", False),
    ],
)
def test_one_sends_only_as_oneself(
    house: RunningHouse, cast: Cast, mail_from: str, header_from: str, is_fine: bool
) -> None:
    raw = make.message(sender=header_from.format(d=cast.domain))
    with smtp(house, "submission", login=cast.alice) as client:
        if is_fine:
            client.sendmail(mail_from.format(d=cast.domain), [cast.bob.email], raw)
        else:
            with pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPDataError)) as caught:
                client.sendmail(mail_from.format(d=cast.domain), [cast.bob.email], raw)
            assert 500 <= caught.value.smtp_code < 600
    assert len(inbox(cast.bob)) == is_fine


def test_nobody_submits_without_a_login(house: RunningHouse, cast: Cast) -> None:
    with smtp(house, "submission") as client:
        assert client.mail(cast.alice.email)[0] == 530


def test_a_new_person_is_found_at_once(house: RunningHouse, cast: Cast) -> None:
    """The directory keeps answers for a moment, but not across a change."""
    from tests.cast import person

    address = f"<carol@{cast.domain}>"
    assert rcpt(house, address) == [550]
    person("Carol", cast.domain)
    assert rcpt(house, address) == [250]
