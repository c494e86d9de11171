"""Files of the web client and of the API's pages, straight from the loop: no Django, no thread.

Paths are looked up among the files found when the folder was read, so no path can lead out of it. Files are kept in
memory with their compressed form; a built client is a few megabytes. Names in `assets/` carry a hash of their
content and never change.
"""

from __future__ import annotations

import asyncio
import gzip
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe

from posthouse.config.wsgi_pool import Headers, Receive, Scope, Send

COMPRESS_FROM_BYTES = 1_000
_TEXT = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg")
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}

NONCE = b'<meta property="csp-nonce" nonce=""'
"""Where the client's page has room for the word that its style elements carry."""
APP_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self';"
    " worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Style attributes stay: mail that is quoted in the composer has them, and no hash or nonce can name them.
APP_HEADERS = {
    "content-security-policy": APP_CSP,
    "x-frame-options": "DENY",
}
_ALWAYS = {
    "referrer-policy": "same-origin",
    "vary": "accept-encoding",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    content: bytes
    packed: bytes | None
    content_type: str
    etag: str


class Folder:
    """An ASGI application that serves one folder; with `fallback`, paths of pages give that file."""

    def __init__(
        self,
        root: Path,
        *,
        prefix: str,
        fallback: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._root, self.prefix, self._fallback = root, prefix, fallback
        self._headers = _ALWAYS | dict(headers or {})
        self._paths: dict[str, Path] = {}
        self._files: dict[str, _File] = {}
        self._seen_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await _send(send, 405, self._head({"allow": "GET, HEAD"}), b"")
            return
        name = self._find(scope["path"].removeprefix(self.prefix).lstrip("/"))
        file = await self._file(name) if name is not None else None
        if name == self._fallback and file is not None:
            await self._page(send, scope["method"], file)
            return
        if name is None or file is None:
            await _send(send, 404, self._head({"content-type": "text/plain"}), b"There is nothing here.\n")
            return
        asked = dict(scope["headers"])
        extra = {"content-type": file.content_type, "etag": file.etag, "cache-control": _caching(name)}
        if file.etag.encode() in asked.get(b"if-none-match", b""):
            await _send(send, 304, self._head(extra), b"")
            return
        content = file.content
        if file.packed is not None and b"gzip" in asked.get(b"accept-encoding", b""):
            content, extra["content-encoding"] = file.packed, "gzip"
        extra["content-length"] = str(len(content))
        await _send(send, 200, self._head(extra), b"" if scope["method"] == "HEAD" else content)

    async def _page(self, send: Send, method: str, file: _File) -> None:
        """With a new nonce each time: so it has no ETag, and is small enough to be sent again."""
        nonce = token_urlsafe(16)
        content = file.content.replace(NONCE, NONCE[:-1] + nonce.encode() + b'"', 1)
        policy = self._headers.get("content-security-policy", "")
        extra = {
            "content-type": file.content_type,
            "cache-control": "no-cache",
            "content-length": str(len(content)),
            "content-security-policy": policy.replace(
                "style-src 'self'", f"style-src 'self' 'nonce-{nonce}'", 1
            ),
        }
        await _send(send, 200, self._head(extra), b"" if method == "HEAD" else content)

    def _head(self, extra: Mapping[str, str]) -> Headers:
        return [(name.encode(), value.encode()) for name, value in {**self._headers, **extra}.items()]

    def _find(self, name: str) -> str | None:
        self._look()
        if name not in self._paths and self._fallback and "." not in name.rpartition("/")[2]:
            name = self._fallback
        return name if name in self._paths else None

    async def _file(self, name: str) -> _File | None:
        file = self._files.get(name)
        if file is None:
            try:
                file = await asyncio.to_thread(_load, self._paths[name])
            except OSError:  # built anew in this very moment
                return None
            self._files[name] = file
        return file

    def _look(self) -> None:
        """Read the folder, and again when the client was built anew."""
        mark = self._root / (self._fallback or ".")
        try:
            changed_at = mark.stat().st_mtime
        except OSError:
            return
        if changed_at != self._seen_at:
            self._seen_at = changed_at
            self._files.clear()
            self._paths = {
                path.relative_to(self._root).as_posix(): path
                for path in self._root.rglob("*")
                if path.is_file() and path.suffix != ".map"
            }


def _caching(name: str) -> str:
    return "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"


def _load(path: Path) -> _File:
    content = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = kind.startswith(_TEXT)
    packed = gzip.compress(content, 9, mtime=0) if is_text and len(content) >= COMPRESS_FROM_BYTES else None
    return _File(
        content=content,
        packed=packed,
        content_type=f"{kind}; charset=utf-8" if is_text else kind,
        etag=f'"{sha256(content).hexdigest()[:20]}"',
    )


async def _send(send: Send, status: int, headers: Headers, content: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
