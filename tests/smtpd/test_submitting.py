"""What a mail client asks of mail it hands in: to be held until later, to go over proved TLS only, to be any bytes."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from posthouse.base import clock, sql
from tests.cast import Cast, Person
from tests.delivery.outside import inbox, outside, until
from tests.house import RunningHouse


def letter(cast: Cast) -> bytes:
    return b"From: %s\r\nSubject: Later\r\n\r\nHello\r\n" % cast.alice.email.encode()


@contextmanager
def client(house: RunningHouse, person: Person) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", house.ports["submission"], timeout=20) as smtp:
        smtp.ehlo("client.test")
        smtp.login(person.email, person.password)
        yield smtp


def waiting(sender: Person) -> list[tuple[str, str]]:
    return sql.rows(
        "SELECT r.address, r.state FROM delivery_recipient r JOIN delivery_submission s ON s.id = r.submission_id"
        " WHERE s.mail_from = %s ORDER BY r.address",
        [sender.email],
    )


def test_mail_is_held_for_everybody_and_goes_at_its_time(house: RunningHouse, cast: Cast) -> None:
    with outside(house, "later.test") as peer:
        with client(house, cast.alice) as smtp:
            assert smtp.esmtp_features["futurerelease"].startswith("31536000 ")
            to = [cast.bob.email, "zoe@later.test"]
            assert smtp.sendmail(cast.alice.email, to, letter(cast), mail_options=["HOLDFOR=2"]) == {}
        assert waiting(cast.alice) == [(cast.bob.email, "held"), ("zoe@later.test", "held")]
        assert inbox(cast.bob) == [] and peer.messages == []
        until(lambda: {state for _, state in waiting(cast.alice)} == {"delivered"})
        (received,) = inbox(cast.bob)
        assert received["Return-Path"] == f"<{cast.alice.email}>"
        assert len(peer.messages) == 1


def test_a_moment_holds_as_well_and_one_that_is_over_does_not(house: RunningHouse, cast: Cast) -> None:
    moment = (clock.now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with client(house, cast.alice) as smtp:
        smtp.sendmail(cast.alice.email, [cast.bob.email], letter(cast), mail_options=[f"HOLDUNTIL={moment}"])
        over = "HOLDUNTIL=2020-01-01T00:00:00Z"
        smtp.sendmail(cast.alice.email, [cast.bob.email], letter(cast), mail_options=[over])
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            smtp.sendmail(cast.alice.email, [cast.bob.email], letter(cast), mail_options=["HOLDFOR=31536001"])
    assert refused.value.smtp_code == 501
    assert waiting(cast.alice) == [(cast.bob.email, "held")]
    assert len(inbox(cast.bob)) == 1


def test_the_world_may_not_have_mail_held(house: RunningHouse, cast: Cast) -> None:
    with smtplib.SMTP("127.0.0.1", house.ports["mx"], timeout=20) as smtp:
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            smtp.sendmail("ann@else.test", [cast.bob.email], letter(cast), mail_options=["HOLDFOR=1"])
        assert "futurerelease" not in smtp.esmtp_features
    assert refused.value.smtp_code == 555


def test_the_demand_for_tls_is_kept_in_the_queue(house: RunningHouse, cast: Cast) -> None:
    import ssl

    context = ssl.create_default_context(cafile=str(house.data / "tls-certificate.pem"))
    context.check_hostname = False
    with outside(house, "clear.test") as peer:
        with smtplib.SMTP("127.0.0.1", house.ports["submission"], timeout=20) as smtp:
            smtp.starttls(context=context)
            smtp.ehlo("client.test")
            smtp.login(cast.alice.email, cast.alice.password)
            smtp.sendmail(cast.alice.email, ["zoe@clear.test"], letter(cast), mail_options=["REQUIRETLS"])
        until(lambda: waiting(cast.alice) == [("zoe@clear.test", "failed")], seconds=30)
    assert peer.messages == []
    (notice,) = inbox(cast.alice)
    assert "TLS" in notice.as_string()


def test_any_bytes_are_kept_as_they_are_and_given_on_as_lines(house: RunningHouse, cast: Cast) -> None:
    content = (
        b"From: %s\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
        b"Content-Transfer-Encoding: binary\r\n\r\n" % cast.alice.email.encode()
    ) + bytes(range(256))
    with outside(house, "lines.test") as peer, client(house, cast.alice) as smtp:
        smtp.mail(cast.alice.email, ["BODY=BINARYMIME"])
        assert smtp.rcpt(cast.bob.email)[0] == smtp.rcpt("zoe@lines.test")[0] == 250
        smtp.putcmd(f"BDAT {len(content)} LAST")
        smtp.sock.sendall(content)  # type: ignore[union-attr]
        assert smtp.getreply()[0] == 250
        until(lambda: peer.messages)
    (blob_id,) = sql.row("SELECT blob_id FROM mail_email WHERE account_id = %s", [cast.bob.account_id]) or (
        0,
    )
    from posthouse.base import blobs

    assert blobs.read(blob_id).endswith(b"\r\n\r\n" + bytes(range(256)))
    (given,) = peer.messages
    assert b"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAECAwQF" in given
    (received,) = inbox(cast.bob)
    assert received.get_content() == bytes(range(256))


def test_an_address_that_is_taken_away_is_of_no_use_to_who_is_still_connected(
    house: RunningHouse, cast: Cast
) -> None:
    """What one may send as is kept between two messages, and read again when it changed."""
    from posthouse.identity import aliases

    alias = f"sales@{cast.domain}"
    mail = letter(cast).replace(cast.alice.email.encode(), alias.encode())
    made = aliases.add_alias(cast.alice.actor, cast.bob.actor.user_id, alias)
    with client(house, cast.bob) as smtp:
        for _ in range(2):
            assert smtp.sendmail(alias, [cast.alice.email], mail) == {}
        smtp.mail(alias)
        smtp.rcpt(cast.alice.email)
        aliases.remove_alias(cast.alice.actor, cast.bob.actor.user_id, int(made["id"]))
        code, text = smtp.data(mail)
        assert code == 550, text
        aliases.add_alias(cast.alice.actor, cast.bob.actor.user_id, alias)
        assert smtp.sendmail(alias, [cast.alice.email], mail) == {}
    assert len(inbox(cast.alice)) == 3
