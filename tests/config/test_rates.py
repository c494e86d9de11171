"""POSTHOUSE_RATES: the operator's own limits, and every fault named."""

from __future__ import annotations

from pathlib import Path

import pytest

from posthouse.config.env import Env, Misconfigured, load


def _loaded(tmp_path: Path, value: str) -> Env:
    return load({"POSTHOUSE_DATA": str(tmp_path), "POSTHOUSE_RATES": value})


def test_what_is_given_is_taken_and_the_rest_stays(tmp_path: Path) -> None:
    assert _loaded(tmp_path, "send=50/3600 search=10/1").rates == {"send": (50, 3600.0), "search": (10, 1.0)}
    assert _loaded(tmp_path, "").rates == {}
    assert _loaded(tmp_path, "off").rates is None


@pytest.mark.parametrize(
    "value", ["send", "send=0/10", "send=1/0", "send=x/1", "other=1/1", "send=1/1,search=1/1"]
)
def test_faults_are_named(tmp_path: Path, value: str) -> None:
    with pytest.raises(Misconfigured, match="POSTHOUSE_RATES"):
        _loaded(tmp_path, value)
