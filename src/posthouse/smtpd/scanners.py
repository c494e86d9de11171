"""What other programs of the operator's say of arriving mail: Rspamd (HTTP, /checkv2) and ClamAV (INSTREAM).

Invariant: mail is never lost, refused or kept waiting because one of them is down: what is not answered within
`SCAN_SECONDS` is not known, and the spam filter judges without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec
import structlog

from posthouse.base import metrics, net, net_http
from posthouse.base.net_guard import NetPolicy
from posthouse.filters.spam.signs import Signal
from posthouse.wire import clamd
from posthouse.wire.smtp.envelope import Envelope, Peer

log = structlog.get_logger(__name__)

SCAN_SECONDS = 8.0
MAX_ANSWER_BYTES = 1_000_000
VIRUS_WEIGHT = 100.0
RSPAMD_WEIGHT = 5.0
"""What Rspamd's own limit for an action is worth here."""
LEAST, MOST = -3.0, 15.0
Place = tuple[str, int]

scans = metrics.Counter("posthouse_scans", "What other filters answered.", "scanner", "outcome")


class RspamdAnswer(msgspec.Struct):
    score: float
    required_score: float
    action: str


class Scanners:
    def __init__(
        self, *, rspamd: Place | None, clamav: Place | None, policy: NetPolicy, seconds: float = SCAN_SECONDS
    ) -> None:
        self._rspamd, self._clamav = rspamd, clamav
        self._policy, self._seconds = policy, seconds

    async def ask(self, envelope: Envelope, content: bytes, peer: Peer) -> list[Signal]:
        """Both side by side."""
        asked: list[Awaitable[list[Signal]]] = []
        if self._rspamd is not None:
            place = self._rspamd
            asked.append(self._within("rspamd", lambda: self._ask_rspamd(place, envelope, content, peer)))
        if self._clamav is not None:
            where = self._clamav
            asked.append(self._within("clamav", lambda: self._ask_clamav(where, content)))
        return [signal for found in await asyncio.gather(*asked) for signal in found]

    async def _within(self, scanner: str, ask: Callable[[], Awaitable[list[Signal]]]) -> list[Signal]:
        try:
            async with asyncio.timeout(self._seconds):
                found = await ask()
        except Exception as error:  # noqa: BLE001 another program's fault must not keep mail out
            scans.count(scanner, "failed")
            reason = getattr(error, "reason", "") or type(error).__name__
            log.warning("smtp.scanner_failed", scanner=scanner, reason=str(reason)[:200])
            return []
        scans.count(scanner, "answered")
        return found

    async def _ask_rspamd(self, place: Place, envelope: Envelope, content: bytes, peer: Peer) -> list[Signal]:
        host, port = place
        response = await net_http.request(
            f"http://{host}:{port}/checkv2",
            method="POST",
            headers={
                "From": _ascii(envelope.mail_from or ""),
                "Rcpt": _ascii(envelope.recipients[0].address) if envelope.recipients else "",
                "IP": _ascii(peer.ip),
                "Helo": _ascii(peer.helo),
            },
            body=content,
            limits=net_http.Limits(max_bytes=MAX_ANSWER_BYTES, timeout=self._seconds, max_redirects=0),
            policy=self._policy,
        )
        if response.status != 200:
            raise ValueError(f"Rspamd answered {response.status}")
        answer = msgspec.json.decode(response.body, type=RspamdAnswer)
        limit = answer.required_score if answer.required_score > 0 else 15.0
        weight = round(max(LEAST, min(MOST, RSPAMD_WEIGHT * answer.score / limit)), 1)
        words = f"Rspamd gives it {answer.score:.1f} of {limit:g} points."
        return [Signal("rspamd", weight, words)] if weight else []

    async def _ask_clamav(self, place: Place, content: bytes) -> list[Signal]:
        connection = await net.open_connection(*place, policy=self._policy)
        try:
            for piece in clamd.instream(content):
                connection.writer.write(piece)
                await connection.writer.drain()
            reply = await connection.reader.readuntil(b"\0")
        finally:
            connection.writer.close()
            with suppress(OSError):
                await connection.writer.wait_closed()
        name = clamd.found_in(reply[: clamd.MAX_REPLY_BYTES])
        return [Signal("virus", VIRUS_WEIGHT, f"ClamAV found {name} in it.")] if name else []


def _ascii(value: object) -> str:
    """A header field of one line, whatever the peer said."""
    return "".join(sign for sign in str(value) if " " <= sign <= "~")[:320]
