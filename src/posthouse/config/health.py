"""Facts that `GET /api/v1/health/` shows beside its status, and those that only the detailed one shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

facts: dict[str, Any] = {}
detailed: dict[str, Callable[[], Mapping[str, object]]] = {}
"""By subject, read when they are asked for."""
