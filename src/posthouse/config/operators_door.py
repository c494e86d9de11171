"""The door of /admin/: only operators come in, by the session they have anyway (identity/operators.py).

Whoever has no session is sent to our own log-in; whoever has one and is no operator finds nothing here, whatever the
path. There is no password form of Django's, no session of its own, and no user but ours.

- The cookie names a session under our mark and is SameSite=Strict; whether the session lives is asked each time.
- What changes something needs a token that fits this session, in the form; a browser that says that the request comes
  from another site is refused before that.
- The policy allows no inline script or style and no eval: unfold's pages run on a build of Alpine that needs neither
  (web/src/operator).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from posthouse.base.api import not_found
from posthouse.identity import operators, tokens
from posthouse.identity.actor import Actor
from posthouse.identity.api.doors import PAGE_COOKIE, PAGE_PATH

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ENTRANCE = "/operator"
"""A page of the web client: it logs in where nobody is, and comes back."""
Next = Callable[[HttpRequest], HttpResponse]


class Operator:
    """The actor in the shape that Django's pages expect of `request.user`."""

    is_active = is_staff = is_authenticated = True
    is_anonymous = False

    def __init__(self, actor: Actor) -> None:
        self.actor, self.pk, self.email = actor, actor.user_id, actor.email

    def get_username(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.email

    def has_perm(self, *_: object) -> bool:
        return True

    def has_module_perms(self, *_: object) -> bool:
        return True


class News(CookieStorage):
    """What was done, told by the next page: in a cookie of these pages only."""

    cookie_name = "posthouse_news"

    def _update_cookie(self, encoded_data: Any, response: HttpResponse) -> None:
        if encoded_data:
            response.set_cookie(
                self.cookie_name,
                encoded_data,
                path=PAGE_PATH,
                secure=self.request.is_secure(),
                httponly=True,
                samesite="Strict",
            )
        else:
            response.delete_cookie(self.cookie_name, path=PAGE_PATH, samesite="Strict")


def operators_only(get_response: Next) -> Next:
    """Middleware: all of /admin/, so that what is forgotten in a view is not open."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PAGE_PATH):
            return get_response(request)
        meta = request.META
        actor = operators.at_page(
            request.COOKIES.get(PAGE_COOKIE, ""),
            ip=str(meta.get("REMOTE_ADDR", "")),
            client=str(meta.get("HTTP_USER_AGENT", ""))[:300],
        )
        if actor is None:
            return _to_log_in(request)
        if not actor.is_operator or not _is_ours(request, actor):
            return not_found(request)
        return _inside(request, actor, get_response)

    return middleware


def _inside(request: HttpRequest, actor: Actor, get_response: Next) -> HttpResponse:
    request.user = Operator(actor)  # type: ignore[assignment]
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # ours was checked
    request._messages = news = News(request)  # type: ignore[attr-defined]
    response = get_response(request)
    news.update(response)
    response["Content-Security-Policy"] = CSP
    response["X-Frame-Options"] = "DENY"
    response["Cache-Control"] = "no-store"
    return response


def _to_log_in(request: HttpRequest) -> HttpResponse:
    if request.method not in _SAFE:
        return not_found(request)
    return HttpResponseRedirect(f"{ENTRANCE}?{urlencode({'next': request.get_full_path()})}")


def _is_ours(request: HttpRequest, actor: Actor) -> bool:
    if request.method in _SAFE:
        return True
    is_same = request.META.get("HTTP_SEC_FETCH_SITE", "same-origin") == "same-origin"
    return is_same and tokens.csrf_fits(request.POST.get("csrfmiddlewaretoken", ""), actor.session_id)
