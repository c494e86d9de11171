"""Where a verb of the command line runs: here, or in the server that holds the folder; and how its answer is shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from posthouse.config.env import Env, Misconfigured

Data = Annotated[
    Path | None, typer.Option("--data", help="The data folder (or POSTHOUSE_DATA; default ./data).")
]


def fail(message: str) -> NoReturn:
    typer.echo(f"posthouse: {message}", err=True)
    raise typer.Exit(2)


def must_exist(data: Path | None) -> None:
    """A mistyped folder is refused; only `serve` and `domain add` begin a new one."""
    folder = data or Path(os.environ.get("POSTHOUSE_DATA") or "data")
    if not (folder / "lock").exists():
        fail(f"there is no Posthouse in {folder.absolute()}; `serve` or `domain add` begin one.")


def set_up(data: Path | None) -> Env:
    from posthouse.config import start

    if data is not None:
        os.environ["POSTHOUSE_DATA"] = str(data)
    try:
        env = start.set_up_django()
    except Misconfigured as error:
        fail(str(error))
    start.configure_logs(env.log_level)
    return env


def verb(data: Path | None, verb: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Run a verb here, or in the server that holds the folder."""
    from posthouse.config import start

    env = set_up(data)
    from posthouse.base import db
    from posthouse.base.errors import Failure
    from posthouse.ops import control
    from posthouse.ops.verbs import VERBS

    try:
        lock = start.lock_folder(env.data)
    except start.FolderBusy:
        try:
            yield from control.ask(env.data, verb, arguments)
        except OSError as error:
            fail(f"another Posthouse is using {env.data} and does not answer ({error.strerror}).")
        return
    except Misconfigured as error:
        fail(str(error))
    with lock:
        try:
            start.migrate(env)
        except start.CannotServe as error:
            fail(str(error))
        try:
            yield from VERBS[verb](**arguments)
        except Failure as failure:
            yield {"failure": {"code": failure.code, "message": failure.message}}
        finally:
            db.stop()


def show_nothing(lines: Iterator[dict[str, Any]]) -> Any:
    result: Any = None
    for line in lines:
        if "failure" in line:
            fail(line["failure"]["message"])
        result = line.get("result", result)
    if result is None:
        fail("the server went away.")
    return result


def show(lines: Iterator[dict[str, Any]]) -> None:
    typer.echo(show_nothing(lines))


def with_bar(lines: Iterator[dict[str, Any]]) -> Any:
    """Follow progress with a bar on a terminal, silently elsewhere."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.fields[stored]} e-mails"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    result: Any = None
    with Progress(*columns, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("import", total=None, stored=0)
        for line in lines:
            if "failure" in line:
                bar.stop()
                fail(line["failure"]["message"])
            if "progress" in line:
                progress = line["progress"]
                bar.update(
                    task,
                    completed=progress["done_bytes"],
                    total=progress["total_bytes"],
                    stored=progress["stored"],
                )
            result = line.get("result", result)
    if result is None:
        fail("the server went away; run the same command again to go on.")
    return result


def show_records(lines: Iterator[dict[str, Any]]) -> int:
    """What is to be published in the DNS; gives how much there was."""
    records = show_nothing(lines)
    for one in records:
        typer.echo(f"; {one['why']}")
        typer.echo(f"{one['name']}  {one['type']}  {one['value']}")
    return len(records)
