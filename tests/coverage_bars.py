"""How much of the source the tests of the store and its doors run, held to the bars of requirement M22.

`make coverage` measures and then runs this; it fails below a bar. Lines are counted that were run by a test which came
through a door (or through an action), in the house's own process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

PARTS_OF_VIEWS = ("bodies", "schemas", "serializers", "urls", "schemes", "fields", "rows")
PERMISSIONS = (
    "identity/permissions.py",
    "identity/roles.py",
    "identity/scopes.py",
    "identity/step_up.py",
    "identity/mfa_policy.py",
    "identity/api/permissions.py",
    "identity/api/authentication.py",
    "mail/access.py",
    "hooks/access.py",
    "notifications/access.py",
)

ELSEWHERE = ("base/transaction_lane.py",)
"""PostgreSQL's write lane; `make postgresql` runs all of it."""


def _is_model(path: str) -> bool:
    return path.endswith("/models.py") or "/models/" in path


def _is_api(path: str) -> bool:
    return "/api/" in path or path.startswith("realtime/api")


def _is_view(path: str) -> bool:
    return _is_api(path) and not path.startswith("base/") and not Path(path).stem.endswith(PARTS_OF_VIEWS)


def _is_utility(path: str) -> bool:
    return path.startswith("base/") and not _is_api(path) and path not in ELSEWHERE


GROUPS: dict[str, tuple[int, Callable[[str], bool]]] = {
    "models": (95, _is_model),
    "views": (85, _is_view),
    "permissions": (90, lambda path: path in PERMISSIONS),
    "utilities": (95, _is_utility),
    "API": (90, _is_api),
}


def main(report: str) -> int:
    """Print a line for each group and those files that pull it down; 1 when a group is below its bar."""
    files = {
        name.partition("posthouse/")[2]: found["summary"]
        for name, found in json.loads(Path(report).read_text())["files"].items()
    }
    is_below = False
    for group, (bar, belongs) in GROUPS.items():
        own = {name: found for name, found in files.items() if belongs(name)}
        lines = sum(found["num_statements"] for found in own.values())
        missed = {name: found["missing_lines"] for name, found in own.items() if found["missing_lines"]}
        percent = 100 * (lines - sum(missed.values())) / lines
        is_below |= percent < bar
        print(f"{group:12} {percent:5.1f} % of {lines} lines in {len(own)} files (bar {bar} %)")
        for name in sorted(missed, key=lambda name: -missed[name])[:6]:
            print(f"             {missed[name]:4} not run  {name}")
    return int(is_below)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
