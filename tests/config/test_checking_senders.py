"""The settings of sender checks, and every fault named."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from posthouse.config.env import Misconfigured, SenderChecks, load


def _loaded(tmp_path: Path, **given: str) -> SenderChecks:
    named = {f"POSTHOUSE_{name}": text for name, text in given.items()}
    return load({"POSTHOUSE_DATA": str(tmp_path), **named}).senders


def test_what_is_not_given(tmp_path: Path) -> None:
    found = _loaded(tmp_path)
    assert (found.is_on, found.trusted_peers, found.dmarc, found.arc_trusted) == (True, None, "junk", ())


def test_what_is_given(tmp_path: Path) -> None:
    found = _loaded(
        tmp_path,
        CHECK_SENDERS="off",
        TRUSTED_PEERS="10.0.0.0/8 ::1",
        DMARC="Enforce",
        ARC_TRUSTED="A.test, b.test",
    )
    assert found.trusted_peers == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert (found.is_on, found.dmarc, found.arc_trusted) == (False, "enforce", ("a.test", "b.test"))
    assert _loaded(tmp_path, TRUSTED_PEERS="none").trusted_peers == ()
    assert _loaded(tmp_path, TRUSTED_PEERS="private").trusted_peers is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHECK_SENDERS", "perhaps"),
        ("TRUSTED_PEERS", "nobody"),
        ("DMARC", "reject"),
        ("ARC_TRUSTED", "https://a.test"),
    ],
)
def test_faults_are_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=f"POSTHOUSE_{name}"):
        _loaded(tmp_path, **{name: value})
