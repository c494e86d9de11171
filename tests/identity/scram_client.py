"""SCRAM as a mail client says it, by another implementation (scramp), over IMAP and over SMTP."""

from __future__ import annotations

import base64
import smtplib
from dataclasses import dataclass

from scramp import ScramClient

from tests.imapd.client import Client as Imap

END_POINT = "tls-server-end-point"


@dataclass
class Outcome:
    """`challenge` is the server's first message, `said` its last word."""

    challenge: bytes
    said: bytes

    @property
    def salt_and_iterations(self) -> bytes:
        return self.challenge.partition(b",")[2]


def client_for(
    email: str, password: str, mechanism: str = "SCRAM-SHA-256", binding: tuple[str, bytes] | None = None
) -> ScramClient:
    return ScramClient([mechanism], email, password, channel_binding=binding)


def by_imap(imap: Imap, client: ScramClient, *, at_once: bool = True) -> Outcome:
    """Log in; scramp raises when the server does not know the password."""
    first = base64.b64encode(client.get_client_first().encode())
    line = b"AUTHENTICATE " + client.mechanism_name.encode()
    tag = imap.start(line + b" " + first if at_once else line)
    if not at_once:
        assert imap.line() == b"+ "
        imap.send(first + b"\r\n")
    answer = imap.line()
    if not answer.startswith(b"+ "):
        return Outcome(b"", answer.removeprefix(tag + b" "))
    challenge = base64.b64decode(answer[2:])
    client.set_server_first(challenge.decode())
    imap.send(base64.b64encode(client.get_client_final().encode()) + b"\r\n")
    answer = imap.line()
    if answer.startswith(b"+ "):
        client.set_server_final(base64.b64decode(answer[2:]).decode())
        imap.send(b"\r\n")
        answer = imap.finish(tag).tagged
    return Outcome(challenge, answer.removeprefix(tag + b" "))


def by_smtp(smtp: smtplib.SMTP, client: ScramClient) -> Outcome:
    first = base64.b64encode(client.get_client_first().encode()).decode()
    code, answer = smtp.docmd("AUTH", f"{client.mechanism_name} {first}")
    if code != 334:
        return Outcome(b"", b"%d %b" % (code, answer))
    challenge = base64.b64decode(answer)
    client.set_server_first(challenge.decode())
    code, answer = smtp.docmd(base64.b64encode(client.get_client_final().encode()).decode())
    if code == 334:
        client.set_server_final(base64.b64decode(answer).decode())
        code, answer = smtp.docmd("")
    return Outcome(challenge, b"%d %b" % (code, answer))
