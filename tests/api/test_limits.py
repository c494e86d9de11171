"""Limits at the doors: told in headers, refused with a problem, and one purse for HTTP and SMTP."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator

import pytest

from posthouse.base import limits
from posthouse.base.limits import Rate
from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse


@pytest.fixture
def few() -> Iterator[None]:
    """Small quotas; the operator's are put back."""
    before = dict(limits._rates)
    limits.configure({"general": Rate(20, 60.0), "search": Rate(2, 60.0), "send": Rate(2, 3_600.0)})
    limits.limiter.reset()
    yield
    limits.configure(before)
    limits.limiter.reset()


def test_everybody_is_told_how_they_stand(few: None, alice: Client) -> None:
    first, second = alice.get("/limits/"), alice.get("/limits/")
    assert first.headers["ratelimit-policy"] == '"general";q=20;w=60'
    assert first.headers["ratelimit"].startswith('"general";r=19;t=')
    assert second.headers["ratelimit"].startswith('"general";r=18;t=')


def test_too_many_are_refused_until_they_wait(
    few: None, house: RunningHouse, alice: Client, cast: Cast
) -> None:
    answers = [alice.get("/threads/", q="x") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    refused = answers[-1]
    assert refused.headers["ratelimit"].startswith('"search";r=0;t=')
    assert 1 <= int(refused.headers["retry-after"]) <= 31
    assert refused.json["code"] == "too_many_requests" and refused.json["violated-policies"] == ["search"]
    inbox = make.mailbox(cast.alice, "inbox")
    assert alice.get("/threads/", mailbox=inbox).status == 200
    assert log_in(house, cast.alice).get("/mail/search/v1/?q=x").status == 429, (
        "another token, the same purse"
    )
    assert log_in(house, cast.bob).get("/threads/", q="x").status == 200


def test_sending_has_one_purse_for_all_doors(
    few: None, house: RunningHouse, alice: Client, cast: Cast
) -> None:
    body = {"to": [{"email": cast.bob.email}], "text": "x"}
    assert [alice.post("/send/", body).status for _ in range(2)] == [202, 202]
    client = smtplib.SMTP("127.0.0.1", house.ports["submission"], timeout=20)
    client.login(cast.alice.email, cast.alice.password)
    raw = make.message(sender=cast.alice.email, to=cast.bob.email)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail(cast.alice.email, [cast.bob.email], raw)
    assert refused.value.smtp_code == 450
    client.quit()
    assert alice.post("/mail/create/v1/", {"to": cast.bob.email, "body": "x"}).status == 429
    assert alice.get("/limits/").status == 200


def test_nobody_shares_the_network(few: None, anyone: Client, alice: Client) -> None:
    answers = [anyone.get("/health/").status for _ in range(21)]
    assert answers.count(429) >= 1
    assert alice.get("/limits/").status == 200


def test_remote_images_count_too(few: None, house: RunningHouse, alice: Client, cast: Cast) -> None:
    from tests.api.test_images import _signed

    alice.get("/me/")
    link = _signed(cast, alice, "http://127.0.0.1:1/none.png")
    answers = [alice.request("GET", link) for _ in range(21)]
    assert {answer.status for answer in answers[:10]} == {502}
    assert answers[-1].status == 429 and int(answers[-1].headers["retry-after"]) >= 1
