"""The server as a program of its own, which `posthouse serve` becomes: `python -P -m posthouse.config.opening`.

What the command line is made with stays behind: some 10 MB, for nothing, for as long as the house is open. All settings
come by the environment.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import posthouse.config.lean  # noqa: F401  # isort: skip

from posthouse.config import start
from posthouse.config.env import Env, Misconfigured


def main() -> None:
    """Serve until SIGINT or SIGTERM; ends with 2 and the reason where the house cannot open."""
    try:
        _serve(start.set_up_django())
    except (Misconfigured, start.CannotServe) as error:
        print(f"posthouse: {error}", file=sys.stderr)  # noqa: T201 the answer to the person who started it
        sys.exit(2)


def _serve(env: Env) -> None:
    start.configure_logs(env.log_level)
    with _holding(env):
        from posthouse.config import serve

        sockets = serve.bind(env.listeners)
        start.migrate(env)
        serve.run(env, sockets, _demo_accounts() if env.demo else [])


@contextmanager
def _holding(env: Env) -> Iterator[None]:
    """Hold the data folder and the database, which belong to one server at a time."""
    from django.db import DatabaseError

    with ExitStack() as stack:
        try:
            stack.enter_context(start.lock_folder(env.data))
            stack.enter_context(start.holding_database())
        except start.FolderBusy:
            raise start.CannotServe(f"another Posthouse is using {env.data}.") from None
        except start.DatabaseBusy:
            raise start.CannotServe("another Posthouse serves from this database.") from None
        except DatabaseError as error:
            raise start.CannotServe(f"the database of {env.data} cannot be used: {error}.") from error
        yield


def _demo_accounts() -> list[tuple[str, str]]:
    from posthouse.config import health
    from posthouse.ops.demo import prepare_demo

    accounts = prepare_demo()
    health.facts["demo"] = {"accounts": [{"email": e, "password": p} for e, p in accounts]}
    return accounts


if __name__ == "__main__":
    main()
