"""Whose things an endpoint is asked for: every list of an account's takes the same parameter."""

from __future__ import annotations

from rest_framework.request import Request

from posthouse.base.api import Parameters
from posthouse.mail.api.lists import ACCOUNT

__all__ = ["ACCOUNT", "asked_account"]


def asked_account(request: Request) -> int | None:
    """None for one's own. Raises Invalid for what is no id, and for parameters that nobody knows."""
    return Parameters(request.query_params, "account").identifier("account")
