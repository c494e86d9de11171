"""May this caller use this endpoint? One answer for all of them: somebody, and with a token the scope it asks for.

Imports no `rest_framework.views`, as `authentication` does not.
"""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from posthouse.base.errors import Denied
from posthouse.identity import mfa_policy
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import Caller, actor_of
from posthouse.identity.scopes import SELF, default_scope


class InScope(IsAuthenticated):
    """Who lacks a required factor gets to views with `is_open_without_factor` alone (mfa_policy.py).

    The scope follows from the view's room and the method, unless the view says `scopes = {"POST": "mail:send"}`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if not isinstance(request.user, Caller):
            return True  # a program that a view of its own lets in, and nobody's account
        actor = actor_of(request)
        if actor.lacks_factor and not getattr(view, "is_open_without_factor", False):
            raise mfa_policy.refusal()
        if actor.scopes is None:
            return True
        require_scope(actor, scope_of(type(view), str(request.method)))
        return True


def require_scope(actor: Actor, scope: str) -> None:
    """Raises Denied (insufficient_scope). Views that need more than one for some requests ask for the others."""
    if not actor.may_use(scope):
        raise _lacks(scope)


def _lacks(scope: str) -> Denied:
    if scope == SELF:
        return Denied("insufficient_scope", "No token can do this: log in yourself.", scope=scope)
    return Denied("insufficient_scope", f"This token lacks the scope {scope}.", scope=scope)


def scope_of(view: type[Any], method: str) -> str:
    own: dict[str, str] = getattr(view, "scopes", {})
    room = view.__module__.split(".")[1]
    return own.get(method) or own.get("*") or default_scope(room, method)
