from __future__ import annotations

from tests.api.conftest import alice, anyone, mallory
from tests.imapd.conftest import *  # noqa: F403

__all__ = ["alice", "anyone", "mallory"]
