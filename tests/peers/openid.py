"""An outside OpenID provider on a port of this machine; what it says of people is the test's to choose."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm


class OpenId:
    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.token_posts: list[dict[str, str]] = []
        self.key_name = "k1"
        self.algorithm = "RS256"
        self.discovery: dict[str, Any] = {}

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.discovery,
        }

    def keys(self) -> dict[str, Any]:
        jwk = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**jwk, "kid": self.key_name, "use": "sig", "alg": "RS256"}]}

    def id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": "posthouse",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked.get("nonce"),
        }
        claims |= self.claims
        key: Any = self.key if self.algorithm == "RS256" else "x" * 40
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": self.key_name})

    def visit(self, url: str) -> dict[str, str]:
        """The person logs in there: what the browser comes back with."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        return {"state": self.asked["state"], "code": "c1"}


@contextmanager
def running_openid() -> Iterator[OpenId]:
    provider: list[OpenId] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = {"/.well-known/openid-configuration": provider[0].document, "/keys": provider[0].keys}
            self._say(found[self.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            posted = {name: values[0] for name, values in parse_qs(body).items()}
            provider[0].token_posts.append({**posted, "authorization": self.headers["Authorization"]})
            self._say({"access_token": "x", "token_type": "Bearer", "id_token": provider[0].id_token()})

        def _say(self, body: Any) -> None:
            raw = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.append(OpenId(server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider[0]
    finally:
        server.shutdown()
        server.server_close()
