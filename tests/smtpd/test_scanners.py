"""Rspamd and ClamAV as the operator's helpers: small servers of their protocols on loopback, and none at all."""

from __future__ import annotations

import http.server
import json
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from typing import Any

import pytest

from tests import make
from tests.api.client import log_in
from tests.cast import Cast
from tests.house import RunningHouse
from tests.smtpd.checking_door import HOST, hand_in

EICAR = b"X5O!P%@AP[4"


@contextmanager
def rspamd(answer: Any, *, status: int = 200, heard: list[Any] | None = None) -> Iterator[tuple[str, int]]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if heard is not None:
                heard.append((self.path, dict(self.headers), body))
            text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    with serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as place:
        yield place


@contextmanager
def clamav(*, stalls: bool = False, scanned: list[bytes] | None = None) -> Iterator[tuple[str, int]]:
    """Reads the pieces by their lengths, as clamd(8) says, and looks for one pattern."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(10) == b"zINSTREAM\0"
            content = b""
            while length := int.from_bytes(self.rfile.read(4), "big"):
                content += self.rfile.read(length)
            if scanned is not None:
                scanned.append(content)
            if stalls:
                time.sleep(3)
            found = b"Eicar-Signature FOUND" if EICAR in content else b"OK"
            self.wfile.write(b"stream: " + found + b"\0")

    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as place:
        yield place


@contextmanager
def serving(server: Any) -> Iterator[tuple[str, int]]:
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[:2]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextmanager
def door(house: RunningHouse, *, unjudged: str = "", **given: Any) -> Iterator[int]:
    from posthouse.base import net
    from posthouse.smtpd.mx import Mx
    from posthouse.smtpd.scanners import Scanners
    from posthouse.smtpd.server import SmtpServer
    from posthouse.smtpd.settings import Settings
    from posthouse.wire.budget import Budget
    from posthouse.wire.smtp.envelope import Service

    given = {"rspamd": None, "clamav": None, "seconds": 5.0, **given}

    def make_door() -> SmtpServer:
        scanners = Scanners(policy=net.policy().for_operator(), **given)
        unjudged_peers = (ip_network(unjudged),) if unjudged else ()
        handler = Mx(hostname=HOST, scanners=scanners, unjudged_peers=unjudged_peers).handler()
        return SmtpServer(Settings(service=Service.MX, hostname=HOST), handler, budget=Budget(10**8))

    with house.one_more_door(make_door) as port:
        yield port


def lies_in(house: RunningHouse, cast: Cast, subject: str) -> tuple[str, list[dict[str, Any]]]:
    """The role of its mailbox, and what the filter heard."""
    alice = log_in(house, cast.alice)
    for role in ("inbox", "junk"):
        for row in alice.get("/emails/", mailbox=make.mailbox(cast.alice, role)).json["items"]:
            if row["subject"] == subject:
                return role, alice.get(f"/emails/{row['id']}/").json["spam"]["signals"]
    raise AssertionError("it is lost")


@pytest.mark.parametrize(
    ("score", "role", "weight"),
    [(16.0, "junk", 5.3), (6.0, "inbox", 2.0), (-4.0, "inbox", -1.3), (900.0, "junk", 15.0)],
)
def test_rspamds_score_counts(
    house: RunningHouse, cast: Cast, score: float, role: str, weight: float
) -> None:
    heard: list[Any] = []
    with rspamd({"score": score, "required_score": 15, "action": "x", "symbols": {}}, heard=heard) as place:
        with door(house, rspamd=place) as port:
            assert hand_in(port, cast.alice, make.message(subject="scored")).startswith(b"250")
    path, headers, body = heard[0]
    assert (path, headers["From"], headers["Rcpt"]) == ("/checkv2", "ann@bank.example", cast.alice.email)
    assert (headers["Ip"] if "Ip" in headers else headers["IP"]) == "127.0.0.1"
    assert body.startswith(b"From: Zoe")
    found, signals = lies_in(house, cast, "scored")
    assert (found, signals[0]["name"], signals[0]["weight"]) == (role, "rspamd", weight)
    assert signals[0]["words"] == f"Rspamd gives it {score:.1f} of 15 points."


def test_peers_that_the_operator_names_are_not_judged(house: RunningHouse, cast: Cast) -> None:
    heard: list[Any] = []
    scored = {"score": 16.0, "required_score": 15, "action": "x", "symbols": {}}
    with rspamd(scored, heard=heard) as place, door(house, rspamd=place, unjudged="127.0.0.0/8") as port:
        assert hand_in(port, cast.alice, make.message(subject="ours")).startswith(b"250")
    assert heard == []
    alice = log_in(house, cast.alice)
    (row,) = alice.get("/emails/", mailbox=make.mailbox(cast.alice, "inbox")).json["items"]
    assert row["subject"] == "ours" and alice.get(f"/emails/{row['id']}/").json["spam"] is None


def test_clamav_finds_in_large_mail_too(house: RunningHouse, cast: Cast) -> None:
    scanned: list[bytes] = []
    text = "line of text\r\n" * 20_000
    with clamav(scanned=scanned) as place, door(house, clamav=place) as port:
        clean = make.message(subject="clean", text=text)
        assert hand_in(port, cast.alice, clean).startswith(b"250")
        assert hand_in(port, cast.alice, make.message(subject="bad", text=text + EICAR.decode())).startswith(
            b"250"
        )
    assert scanned[0] == clean and len(clean) > 3 * 64 * 1024
    assert lies_in(house, cast, "clean") == ("inbox", [])
    role, signals = lies_in(house, cast, "bad")
    assert role == "junk" and signals[0]["words"] == "ClamAV found Eicar-Signature in it."


@contextmanager
def nobody() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = taken.getsockname()
    yield place


@pytest.mark.parametrize("fault", ["refused", "stalls", "nonsense", "error"])
def test_mail_comes_in_when_they_are_down(house: RunningHouse, cast: Cast, fault: str) -> None:
    begun = time.monotonic()
    if fault == "refused":
        with nobody() as place, door(house, rspamd=place, clamav=place) as port:
            assert hand_in(port, cast.alice, make.message(subject=fault)).startswith(b"250")
    elif fault == "stalls":
        with clamav(stalls=True) as place, door(house, clamav=place, seconds=0.3) as port:
            assert hand_in(port, cast.alice, make.message(subject=fault)).startswith(b"250")
        assert time.monotonic() - begun < 30
    else:
        answer, status = (b"<html>", 200) if fault == "nonsense" else (b"", 500)
        with rspamd(answer, status=status) as place, door(house, rspamd=place) as port:
            assert hand_in(port, cast.alice, make.message(subject=fault)).startswith(b"250")
    assert lies_in(house, cast, fault) == ("inbox", [])


def test_names_of_what_was_found_are_bounded() -> None:
    from posthouse.wire import clamd

    assert clamd.found_in(b"stream: OK\0") == ""
    assert clamd.found_in(b"stream: Win.Test-1 FOUND\0") == "Win.Test-1"
    assert clamd.found_in(b"stream: a\x07b FOUND") == "a?b"
    assert len(clamd.found_in(b"stream: " + b"x" * 4000 + b" FOUND")) == 100
    for reply in (b"", b"stream: size limit exceeded. ERROR\0", b"UNKNOWN COMMAND\0"):
        with pytest.raises(ValueError, match="no verdict"):
            clamd.found_in(reply)
