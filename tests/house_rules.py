"""House rules that no linter knows; `make check` runs them. Each fault is one line, and any fault fails."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "posthouse"
DRAWERS = {"utils", "helpers", "common", "services", "managers", "signals"}
MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 60
MAX_WEB_FILE_LINES = 250


def faults() -> list[str]:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        name, text = path.relative_to(ROOT), path.read_text()
        if path.stem in DRAWERS:
            found.append(f"{name}: a drawer without a label")
        if text.count("\n") > MAX_FILE_LINES:
            found.append(f"{name}: more than {MAX_FILE_LINES} lines")
        tree = ast.parse(text)
        found += [f"{name}:{line}: {fault}" for line, fault in _functions(tree)]
        if "api" in path.parts and re.search(
            r"^from posthouse\.\w+(\.models import| import models)", text, re.M
        ):
            found.append(f"{name}: api/ imports models")
        if (
            path.name != "env.py"
            and "os.environ[" not in text
            and re.search(r"os\.(environ\.get|getenv)\(", text)
        ):
            found.append(f"{name}: reads the environment outside config/env.py")
        found += _exports(path, name)
    found += _web_files()
    found += _lock_files()
    return found


def _functions(tree: ast.Module) -> list[tuple[int, str]]:
    return [
        (node.lineno, f"{node.name} is longer than {MAX_FUNCTION_LINES} lines")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > MAX_FUNCTION_LINES
    ]


def _exports(path: Path, name: Path) -> list[str]:
    """A room's tables are private to it."""
    room = path.relative_to(SOURCE).parts[0]
    return [
        f"{name}: imports the tables of {other}"
        for other in re.findall(r"^from posthouse\.(\w+)\.models import", path.read_text(), re.M)
        if other not in (room, "base") and (room, other) not in {("mail", "identity"), ("delivery", "mail")}
    ]


def _web_files() -> list[str]:
    found = []
    for path in sorted((ROOT / "web" / "src").rglob("*.ts*")):
        if "api/generated" in path.as_posix():
            continue
        text, name = path.read_text(), path.relative_to(ROOT)
        if text.count("\n") > MAX_WEB_FILE_LINES:
            found.append(f"{name}: more than {MAX_WEB_FILE_LINES} lines")
        if re.search(r"^export default ", text, re.M):
            found.append(f"{name}: a default export")
    return found


def _lock_files() -> list[str]:
    """Versions and hashes, never a registry's address."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    return [
        f"{name}: names a package registry"
        for name in tracked
        if name.endswith((".lock", "package-lock.json", ".txt", ".npmrc", "pyproject.toml"))
        and re.search(
            r"https?://(registry|pypi|files\.pythonhosted)", (ROOT / name).read_text(errors="replace")
        )
    ]


if __name__ == "__main__":
    wrong = faults()
    print("\n".join(wrong) or "house rules: nothing wrong")
    sys.exit(1 if wrong else 0)
