"""HTTP to places strangers named: the image proxy, policies, webhooks.

h11 reads the wire; what is ours is the caution. No cookies, no referrer, no proxy from the environment, no
compression (so a small answer cannot grow), one time limit over all redirects, a size limit that holds
while reading, and every redirect is resolved and judged like the first URL.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import h11

from posthouse.base import net
from posthouse.base.errors import Failure, Unavailable
from posthouse.base.net_guard import NetPolicy, guard, host_or_address

MAX_URL_CHARS = 4_096
MAX_HEADER_BYTES = 32_768
MAX_REDIRECTS = 4
READ_BYTES = 65_536
IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif")
USER_AGENT = "Posthouse"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WEB_PORTS = frozenset({80, 443})
_KEPT = frozenset({"accept", "user-agent"})


class FetchFailed(Unavailable):
    """One text for every cause, so the answer is no port scanner; the cause is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__("fetch_failed", "The remote content could not be loaded.")
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`max_bytes` of body, `timeout` in seconds for everything, `max_redirects` followed (0: none).

    `is_cut` gives the beginning of what is longer, in place of a fault. With `types` the body of anything else that is
    answered with 200 is not read.
    """

    max_bytes: int = 5_000_000
    timeout: float = 15.0
    max_redirects: int = MAX_REDIRECTS
    is_cut: bool = False
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """`headers` have lower-case names, the last of a name wins; `url` is the one that answered at last."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """`content_type` is what the bytes are, whatever the sender called them."""

    body: bytes = field(repr=False)
    content_type: str
    url: str


async def fetch(
    url: str,
    *,
    max_bytes: int = 5_000_000,
    timeout: float = 15.0,
    accept: tuple[str, ...] = IMAGE_TYPES,
    policy: NetPolicy | None = None,
) -> Fetched:
    """An image from the outside, for showing to a reader.

    Only raster types, told from the bytes: SVG is a program. Raises FetchFailed for whatever goes wrong.
    """
    limits = Limits(max_bytes=max_bytes, timeout=timeout)
    response = await request(url, headers={"Accept": ", ".join(accept)}, limits=limits, policy=policy)
    if response.status != 200:
        raise FetchFailed(f"status {response.status}")
    kind = image_type(response.body)
    if kind is None or kind not in accept:
        raise FetchFailed("not an image we show")
    return Fetched(body=response.body, content_type=kind, url=response.url)


def image_type(body: bytes) -> str | None:
    """The raster image type the first bytes tell of, or None."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body[4:12] in {b"ftypavif", b"ftypavis"}:
        return "image/avif"
    if body.startswith(b"BM") and len(body) > 26:
        return "image/bmp"
    return None


async def request(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    limits: Limits | None = None,
    policy: NetPolicy | None = None,
) -> Response:
    """One HTTP exchange with a guarded host; a GET follows redirects, each judged anew, without our headers but _KEPT.

    Any status is an answer. Raises FetchFailed for everything else: refused address, no name, no
    connection, bad TLS, malformed or compressed answer, too large, too slow, too many redirects.
    """
    limits = limits or Limits()
    chosen = policy or net.policy()
    sent = dict(headers or {})
    try:
        async with asyncio.timeout(limits.timeout):
            for _ in range(limits.max_redirects + 1):
                target = _parsed(url, chosen)
                response = await _exchange(target, method, sent, body, limits, chosen)
                location = response.headers.get("location")
                if method != "GET" or response.status not in _REDIRECTS or not location:
                    return response
                if limits.max_redirects == 0:
                    return response
                url = urljoin(url, location)
                sent = {name: value for name, value in sent.items() if name.lower() in _KEPT}
    except FetchFailed:
        raise
    except (Failure, OSError, h11.ProtocolError, ValueError, asyncio.IncompleteReadError) as error:
        raise FetchFailed(f"{type(error).__name__}: {error}"[:200]) from error
    raise FetchFailed("too many redirects")


def judge(url: str, *, policy: NetPolicy | None = None) -> None:
    """Whether we would post to a URL that somebody typed: https, or an address in the operator's own networks.

    Raises FetchFailed and Refused. Names are not looked up here: that is done at each request, once.
    """
    chosen = policy or net.policy()
    target = _parsed(url, chosen)
    if target.tls:
        return
    with suppress(ValueError):
        address = ip_address(target.host)
        if any(address in network for network in chosen.allow_nets):
            return
    raise FetchFailed("it begins with https://")


@dataclass(frozen=True, slots=True)
class _Target:
    url: str
    tls: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


def _parsed(url: str, policy: NetPolicy) -> _Target:
    """Judge the URL itself. Low ports but the web's are refused, unless the address is one the operator
    allowed."""
    if len(url) > MAX_URL_CHARS or any(char <= " " or char == "\x7f" or char == "\\" for char in url):
        raise FetchFailed("malformed URL")
    parts: SplitResult = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise FetchFailed("not a plain web URL")
    host = host_or_address(parts.hostname)
    if not isinstance(host, str):
        guard(host, policy=policy)
    tls = parts.scheme == "https"
    port = parts.port or (443 if tls else 80)
    if port < 1024 and port not in _WEB_PORTS:
        raise FetchFailed("not a port of the web")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Target(url, tls, str(host), port, _encoded(path))


def _encoded(path: str) -> str:
    return "".join(char if char.isascii() else quote(char) for char in path)


async def _exchange(
    target: _Target, method: str, headers: Mapping[str, str], body: bytes, limits: Limits, policy: NetPolicy
) -> Response:
    context = net.tls_context(policy.ca_file) if target.tls else None
    connection = await net.open_connection(target.host, target.port, policy=policy, tls=context)
    try:
        wire = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEADER_BYTES)
        sent = {
            "Host": target.authority,
            "User-Agent": USER_AGENT,
            "Accept-Encoding": "identity",
            "Connection": "close",
            **headers,
        }
        if body or method != "GET":
            sent["Content-Length"] = str(len(body))
        events: list[h11.Event] = [h11.Request(method=method, target=target.path, headers=list(sent.items()))]
        events += [h11.Data(data=body)] if body else []
        for event in [*events, h11.EndOfMessage()]:
            connection.writer.write(wire.send(event) or b"")
        await connection.writer.drain()
        return await _answer(wire, connection, target.url, limits)
    finally:
        connection.writer.close()
        with suppress(OSError):
            await asyncio.wait_for(connection.writer.wait_closed(), 1)


async def _answer(wire: h11.Connection, connection: net.Connection, url: str, limits: Limits) -> Response:
    head: h11.Response | None = None
    headers: dict[str, str] = {}
    body = bytearray()
    while True:
        event = wire.next_event()
        if event is h11.NEED_DATA:
            wire.receive_data(await connection.reader.read(READ_BYTES))
        elif isinstance(event, h11.Response):
            head, headers = event, _headers(event)
            if headers.get("content-encoding", "identity") != "identity":
                raise FetchFailed("compressed answer")
            _check_type(head, headers, limits)
            if int(headers.get("content-length", "0")) > limits.max_bytes and not limits.is_cut:
                raise FetchFailed("too large")
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > limits.max_bytes and limits.is_cut and head is not None:
                cut = bytes(body[: limits.max_bytes])
                return Response(status=head.status_code, headers=headers, body=cut, url=url)
            if len(body) > limits.max_bytes:
                raise FetchFailed("too large")
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return Response(status=head.status_code, headers=headers, body=bytes(body), url=url)
        elif not isinstance(event, h11.InformationalResponse):
            raise FetchFailed("the answer ended early")


def _check_type(head: h11.Response, headers: Mapping[str, str], limits: Limits) -> None:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if limits.types and head.status_code == 200 and kind not in limits.types:
        raise FetchFailed("not of a type that is read")


def _headers(event: h11.Response) -> dict[str, str]:
    return {name.decode("ascii"): value.decode("latin-1") for name, value in event.headers}


def fetch_blocking(
    url: str, *, max_bytes: int = 5_000_000, timeout: float = 15.0, accept: tuple[str, ...] = IMAGE_TYPES
) -> Fetched:
    """`fetch` for code in a worker thread."""
    return asyncio.run(fetch(url, max_bytes=max_bytes, timeout=timeout, accept=accept))
