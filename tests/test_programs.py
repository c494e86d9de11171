"""What a machine lacks is passed over by a developer's tests and never by CI's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import programs


@pytest.mark.parametrize(("ci", "ending"), [("", "Skipped"), ("true", "Failed")])
@pytest.mark.parametrize("lacking", ["program", "corpus"])
def test_what_is_not_there(monkeypatch: pytest.MonkeyPatch, lacking: str, ci: str, ending: str) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(programs, "CORPUS", Path("/nothing/like/this"))
    # Both are BaseExceptions of pytest's own, which only the runner is to catch.
    with pytest.raises(BaseException) as ended:
        programs.need("no-such-program") if lacking == "program" else programs.need_corpus()
    assert type(ended.value).__name__ == ending


def test_what_is_there_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    programs.need("python3")
