"""What surrounds every HTTP exchange, whoever answers it: whose connection it is, for which host, and careful headers.

Invariants
- `X-Forwarded-For` and `X-Forwarded-Proto` are believed only from the networks of POSTHOUSE_TRUSTED_PROXIES. Of the
  addresses the last one that is no proxy of ours counts, since everything before it was written by whoever it is.
- No answer leaves without the headers below; who answers may say more (a policy of its own), never less than one.
- HSTS is said over TLS only (RFC 6797 §7.2).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import Any

from django.http.request import split_domain_port, validate_host

from posthouse.base.api.rendering import dumps
from posthouse.config.wsgi_pool import Receive, Scope, Send

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NO_ONES = (
    "accelerometer autoplay camera display-capture encrypted-media geolocation gyroscope magnetometer microphone midi"
    " payment screen-wake-lock usb xr-spatial-tracking"
)
_OURS = "fullscreen publickey-credentials-create publickey-credentials-get"
PERMISSIONS = ", ".join(
    [f"{name}=()" for name in _NO_ONES.split()] + [f"{name}=(self)" for name in _OURS.split()]
)
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": PERMISSIONS.encode(),
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"x-frame-options": b"SAMEORIGIN",
}
"""For every answer that does not set its own."""
HSTS = b"max-age=31536000"
MAX_FORWARDED = 20
_CLEAN_HOST = re.compile(r"[A-Za-z0-9.:_\[\]-]{1,255}\Z")


class Frame:
    """An ASGI application around another one."""

    def __init__(self, inner: Any, *, proxies: Sequence[Network], hosts: Sequence[str]) -> None:
        self._inner, self._proxies, self._hosts = inner, proxies, hosts
        self._any_host = "*" in hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        self._believe_proxy(scope)
        if not self._is_our_host(scope):
            await self._refuse(scope, receive, send)
            return
        if scope["type"] == "http":
            send = _careful(send, is_tls=scope.get("scheme") == "https")
        await self._inner(scope, receive, send)

    # --- whose connection it is -------------------------------------------------------------------

    def _believe_proxy(self, scope: Scope) -> None:
        client = scope.get("client")
        if not self._proxies or not client or not self._is_proxy(_address(client[0])):
            return
        forwarded = _last_stranger(_values(scope, b"x-forwarded-for"), self._is_proxy)
        if forwarded is not None:
            scope["client"] = (str(forwarded), 0)
        said = _values(scope, b"x-forwarded-proto")
        if said and said[-1] in ("http", "https"):
            is_socket = scope["type"] == "websocket"
            scope["scheme"] = {"http": "ws", "https": "wss"}[said[-1]] if is_socket else said[-1]

    def _is_proxy(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._proxies)

    # --- for which host ---------------------------------------------------------------------------

    def _is_our_host(self, scope: Scope) -> bool:
        """One Host, well-formed, and among ALLOWED_HOSTS."""
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) > 1:
            return False
        host = given[0].decode("latin-1") if given else ""
        if not host:
            return self._any_host
        if not _CLEAN_HOST.match(host):
            return False
        domain, _ = split_domain_port(host)
        return bool(domain) and (self._any_host or validate_host(domain, list(self._hosts)))

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        body = {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": "This host is not known here.",
            "code": "unknown_host",
            "request_id": "",
        }
        careful = _careful(send, is_tls=False)
        content = dumps(body)
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"cache-control", b"no-store"),
            (b"content-length", str(len(content)).encode()),
        ]
        await careful({"type": "http.response.start", "status": 400, "headers": headers})
        await careful({"type": "http.response.body", "body": content})


def _careful(send: Send, *, is_tls: bool) -> Send:
    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start":
            headers = list(message["headers"])
            given = {name.lower() for name, _ in headers}
            headers += [(name, value) for name, value in HEADERS.items() if name not in given]
            if is_tls:
                headers.append((b"strict-transport-security", HSTS))
            message = {**message, "headers": headers}
        await send(message)

    return sent


def _values(scope: Scope, wanted: bytes) -> list[str]:
    """All values of a header that lists, in order; cut short where somebody sends thousands."""
    given = b",".join(value for name, value in scope["headers"] if name == wanted)
    return [part.strip() for part in given.decode("latin-1").rsplit(",", MAX_FORWARDED)] if given else []


def _address(text: str) -> Address | None:
    """An address as proxies write it, maybe with a port; None for anything else."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _last_stranger(values: Sequence[str], is_proxy: Any) -> Address | None:
    """The nearest address that no proxy of ours is; nothing where a value is none, for who knows what came before."""
    for text in reversed(values):
        address = _address(text)
        if address is None:
            return None
        if not is_proxy(address):
            return address
    return None
