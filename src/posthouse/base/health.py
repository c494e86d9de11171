"""What is known to be well or not: rooms add checks under a name, whoever is asked for health runs them all.

A check reads, quickly, and returns facts; it raises or returns `is_well=False` when something is wrong. Only checks
that are essential make the whole house ill: without them nobody is served.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    is_well: bool = True
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    run: Callable[[], Report]
    is_essential: bool


_checks: dict[str, _Check] = {}
_begun = time.monotonic()


def add_check(name: str, run: Callable[[], Report], *, is_essential: bool = False) -> Callable[[], None]:
    """Run this whenever somebody asks, until the returned function is called.

    The same name again takes the place of the one before.
    """
    _checks[name] = _Check(run=run, is_essential=is_essential)

    def forget() -> None:
        _checks.pop(name, None)

    return forget


def uptime_seconds() -> int:
    return int(time.monotonic() - _begun)


def examine(*, only_essential: bool = False) -> tuple[str, dict[str, Any]]:
    """`ok`, `degraded` or `down`, and what each check said."""
    status, said = "ok", {}
    for name, check in list(_checks.items()):
        if only_essential and not check.is_essential:
            continue
        report = _run(name, check)
        said[name] = {"status": "ok" if report.is_well else "failing", **report.facts}
        if not report.is_well:
            status = "down" if check.is_essential or status == "down" else "degraded"
    return status, said


def _run(name: str, check: _Check) -> Report:
    try:
        return check.run()
    except Exception as error:  # noqa: BLE001 the top of a check: what broke is what was asked
        log.error("health.check_failed", check=name, error=type(error).__name__)
        return Report(is_well=False, facts={"error": type(error).__name__})
