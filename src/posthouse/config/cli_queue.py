"""`posthouse queue`: mail on its way out, of everybody on this server."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
import typer

from posthouse.config.cli_running import Data, fail, must_exist, show_nothing, verb

queue_app = typer.Typer(help="Mail on its way out, of everybody here.", no_args_is_help=True)

STATES = ("held", "queued", "sending", "retrying")
Ids = Annotated[
    list[int] | None, typer.Argument(min=1, max=2**63 - 1, help="Numbers that `queue list` shows.")
]
Destination = Annotated[str, typer.Option(help="All that waits for this domain.")]
Sender = Annotated[str, typer.Option(help="All that waits of this sender.")]


@queue_app.command("list")
def waiting(
    destination: Annotated[str, typer.Option(help="Only what goes to this domain.")] = "",
    sender: Annotated[str, typer.Option(help="Only this sender's.")] = "",
    state: Annotated[str, typer.Option(help="Only held, queued, sending or retrying.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many at most.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    data: Data = None,
) -> None:
    """What waits, the longest waiting first: who to whom, and why it is not there yet."""
    must_exist(data)
    if state and state not in STATES:
        fail(f"{state!r} is not {', '.join(STATES[:-1])} or {STATES[-1]}.")
    asked = {"destination": destination, "sender": sender, "state": state, "limit": limit}
    rows = show_nothing(verb(data, "queue_waiting", asked))
    if as_json:
        typer.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    for row in rows:
        _tell(row)
    typer.echo(f"{len(rows)} waiting" if len(rows) < limit else f"the first {limit}; more may wait")


def _tell(row: dict[str, Any]) -> None:
    state = f"{row['state']} by {row['held_by']}" if row["held_by"] else row["state"]
    typer.echo(f"{row['id']}  {state}  {row['sender'] or '<>'} -> {row['recipient']}")
    tries = f"{row['attempts']} {'try' if row['attempts'] == 1 else 'tries'}"
    until = f", next {row['next_attempt_at']}" if row["next_attempt_at"] else ""
    typer.echo(f"    since {row['queued_at']}, {tries}{until}")
    if row["answer"]:
        typer.echo(f"    {row['host'] or 'here'}: {row['answer']}")


@queue_app.command()
def retry(ids: Ids = None, destination: Destination = "", sender: Sender = "", data: Data = None) -> None:
    """Try it now and not later."""
    _act(data, "retry", ids, destination, sender)


@queue_app.command()
def hold(ids: Ids = None, destination: Destination = "", sender: Sender = "", data: Data = None) -> None:
    """Do not try it before it is released."""
    _act(data, "hold", ids, destination, sender)


@queue_app.command()
def release(ids: Ids = None, destination: Destination = "", sender: Sender = "", data: Data = None) -> None:
    """Let go what was held."""
    _act(data, "release", ids, destination, sender)


@queue_app.command("give-up")
def give_up(ids: Ids = None, destination: Destination = "", sender: Sender = "", data: Data = None) -> None:
    """Try it no more; who sent it is told by mail."""
    _act(data, "give_up", ids, destination, sender)


def _act(data: Data, what: str, ids: list[int] | None, destination: str, sender: str) -> None:
    must_exist(data)
    asked = {"verb": what, "ids": ids or [], "destination": destination, "sender": sender}
    result = show_nothing(verb(data, "queue_act", asked))
    typer.echo(f"{result['done']} done")
    for one in result["not_done"]:
        typer.echo(f"not {one['id']}: {one['message'] or one['code']}")
    if result["not_done"]:
        raise typer.Exit(1)
