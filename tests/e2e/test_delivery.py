"""What became of a mail, and the queue of those who look after an organisation, in the browser."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.cast import Cast
from tests.delivery.outside import outside, send, settled, until
from tests.delivery.test_domain_reports import NOW, arrive
from tests.delivery.test_domain_reports import mail as report_mail
from tests.delivery.test_fates import render, report, sent_to
from tests.delivery.test_limits import crowd
from tests.delivery.test_waiting import state, waiting
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.e2e.test_organisation import open_section, row
from tests.house import RunningHouse
from tests.wire.auth.dmarc_samples import record
from tests.wire.auth.dmarc_samples import report as aggregate
from tests.wire.mime import report_samples as samples

pytestmark = pytest.mark.e2e
GREYLISTED = {"MAIL": b"451 4.7.1 greylisted, come back"}


def test_the_delivery_line_tells_of_each_recipient(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    sent, traces, _ = sent_to(house, cast.alice, "zoe@there.test", "yan@far.test")
    report(house, cast.bob, render(samples.POSTFIX, cast.alice, traces["there.test"], to="zoe@there.test"))
    receipt = render(samples.RECEIPT, cast.alice, traces["far.test"], to="yan@far.test")
    report(house, cast.bob, receipt, sender="yan@far.test")

    alice = desk(cast.alice, path="/mail/sent")
    alice.open("Out we go")
    page = alice.page
    page.get_by_role("button", name="Not delivered to 1 person").click()
    story = page.get_by_role("dialog", name="Delivery")
    zoe = story.get_by_role("listitem").filter(has_text="zoe@there.test").first
    expect(zoe).to_contain_text("There is nobody of that name there.")
    expect(zoe).to_contain_text("Returned by box.there.test")
    expect(zoe).to_contain_text("User unknown")
    yan = story.get_by_role("listitem").filter(has_text="yan@far.test").first
    expect(yan).to_contain_text("Read, says a receipt")
    assert axe_faults(page) == []
    assert settled(sent.submission_id)


def chosen(page: Page, *recipients: str) -> None:
    for recipient in recipients:
        row(page, recipient, "Queue").get_by_role("checkbox").check()


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_queue_is_seen_and_acted_on(house: RunningHouse, cast: Cast, desk: Sit, size: str) -> None:
    with outside(house, "slow.test", replies=GREYLISTED):
        zoe, yan = waiting(cast.bob, "zoe@slow.test", "yan@slow.test")
        alice = desk(cast.alice, size=size, path="/organisation/delivery")
        page = alice.page
        expect(row(page, "slow.test", "Destinations")).to_contain_text("2 mails")
        expect(row(page, "slow.test", "Destinations")).to_contain_text("Asked to wait")
        chosen(page, "zoe@slow.test")
        page.get_by_role("button", name="Hold", exact=True).click()
        until(lambda: state(zoe) == "held")
        expect(page.get_by_text("1 mail is held.")).to_be_visible()
        chosen(page, "yan@slow.test")
        page.get_by_role("button", name="Give up", exact=True).click()
        page.get_by_role("dialog", name="Give up").get_by_role("button", name="Give up").click()
        expect(row(page, "yan@slow.test", "Queue")).to_have_count(0)
        assert (state(zoe), state(yan)) == ("held", "failed")
        assert (axe_faults(page), overflow(page)) == ([], 0)


def test_a_stopped_person_decides_in_the_browser(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    with outside(house, "there.test"):
        send(cast.bob, *crowd(101, "there.test"), raw=make.message(sender=cast.bob.email, subject="Held"))
        bob = desk(cast.bob)
        page = bob.page
        page.get_by_role("link", name="Decide").click()
        expect(page.get_by_text("Wrote to 101 people for the first time")).to_be_visible()
        assert axe_faults(page) == []
        page.get_by_role("button", name="Discard").click()
        page.get_by_role("dialog", name="Discard").get_by_role("button", name="Discard").click()
        expect(page.get_by_text("None of it is sent.")).to_be_visible()
        expect(page.get_by_text("What you send is held")).to_have_count(0)


def test_limits_are_set_in_the_browser(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    page = open_section(desk(cast.alice), "Delivery")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    page.get_by_label("Mails of one person").fill("7")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It counts at once.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Mails of one person")).to_have_value("7")
    expect(page).to_have_url(re.compile("/organisation/delivery$"))


def test_a_domain_tells_of_reports_and_of_its_keys(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    xml = aggregate(
        record("192.0.2.1", 90), record("198.51.100.7", 10, dkim="fail"), domain=cast.domain, end=NOW
    )
    arrive(house, cast, report_mail(cast.domain, gzip.compress(xml)))
    alice = desk(cast.alice)
    page = open_section(alice, "Domains")
    page.get_by_role("link", name=cast.domain).click()
    expect(
        page.get_by_text("100 mails named the domain. 90 are proved to be of it, 10 are not")
    ).to_be_visible()
    expect(row(page, "198.51.100.7", "Servers that send in its name")).to_contain_text("Not proved")
    page.get_by_role("button", name="Make keys").click()
    often = page.get_by_label("How often new keys are made")
    often.select_option(label="Every 6 months")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(often).to_have_value("180")
    assert (axe_faults(page), overflow(page)) == ([], 0)
