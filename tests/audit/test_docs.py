"""docs/operate/watching.md names every act and every number there is."""

from __future__ import annotations

from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "operate" / "watching.md").read_text()


def test_every_act_is_explained() -> None:
    from posthouse.audit.acts import Act

    assert [act for act in Act if f"`{act.value}`" not in PAGE] == []


@pytest.mark.usefixtures("house")
def test_every_number_is_explained() -> None:
    from posthouse.base import metrics

    assert [metric.name for metric, _ in metrics.totals() if metric.name not in PAGE] == []
