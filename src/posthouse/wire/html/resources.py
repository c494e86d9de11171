"""What may be loaded or followed: the one rule for every URL in a mail, wherever it stands.

A URL is judged as a browser would read it (WHATWG URL: control characters and blanks around it are dropped,
tabs and line ends inside it too), so `java\\tscript:` is seen for what it is. Only absolute URLs pass: a
mail has no base, and a relative one would reach our own server.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

MAX_URL_CHARS = 4_096
MAX_DATA_URL_CHARS = 2_000_000

_EDGE = "".join(map(chr, range(0x21)))
_INSIDE = str.maketrans("", "", "\t\r\n")
_LINK = re.compile(r"(?:https?://[^/\\?#]|mailto:|tel:)", re.IGNORECASE)
_REMOTE = re.compile(r"https?://[^/\\?#\s]", re.IGNORECASE)
_DATA_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=\s%]*\Z", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class RemotePolicy:
    """`proxy` turns a remote http(s) URL into one of ours; None shows nothing that is remote."""

    proxy: Callable[[str], str | None] | None = None


BLOCK_REMOTE = RemotePolicy()


def cleaned(url: str) -> str:
    """The URL as a browser reads it, with a protocol-relative one read as https."""
    url = url.strip(_EDGE).translate(_INSIDE)
    return "https:" + url if url.startswith("//") else url


def safe_link(url: str) -> str | None:
    """The target of a link if it is http, https, mailto or tel; else None."""
    url = cleaned(url)
    if len(url) > MAX_URL_CHARS or _CONTROL.search(url) or not _LINK.match(url):
        return None
    return url


@dataclass(slots=True)
class Resources:
    """Decides on each image URL of one mail and remembers what it met."""

    cid: Callable[[str], str | None]
    remote: RemotePolicy
    keep_remote: bool = False
    keep_cid: bool = False
    cids: set[str] = field(default_factory=set)
    remote_seen: int = 0

    def image(self, raw: str) -> str | None:
        """The URL to load an image from in place of `raw`, or None to load nothing."""
        url = cleaned(raw)
        scheme = url[:6].lower()
        if scheme.startswith("cid:"):
            return self._part(url[4:])
        if scheme.startswith("data:"):
            return url if len(url) <= MAX_DATA_URL_CHARS and _DATA_IMAGE.match(url) else None
        if not _REMOTE.match(url):
            return None
        self.remote_seen += 1
        if len(url) > MAX_URL_CHARS or _CONTROL.search(url):
            return None
        if self.keep_remote:
            return url
        return self.remote.proxy(url) if self.remote.proxy else None

    def _part(self, name: str) -> str | None:
        content_id = unquote(name).strip("<> ")
        if not content_id or len(content_id) > 998 or _CONTROL.search(content_id):
            return None
        self.cids.add(content_id)
        return f"cid:{name}" if self.keep_cid else self.cid(content_id)
