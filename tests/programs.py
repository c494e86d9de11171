"""What tests need of the machine: Debian's programs (tests/install-packages) and the corpus beside the checkout."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
"""Archives of real mail, too large for the repository."""


def missing(reason: object) -> NoReturn:
    """Skip where a developer does not have something. CI has it all, so there its absence is a fault."""
    if os.environ.get("CI"):
        pytest.fail(f"CI is to have everything: {reason}")
    pytest.skip(str(reason))


def need(name: str) -> None:
    """A program of Debian's."""
    if shutil.which(name, path=PATH) is None:
        missing(f"{name} is not installed, and tests/install-packages was to bring it")


def need_corpus() -> None:
    if not CORPUS.is_dir():
        missing("the corpus of real mail is not beside the checkout")
