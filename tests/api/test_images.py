"""Remote images come through us."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest

from tests.api.client import Client
from tests.api.test_reading import PNG
from tests.cast import Cast, Person
from tests.house import RunningHouse

OF_READER = 6
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


class _Host(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.seen.append(dict(self.headers))  # type: ignore[attr-defined]
        body, kind = (PNG, "text/html") if self.path == "/a.png" else (SVG, "image/svg+xml")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", "track=1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def host() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Host)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _signed(cast: Cast, session: Client, url: str, *, reader: Person | None = None) -> str:
    from dataclasses import replace

    from posthouse.identity import links, tokens

    claims = tokens.read_access(session.headers["Authorization"].partition(" ")[2])
    return links.remote_image(replace((reader or cast.alice).actor, session_id=claims.session_id), url)


def test_an_image_is_fetched_without_telling_who_reads(
    house: RunningHouse, host: ThreadingHTTPServer, alice: Client, anyone: Client, cast: Cast
) -> None:
    url = f"http://127.0.0.1:{host.server_port}/a.png"
    link = _signed(cast, alice, url)
    answer = anyone.request(
        "GET", link, headers={"Cookie": "secret=1", "Referer": "http://house/", "User-Agent": "X"}
    )
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, PNG, "image/png")
    assert "set-cookie" not in answer.headers
    assert "sandbox" in answer.headers["content-security-policy"]
    (seen,) = host.seen  # type: ignore[attr-defined]
    assert not {"Cookie", "Referer", "X-Forwarded-For", "Authorization"} & set(seen)
    assert seen["User-Agent"] == "Posthouse"


def test_only_pictures_pass_and_only_for_whom_they_were_signed(
    house: RunningHouse, host: ThreadingHTTPServer, alice: Client, anyone: Client, cast: Cast
) -> None:
    base = f"http://127.0.0.1:{host.server_port}"
    assert anyone.get(_signed(cast, alice, f"{base}/a.svg")).status == 502
    link = _signed(cast, alice, f"{base}/a.png")
    other = link.replace(quote(f"{base}/a.png", safe=""), quote(f"{base}/b.png", safe=""))
    assert anyone.get(other).status == 403
    assert anyone.get("/images/").status == 403
    assert anyone.get("/images/", **dict.fromkeys("abcdefghijk", "1")).status == 403
    assert len(host.seen) == 1  # type: ignore[attr-defined]


def test_hosts_that_never_answer_take_nobody_elses_pictures(
    house: RunningHouse, host: ThreadingHTTPServer, alice: Client, mallory: Client, cast: Cast
) -> None:
    """One mail with a hundred such pictures would hold every place, for ten seconds and again."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        tar = f"http://127.0.0.1:{silent.getsockname()[1]}"
        links = [_signed(cast, mallory, f"{tar}/{n}.png", reader=cast.mallory) for n in range(20)]
        with ThreadPoolExecutor(len(links)) as crowd:
            asked = [crowd.submit(Client(house.http).get, link) for link in links]
            held = [silent.accept()[0] for _ in range(OF_READER)]
            picture = _signed(cast, alice, f"http://127.0.0.1:{host.server_port}/a.png")
            assert Client(house.http).get(picture).status == 200
            assert not any(one.done() for one in asked)
            silent.settimeout(0.3)
            with pytest.raises(TimeoutError):
                silent.accept()
            silent.close()
            for one in held:
                one.close()
            assert {one.result().status for one in asked} == {502}
