"""A browser that is pushed to, and a push service over real HTTPS that keeps what it was given for it."""

from __future__ import annotations

import os
import ssl
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NAME = "push.test"
Found = TypeVar("Found")


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Browser:
    """Its own half of RFC 8291: the key pair, the secret, and how a push is read."""

    def __init__(
        self, url: str, *, key: ec.EllipticCurvePrivateKey | None = None, secret: bytes | None = None
    ) -> None:
        self.url = url
        self._key = key or ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(16) if secret is None else secret
        self.point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def json(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON()` has it."""
        return {"endpoint": self.url, "keys": {"p256dh": b64(self.point), "auth": b64(self._secret)}}

    def read(self, body: bytes) -> bytes:
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert size == 4096 and len(body) <= 4096
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        info = b"WebPush: info\x00" + self.point + sender
        material = _derive(self._secret, self._key.exchange(ec.ECDH(), theirs), info, 32)
        key = _derive(salt, material, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _derive(salt, material, b"Content-Encoding: nonce\x00", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")
        assert plain.endswith(b"\x02"), "the delimiter of a last record"
        return plain[:-1]


def _derive(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)


@dataclass
class Pushed:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    url: str
    status: int = 201
    pushed: list[Pushed] = field(default_factory=list)

    def browser(self, path: str) -> Browser:
        return Browser(f"{self.url}/{path}")

    def of(self, browser: Browser) -> list[dict[str, Any]]:
        """What was pushed to one browser, as it reads it."""
        mine = [one for one in list(self.pushed) if f"{self.url}{one.path}" == browser.url]
        return [orjson.loads(browser.read(one.body)) for one in mine]


def claims(pushed: Pushed, public_key: str) -> dict[str, Any]:
    """Who says that they sent it, checked with the key the browser subscribed for."""
    scheme, _, rest = pushed.headers["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid" and parts["k"] == public_key
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(public_key))
    audience = jwt.decode(parts["t"], options={"verify_signature": False})["aud"]
    return dict(jwt.decode(parts["t"], point, algorithms=["ES256"], audience=audience))


@contextmanager
def open_push_service(house: Any, folder: Path) -> Iterator[PushService]:
    """Known to the house's DNS by its name, with a certificate of an authority that the house trusts."""
    from posthouse.base import net
    from tests.base.fake_dns import FakeDns
    from tests.delivery.transport.authority import Authority

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            service.pushed.append(Pushed(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(service.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    authority, dns = Authority(folder), FakeDns()
    dns.start()
    dns.zone[NAME, "A"] = ["127.0.0.1"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context: ssl.SSLContext = authority.server(NAME)[0]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    service = PushService(f"https://{NAME}:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    before = net.policy()
    nets = net.parse_nets("127.0.0.0/8")
    net.configure(
        net.NetPolicy(dns_server=dns.address, dns_timeout=1, allow_nets=nets, ca_file=str(authority.file))
    )
    try:
        yield service
    finally:
        net.configure(before)
        server.shutdown()
        server.server_close()
        dns.stop()


def until(wanted: Callable[[], Found], *, seconds: float = 10) -> Found:
    """Looks until there is something."""
    ends = time.monotonic() + seconds
    while not (found := wanted()):
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.03)
    return found
