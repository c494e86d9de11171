"""Which mail wants no answer by a program."""

from __future__ import annotations

import pytest

from posthouse.wire.mime.automatic import is_answerable, wants_no_answer
from posthouse.wire.mime.headers import read_header


def _fields(header: str) -> list[tuple[bytes, bytes]]:
    raw = f"From: a@b.test\r\n{header}\r\nhello\r\n".encode()
    return read_header(raw, 0, len(raw)).fields


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied\r\n",
        "Auto-Submitted: Auto-Generated; owner-email=x@y.test\r\n",
        "auto-submitted:\r\n auto-notified\r\n",
        "Precedence: bulk\r\n",
        "Precedence: LIST\r\n",
        "List-Id: <x.lists.test>\r\n",
        "List-Unsubscribe: <mailto:x@y.test>\r\n",
        "X-Auto-Response-Suppress: DR, OOF\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n",
    ],
)
def test_programs_and_lists_want_no_answer(header: str) -> None:
    assert wants_no_answer(_fields(header))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Auto-Submitted: no\r\n",
        "Precedence: first-class\r\n",
        "X-Auto-Response-Suppress: DR\r\n",
        "X-List-Id: x\r\n",
    ],
)
def test_people_may_be_answered(header: str) -> None:
    assert not wants_no_answer(_fields(header))


@pytest.mark.parametrize(
    "address",
    [
        "", "MAILER-DAEMON@a.test", "postmaster@a.test", "owner-list@a.test", "list-request@a.test",
        "list-bounces@a.test", "noreply@a.test", "no-reply-x@a.test", "DoNotReply@a.test", "bounce+17@a.test",
    ],
)  # fmt: skip
def test_nobody_sits_behind_these(address: str) -> None:
    assert not is_answerable(address)


@pytest.mark.parametrize(
    "address", ["ann@a.test", "norman@a.test", "ownerx@a.test", "SRS0=x=AA=a.test=ann@b.test"]
)
def test_somebody_sits_behind_these(address: str) -> None:
    assert is_answerable(address)
