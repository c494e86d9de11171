"""`/api/v1/problems/…/`: where the `type` of a problem leads."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

from django.http import HttpRequest, HttpResponse
from django.urls import path

from posthouse.base.api.codes import CODES, Code
from posthouse.base.api.problems import not_found

_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;"
    "padding:0 1rem}td{padding:.2rem 1rem .2rem 0;vertical-align:top}"
)
CSP = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def one(request: HttpRequest, code: str) -> HttpResponse:
    """The page of one code."""
    known = CODES.get(code)
    if known is None:
        return not_found(request)
    return _page(
        code,
        f"<p>{_status(known)}</p><p>{escape(known.meaning)}</p><h2>What to do</h2><p>{escape(known.remedy)}</p>"
        '<p><a href="../">All problems</a></p>',
    )


def all_codes(request: HttpRequest) -> HttpResponse:
    """The table of all codes."""
    lines = "".join(
        f'<tr><td><a href="{code}/"><code>{code}</code></a></td><td>{known.status or ""}</td>'
        f"<td>{escape(known.meaning)}</td></tr>"
        for code, known in sorted(CODES.items())
    )
    return _page("Problems", f"<table>{lines}</table>")


def _status(known: Code) -> str:
    return f"HTTP {known.status}" if known.status else "Not told over HTTP"


def _page(title: str, content: str) -> HttpResponse:
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<h1>{escape(title)}</h1>{content}</html>"
    )
    return HttpResponse(html, headers={"Content-Security-Policy": CSP})


urlpatterns = [path("problems/", all_codes), path("problems/<slug:code>/", one)]
