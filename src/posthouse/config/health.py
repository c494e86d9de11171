"""Facts that `GET /api/v1/health/` shows beside its status; filled at start."""

from __future__ import annotations

from typing import Any

facts: dict[str, Any] = {}
