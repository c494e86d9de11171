"""Programs of Debian's that a test talks to, as tests/install-packages brings them."""

from __future__ import annotations

import os
import shutil

import pytest

PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"


def need(name: str) -> None:
    """Skip where a developer does not have a program. CI installs them all, so there its absence is a fault."""
    if shutil.which(name, path=PATH) is not None:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{name} is not installed, and tests/install-packages was to bring it")
    pytest.skip(f"{name} is not installed")
