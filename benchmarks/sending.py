"""How many e-mails a second leave: signed with DKIM, to one destination, beside Postfix with OpenDKIM.

Each is handed 5,000 e-mails of 4 KB over ten connections and sends them on to smtp-sink, which takes all and counts.
The clock runs from the first MAIL to the last message at the sink. Ours are handed in by people who log in.
"""

from __future__ import annotations

import base64
import os
import re
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import dkim as dkimpy
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from benchmarks.http_client import Http
from benchmarks.messages import SMALL_BYTES, Letter, letters
from benchmarks.report import Work, rounds
from benchmarks.systems import DOMAIN, PEOPLE, POSTHOUSE, NotTrue, System, cpu_seconds
from posthouse.wire.auth.dkim_sign import SigningKey, new_private, sign
from tests.base.fake_dns import fake_dns
from tests.peers import PeerUnavailable, Posthouse, opendkim, postfix, posthouse
from tests.peers.process import Process, free_port, own_folder, program

POSTFIX = "postfix+opendkim"
LETTERS = 5_000
CONNECTIONS = 10
WAIT_SECONDS = 300.0
AT_ONCE = 200
TARGET = "reader@sink.test"
_MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.M | re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """`login` is None where everybody on this machine may send."""

    name: str
    port: int
    login: tuple[Sequence[str], str] | None
    processes: Sequence[Process]


class Sink:
    """smtp-sink writes a counter for each message, and the messages into one file."""

    def __init__(self, port: int, log: Path, mail: Path) -> None:
        self.port, self._log, self._mail = port, log, mail

    def count(self) -> int:
        """Messages since it began; the line is written over and over, with a carriage return."""
        text = self._log.read_bytes()[-200:].replace(b"\r", b"\n").decode("ascii", "replace")
        found = [part for line in text.splitlines() for part in line.split() if part.startswith("mesg=")]
        return int(found[-1].removeprefix("mesg=")) if found else 0

    def insist_on_signatures(self) -> None:
        """What was counted was signed, each once, and came once."""
        text = self._mail.read_bytes()
        ids = _MESSAGE_ID.findall(text)
        if text.lower().count(b"\ndkim-signature:") != len(ids) or len(set(ids)) != len(ids):
            raise NotTrue("some came unsigned, or twice")


@contextmanager
def smtp_sink() -> Iterator[Sink]:
    with own_folder("smtp-sink") as folder:
        port, log, mail = free_port(), folder / "console.log", folder / "mail"
        mail.touch()
        mail.chmod(0o666)
        folder.chmod(0o777)
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        command = [program("smtp-sink"), "-c", *user, "-D", str(mail), f"127.0.0.1:{port}", "256"]
        process = Process(command, log=log)
        try:
            process.wait_for_port(port)
            yield Sink(port, log, mail)
        finally:
            process.stop()


@contextmanager
def _ours(sink: Sink) -> Iterator[Sending]:
    """Keys made by the command line's house and published in a DNS of the test's."""
    with ExitStack() as stack:
        dns = stack.enter_context(fake_dns(ttl=3600))
        env = {
            "POSTHOUSE_ROUTES": f"sink.test=127.0.0.1:{sink.port}",
            "POSTHOUSE_DNS": "{}:{}".format(*dns.address),
        }
        folder = stack.enter_context(own_folder("posthouse"))
        server = stack.enter_context(posthouse(folder, domain=DOMAIN, people=PEOPLE, env=env))
        server.lift_sending_limits()
        for name, record in _new_keys(server).items():
            dns.zone[name, "TXT"] = [
                " ".join(f'"{record[at : at + 250]}"' for at in range(0, len(record), 250))
            ]
        assert server.process
        yield Sending(
            name=POSTHOUSE,
            port=server.submission_port,
            login=(PEOPLE, server.password),
            processes=[server.process],
        )


def _new_keys(server: Posthouse) -> dict[str, str]:
    """Made by an owner, as the domain's page does; the RSA one alone, since that is what the peer signs with."""
    owner = f"owner@{DOMAIN}"
    server.command("user", "add", owner, "--admin", "--password-stdin", text=server.password + "\n")
    with Http(server.http_port) as http:
        http.log_in(owner, server.password)
        (domain,) = http.get("/api/v1/domains/")["items"]
        made = http.post(f"/api/v1/domains/{domain['id']}/keys/", {})
    return {one["name"]: one["value"] for one in made["records"] if "k=rsa" in one["value"]}


@contextmanager
def _theirs(sink: Sink) -> Iterator[Sending]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    with opendkim(signs_for=DOMAIN, private=private, canon="relaxed/relaxed") as milter:
        settings = {
            **milter.settings,
            "mynetworks": "127.0.0.0/8",
            "smtpd_relay_restrictions": "permit_mynetworks, reject",
            "default_transport": f"smtp:[127.0.0.1]:{sink.port}",
        }
        with postfix(domain="nobody.test", settings=settings) as front:
            yield Sending(
                name=POSTFIX, port=front.smtp_port, login=None, processes=[front.process, milter.process]
            )


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    """`systems` are not used: what is measured here has settings of its own."""
    return [_signing(quick=quick), *_sending(quick=quick)]


def _signing(*, quick: bool) -> Work:
    """One signature of 4 KB, RSA 2048."""
    (letter,) = letters(1, size_bytes=SMALL_BYTES, series="signing")
    private = new_private("rsa")
    key = SigningKey(domain="bench.test", selector="key", private=private)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    work = Work(name="DKIM: sign 4 KB, RSA 2048", unit="ms", better="less", goal="0.5 ms")
    ways: dict[str, Callable[[], bytes]] = {
        POSTHOUSE: lambda: sign(letter.content, [key], now=1_700_000_000),
        "dkimpy": lambda: dkimpy.sign(letter.content, b"key", b"bench.test", pem),
    }

    def once(name: str, _number: int) -> None:
        begun = time.process_time()
        for _ in range(AT_ONCE if name == POSTHOUSE else AT_ONCE // 10):
            ways[name]()
        work.add(
            name, (time.process_time() - begun) / (AT_ONCE if name == POSTHOUSE else AT_ONCE // 10) * 1000
        )

    rounds(2 if quick else 5, list(ways), once, title=work.name)
    return work


def _sending(*, quick: bool) -> list[Work]:
    count = LETTERS // 5 if quick else LETTERS
    name = f"{count:,} signed 4 KB e-mails to one destination"
    left = Work(
        name=name, unit="/s", better="more", goal="1 × Postfix+OpenDKIM", note="handed in, signed, sent"
    )
    taken = Work(name=name, unit="/s", better="more", note="handed in alone")
    used = Work(name=name, unit="ms", better="less", note="processor per e-mail")
    with ExitStack() as stack:
        sinks = {name: stack.enter_context(smtp_sink()) for name in (POSTHOUSE, POSTFIX)}
        by_name = {}
        for name, begin in ((POSTHOUSE, _ours), (POSTFIX, _theirs)):
            try:
                by_name[name] = stack.enter_context(begin(sinks[name]))
            except PeerUnavailable as reason:
                print(f"{name} is left out: {reason}")

        def once(name: str, _number: int) -> None:
            one, sink = by_name[name], sinks[name]
            batch = letters(count, size_bytes=SMALL_BYTES, series=os.urandom(6).hex())
            before, cpu = sink.count(), cpu_seconds(one.processes)
            begun = time.perf_counter()
            _hand_in(one, batch)
            handed = time.perf_counter()
            _wait_for(sink, before + count)
            left.add(name, count / (time.perf_counter() - begun))
            taken.add(name, count / (handed - begun))
            used.add(name, (cpu_seconds(one.processes) - cpu) / count * 1000)

        rounds(2 if quick else 5, list(by_name), once, title=left.name)
        for one in by_name:
            sinks[one].insist_on_signatures()
    return [left, taken, used]


def _wait_for(sink: Sink, wanted: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while (seen := sink.count()) < wanted:
        if time.monotonic() > deadline:
            raise NotTrue(f"{wanted - seen} have not come after {WAIT_SECONDS} s")
        time.sleep(0.02)


class Line:
    """A connection that hands in: three commands in one packet, then the content."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._expect(1)
        self.say(b"EHLO bench.test\r\n")

    def say(self, text: bytes, *, answers: int = 1) -> None:
        self._socket.sendall(text)
        self._expect(answers)

    def hand_in(self, sender: str, letter: Letter) -> None:
        envelope = f"MAIL FROM:<{sender}>\r\nRCPT TO:<{TARGET}>\r\nDATA\r\n"
        self.say(envelope.encode(), answers=3)
        self.say(letter.wire.replace(b"writer@bench.test", sender.encode(), 1))

    def close(self) -> None:
        self._socket.close()

    def _expect(self, answers: int) -> None:
        heard = b""
        while answers:
            more = self._socket.recv(65_536)
            if not more:
                raise NotTrue("the server hung up")
            *lines, heard = (heard + more).split(b"\n")
            for line in lines:
                if line[3:4] != b"-":
                    answers -= 1
                    if line[:1] not in b"23":
                        raise NotTrue(f"refused: {line!r}")


def _hand_in(one: Sending, batch: Sequence[Letter]) -> None:
    """Over ten connections at once, each its share."""

    def share(number: int) -> None:
        line, sender = Line(one.port), f"writer@{DOMAIN}"
        try:
            if one.login is not None:
                people, password = one.login
                sender = people[number % len(people)]
                secret = base64.b64encode(f"\0{sender}\0{password}".encode())
                line.say(b"AUTH PLAIN " + secret + b"\r\n")
            for letter in batch[number::CONNECTIONS]:
                line.hand_in(sender, letter)
        finally:
            line.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(share, range(CONNECTIONS)))
