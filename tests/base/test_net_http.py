"""The image proxy's fetch against a server that tries everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from posthouse.base.net import NetPolicy, parse_nets
from posthouse.base.net_http import Fetched, FetchFailed, Limits, Response, fetch, image_type, request

from .fake_dns import FakeDns, fake_dns

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
Answer = Callable[[bytes], bytes]


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    with fake_dns() as server:
        server.zone["img.test", "A"] = ["127.0.0.2"]
        server.zone["inside.test", "A"] = ["127.0.0.1"]
        yield server


class Site:
    """A web server on every loopback address; remembers what it was asked."""

    def __init__(self, dns: FakeDns, **answers: bytes) -> None:
        self.dns = dns
        self.answers = answers
        self.requests: list[bytes] = []
        self.reached: list[str] = []
        self.port = 0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reached.append(writer.get_extra_info("sockname")[0])
        head = await reader.readuntil(b"\r\n\r\n")
        self.requests.append(head)
        page = head.split(b" ", 2)[1].strip(b"/").decode() or "index"
        writer.write(self.answers[page].replace(b"PORT", str(self.port).encode()))
        try:
            await writer.drain()
        except OSError:
            pass
        if page == "slow":
            await asyncio.sleep(5)
        writer.close()

    async def _with(self, do: Callable[[NetPolicy], object]) -> object:
        server = await asyncio.start_server(self._serve, "0.0.0.0", 0)
        self.port = server.sockets[0].getsockname()[1]
        policy = NetPolicy(
            dns_server=self.dns.address,
            dns_timeout=1,
            connect_timeout=2,
            allow_nets=parse_nets("127.0.0.2/32"),
        )
        try:
            return await do(policy)  # type: ignore[misc]  # every caller passes a coroutine function
        finally:
            server.close()

    def fetch(self, page: str, host: str = "img.test", **options: object) -> Fetched:
        async def do(policy: NetPolicy) -> object:
            url = f"http://{host}:{self.port}/{page}"
            return await fetch(url, policy=policy, **options)  # type: ignore[arg-type]  # options of one test

        found = asyncio.run(self._with(do))
        assert isinstance(found, Fetched)
        return found

    def request(self, page: str, **options: object) -> Response:
        async def do(policy: NetPolicy) -> object:
            url = f"http://img.test:{self.port}/{page}"
            return await request(url, policy=policy, **options)  # type: ignore[arg-type]  # as above

        found = asyncio.run(self._with(do))
        assert isinstance(found, Response)
        return found


def ok(body: bytes, *extra: bytes) -> bytes:
    head = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *extra]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def to(location: bytes) -> bytes:
    return b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"


def test_an_image_is_fetched_and_named_by_its_bytes(dns: FakeDns) -> None:
    site = Site(dns, a=ok(PNG, b"Content-Type: text/html"))
    assert site.fetch("a").content_type == "image/png"
    assert site.fetch("a").body == PNG


def test_the_request_tells_nothing_of_the_reader(dns: FakeDns) -> None:
    site = Site(dns, a=ok(PNG, b"Set-Cookie: id=1"), b=to(b"/a"))
    site.fetch("b")
    for head in site.requests:
        assert b"cookie" not in head.lower()
        assert b"referer" not in head.lower()
        assert b"accept-encoding: identity" in head.lower()


def test_redirects_are_followed_and_judged_each(dns: FakeDns) -> None:
    site = Site(
        dns, a=ok(PNG), b=to(b"/a"), c=to(b"http://inside.test:PORT/a"), d=to(b"http://127.0.0.1:PORT/a")
    )
    assert site.fetch("b").url.endswith("/a")
    for page in ("c", "d"):
        with pytest.raises(FetchFailed):
            site.fetch(page)
    assert set(site.reached) == {"127.0.0.2"}


@pytest.mark.parametrize(
    "location",
    [
        b"file:///etc/passwd",
        b"ftp://img.test/a",
        b"http://2130706433/",
        b"http://0x7f.1/",
        b"gopher://x/",
        b"//[::1]/",
    ],
)
def test_redirects_to_other_schemes_and_spellings_fail(dns: FakeDns, location: bytes) -> None:
    with pytest.raises(FetchFailed):
        Site(dns, a=to(location)).fetch("a")


def test_a_redirect_loop_ends(dns: FakeDns) -> None:
    site = Site(dns, a=to(b"/a"))
    with pytest.raises(FetchFailed):
        site.fetch("a")
    assert len(site.requests) == 5


def test_a_name_that_moves_inside_between_redirects_is_refused(dns: FakeDns) -> None:
    dns.zone["moves.test", "A"] = lambda before: ["127.0.0.2"] if before == 0 else ["127.0.0.1"]
    site = Site(dns, a=to(b"http://moves.test:PORT/b"), b=ok(PNG))
    with pytest.raises(FetchFailed):
        site.fetch("a", host="moves.test")
    assert site.reached == ["127.0.0.2"]


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"Content-Type: image/svg+xml"),
        ok(b"<html>", b"Content-Type: image/png"),
        ok(b""),
        ok(PNG, b"Content-Encoding: gzip"),
        ok(PNG + bytes(2_000)),
        b"HTTP/1.1 200 OK\r\n\r\n" + PNG + bytes(2_000),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + PNG,
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + PNG,
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n" + PNG,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        b"HTTP/1.1 404 No\r\nContent-Length: 28\r\n\r\n" + PNG,
        b"220 mail.test ESMTP\r\n",
        b"",
    ],
    ids=lambda answer: repr(answer[:50]),
)
def test_what_is_no_small_plain_image_is_refused_with_one_text(dns: FakeDns, answer: bytes) -> None:
    with pytest.raises(FetchFailed) as failed:
        Site(dns, a=answer).fetch("a", max_bytes=1_000)
    assert str(failed.value) == "The remote content could not be loaded."


def test_a_slow_server_is_given_up(dns: FakeDns) -> None:
    with pytest.raises(FetchFailed):
        Site(dns, slow=b"HTTP/1.1 200 OK\r\n").fetch("slow", timeout=0.3)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1/",
            "http://localhost/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://0/",
        ),
        *(
            "http://0177.0.0.1/",
            "http://a.test:25/",
            "http://a.test:22/",
            "https://user:pw@a.test/",
            "http:///x",
        ),
        *(
            "file:///etc/passwd",
            "javascript:x",
            "http://a.test\\@127.0.0.1/",
            "http://a.test/\r\nX: y",
            "",
            "x" * 9_000,
        ),
        *("http://a.test:99999/", "http://[::1", "http://169.254.169.254/latest/meta-data/"),
    ],
)
def test_urls_that_are_no_plain_web_address_fail_before_any_connection(url: str) -> None:
    policy = NetPolicy(dns_server=("127.0.0.1", 9), dns_timeout=0.2, connect_timeout=0.2)
    with pytest.raises(FetchFailed):
        asyncio.run(fetch(url, policy=policy))


def test_a_post_is_not_redirected_and_any_status_is_an_answer(dns: FakeDns) -> None:
    site = Site(dns, hook=to(b"/other"), gone=b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
    assert site.request("hook", method="POST", body=b"{}", limits=Limits(max_redirects=0)).status == 302
    assert site.request("gone", method="POST", body=b"{}").status == 410
    assert len(site.requests) == 2
    assert b"content-length: 2" in site.requests[0].lower()


def test_secret_headers_do_not_follow_a_redirect(dns: FakeDns) -> None:
    site = Site(dns, a=to(b"/b"), b=ok(b"x"))
    site.request("a", headers={"Authorization": "Bearer x", "Accept": "a/b"})
    assert b"bearer" in site.requests[0].lower()
    assert b"bearer" not in site.requests[1].lower()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(10), "image/jpeg"),
        (b"GIF89a" + bytes(10), "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x20ftypavif", "image/avif"),
        (b"<svg", None),
        (b"BM", None),
        (b"", None),
    ],
)
def test_image_types_are_told_from_the_bytes(body: bytes, kind: str | None) -> None:
    assert image_type(body) == kind
