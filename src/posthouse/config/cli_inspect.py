"""`posthouse inspect`: what we would make of an e-mail, a sender or a page, without taking it in.

Nothing is kept and nothing changed. All but `spam` need no data folder.
"""

from __future__ import annotations

import asyncio
import ipaddress
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from posthouse.config.cli_running import Data, fail, must_exist, show_nothing, verb

if TYPE_CHECKING:
    from posthouse.base.net_dns import Answers
    from posthouse.wire.auth.dkim import Dkim
    from posthouse.wire.mime.digest import Digest

inspect_app = typer.Typer(help="What we would make of it; nothing is kept.", no_args_is_help=True)

File = Annotated[str, typer.Argument(help="An e-mail as it came; - reads it from the input.")]
Dns = Annotated[
    str, typer.Option(envvar="POSTHOUSE_DNS", help="Ask this resolver, HOST:PORT (default the system's).")
]
Ip = Annotated[str, typer.Option(help="The address that brings it.")]
Helo = Annotated[str, typer.Option(help="What it calls itself.")]


@inspect_app.command()
def message(file: File) -> None:
    """Who, what and which parts, as mail programs are shown them; and what is wrong with it."""
    from posthouse.wire.mime import digest
    from posthouse.wire.mime.automatic import wants_no_answer
    from posthouse.wire.mime.headers import read_header
    from posthouse.wire.mime.part import load_structure, walk

    raw = _read(file)
    found = digest(raw)
    for name, value in _facts(found):
        typer.echo(f"{name:<12} {value}")
    for number, part in walk(load_structure(found.structure)):
        named = f" {part.filename!r}" if part.filename else ""
        typer.echo(
            f"{'part ' + number:<12} {part.content_type} {part.encoding} {part.size_bytes} bytes{named}"
        )
    if wants_no_answer(read_header(raw, 0, len(raw)).fields):
        typer.echo(f"{'automatic':<12} no program answers it")
    for defect in found.defects:
        typer.echo(f"{'defect':<12} {defect}")


def _facts(found: Digest) -> list[tuple[str, str]]:
    def people(some: Any) -> str:
        return ", ".join(f"{one.name} <{one.email}>".strip() for one in some)

    facts = [
        ("from", people(found.from_)),
        ("to", people(found.to)),
        ("cc", people(found.cc)),
        ("subject", found.subject),
        ("message-id", found.message_id or ""),
        ("list", found.list_id or ""),
        ("begins", found.preview),
    ]
    return [(name, value) for name, value in facts if value]


@inspect_app.command()
def spf(
    ip: Ip,
    sender: Annotated[str, typer.Option("--from", help="The envelope's sender; empty for a bounce.")] = "",
    helo: Helo = "",
    dns: Dns = "",
) -> None:
    """Whether a server may send for a sender's domain (RFC 7208)."""
    from posthouse.wire.auth.spf import check_host

    try:
        ipaddress.ip_address(ip)
    except ValueError:
        fail(f"{ip!r} is no address.")
    found = _asking(dns, lambda ask: check_host(ask, ip=ip, mail_from=sender, helo=helo, now=_now()))
    typer.echo(f"{found.result}  {found.domain}" + (f"  by {found.matched}" if found.matched else ""))
    for words in filter(None, (found.problem, found.explanation)):
        typer.echo(f"  {words}")


@inspect_app.command()
def dkim(file: File, dns: Dns = "") -> None:
    """Each signature of an e-mail (RFC 6376), and the chain of seals where there is one (ARC)."""
    from posthouse.wire.auth import arc
    from posthouse.wire.auth import dkim as signatures
    from posthouse.wire.auth.message import Message

    mail = Message(_read(file))

    async def ask_all(ask: Answers) -> tuple[list[Dkim], arc.Arc]:
        found = [await signatures.verify(ask, mail, one, now=_now()) for one in signatures.signatures(mail)]
        return found, await arc.verify(ask, mail, now=_now())

    found, chain = _asking(dns, ask_all)
    for one in found:
        why = f": {one.problem}" if one.problem else ""
        typer.echo(f"dkim {one.result}  {one.domain} {one.selector} {one.algorithm}{why}")
    if not found:
        typer.echo("dkim none")
    if chain.result != "none":
        typer.echo(f"arc {chain.result}  {' '.join(chain.sealers)}{chain.problem}")


@inspect_app.command()
def spam(
    file: File,
    user: Annotated[str, typer.Option("--user", help="Whose filter (an address).")],
    data: Data = None,
) -> None:
    """What somebody's junk filter says of an e-mail, sign by sign; who brought it is not asked."""
    must_exist(data)
    with _at_a_path(file) as path:
        found = show_nothing(verb(data, "spam_verdict", {"path": str(path), "user": user}))
    if not found["is_enabled"]:
        typer.echo("The filter is off.")
        return
    typer.echo(f"{'junk' if found['is_junk'] else 'wanted'}  {found['score']:.1f}")
    for name, weight, words in found["signals"]:
        typer.echo(f"  {weight:+6.2f}  {name:<14} {words}")


@inspect_app.command()
def html() -> None:
    """HTML from the input, made safe as it is shown, without what is remote."""
    from posthouse.wire.html import sanitize

    page = sys.stdin.buffer.read().decode("utf-8", "replace")
    sys.stdout.buffer.write(sanitize(page, cid=lambda _: None).html.encode("utf-8", "replace"))


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}.")


@contextmanager
def _at_a_path(file: str) -> Iterator[Path]:
    """Where whoever holds the data folder can read it, also what comes from the input."""
    if file != "-":
        yield Path(file).absolute()
        return
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(_read(file))
        kept.flush()
        yield Path(kept.name)


def _now() -> int:
    from posthouse.base import clock

    return int(clock.now().timestamp())


def _resolver(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    try:
        address = str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        fail(f"{text!r} is not the address and port of a resolver, as 127.0.0.1:53.")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) <= 65535:
        fail(f"{text!r} is not the address and port of a resolver, as 127.0.0.1:53.")
    return address, int(port)


def _asking(dns: str, ask: Callable[[Answers], Any]) -> Any:
    """Run a check that asks the DNS; `dns` is as the setting is, or empty."""
    from posthouse.base.net_dns import Answers
    from posthouse.base.net_guard import NetPolicy

    server = _resolver(dns) if dns else None

    async def asked() -> Any:
        return await ask(Answers(NetPolicy(dns_server=server)))

    return asyncio.run(asked())
