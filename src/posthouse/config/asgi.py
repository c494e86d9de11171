"""The HTTP door: the stream and files natively in the loop, the API through a pool of threads.

Importing this sets Django up. Give `application` to an ASGI server that runs in the loop the hub is bound to.
"""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posthouse.config.settings")
django.setup(set_prefix=False)

import drf_spectacular_sidecar  # noqa: E402 settings first
import unfold  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib import admin as django_admin  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from posthouse.config.frame import Frame  # noqa: E402
from posthouse.config.metrics_page import metrics_page  # noqa: E402
from posthouse.config.static import APP_HEADERS, Folder  # noqa: E402
from posthouse.config.wsgi_pool import Receive, Scope, Send, WsgiPool  # noqa: E402
from posthouse.realtime.images import ImageProxy  # noqa: E402
from posthouse.realtime.server_sent import ServerSentEvents  # noqa: E402
from posthouse.realtime.stream import stream  # noqa: E402

DJANGO = (
    "/api/",
    "/oauth/",
    "/.well-known/openid-configuration",
    "/mail/get/v1/",
    "/mail/create/v1/",
    "/mail/update/v1/",
    "/mail/search/v1/",
    "/__docs__/",
    "/admin/",
)
"""Where Django answers; other paths below /mail/ are the web client's."""
ADMIN = "/admin"
"""As people type it."""
AUTHORIZE = "/oauth/authorize"
"""A page of the web client, which asks the person."""
ASKS_OUTSIDE = re.compile(
    r"/api/v1/(?:auth/external/begin|auth/session/external|domains/\d+/(?:check|prove)|emails/\d+/unsubscribe)/\Z"
)
"""Acts that wait for a server which strangers name: they have threads of their own."""
IN_PIECES = re.compile(r"/api/v1/(?:conversations|blobs)/uploads/\d+/\Z")
"""Where a file comes in pieces: of one whose client was lost in the middle the beginning is kept."""
STREAM = "/api/v1/stream/"
EVENTS = "/api/v1/stream/events/"
IMAGES = "/api/v1/images/"
METRICS = "/metrics"
STATIC = "/static/"

_PACKAGE = Path(__file__).parents[1]
_BUILT = _PACKAGE / "web"
_CHECKOUT = _PACKAGE.parents[1] / "web" / "dist"


class Application:
    """Chooses by path; everything that is no API is the web client, which has routes of its own."""

    def __init__(self) -> None:
        get_resolver().url_patterns  # noqa: B018 a fault in them should stop the start, not the first request
        self.pool = WsgiPool(WSGIHandler(), asks_outside=ASKS_OUTSIDE.match, keeps_beginnings=IN_PIECES.match)
        self._images = ImageProxy()
        self._events = ServerSentEvents()
        sidecar = Path(drf_spectacular_sidecar.__file__).parent / "static"
        self._static = Folder(sidecar, prefix=STATIC)
        self._operators = [
            Folder(Path(str(package.__file__)).parent / "static" / name, prefix=f"{STATIC}{name}/")
            for package, name in ((django_admin, "admin"), (unfold, "unfold"))
        ]
        client = _BUILT if _BUILT.is_dir() else _CHECKOUT
        self._client = Folder(client, prefix="/", fallback="index.html", headers=APP_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await stream(scope, receive, send, known=scope["path"] == STREAM)
        elif scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["path"] == EVENTS:
            await self._events(scope, receive, send)
        elif scope["path"] == IMAGES:
            await self._images(scope, receive, send)
        elif _is_for_django(scope["path"]):
            await self.pool(scope, receive, send)
        elif scope["path"] == METRICS:
            await metrics_page(scope, receive, send)
        elif folder := next((one for one in self._operators if scope["path"].startswith(one.prefix)), None):
            await folder(scope, receive, send)
        elif scope["path"].startswith(STATIC):
            await self._static(scope, receive, send)
        else:
            await self._client(scope, receive, send)


def _is_for_django(path: str) -> bool:
    return path == ADMIN or (path.startswith(DJANGO) and path != AUTHORIZE)


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


# Every answer has its own line (middleware.py); Django would write a second one for each 4xx and 5xx.
logging.getLogger("django.request").setLevel(logging.CRITICAL)

application = Frame(Application(), proxies=settings.ENV.trusted_proxies, hosts=settings.ALLOWED_HOSTS)
