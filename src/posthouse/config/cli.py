"""The `posthouse` command. Django is loaded inside the verbs, so `posthouse --help` is quick."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from posthouse.config.cli_inspect import inspect_app
from posthouse.config.cli_queue import queue_app
from posthouse.config.cli_running import (
    Data,
    fail,
    must_exist,
    set_up,
    show,
    show_nothing,
    show_records,
    verb,
    with_bar,
)
from posthouse.config.env import DEFAULT_LISTENERS

app = typer.Typer(
    help="Posthouse: a team's mail and conversation under one roof.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
domain_app = typer.Typer(help="The domains whose mail is received here.", no_args_is_help=True)
user_app = typer.Typer(help="The people.", no_args_is_help=True)
app.add_typer(domain_app, name="domain")
app.add_typer(user_app, name="user")
search_app = typer.Typer(help="The index of words that searches ask.", no_args_is_help=True)
app.add_typer(search_app, name="search")
app.add_typer(queue_app, name="queue")
app.add_typer(inspect_app, name="inspect")


def _listener(name: str, text: str) -> Any:
    return typer.Option(
        f"--{name}", metavar="HOST:PORT", help=f"{text} (default {DEFAULT_LISTENERS[name]}; off)."
    )


@app.command()
def serve(
    data: Data = None,
    http: Annotated[str | None, _listener("http", "Browser and API")] = None,
    mx: Annotated[str | None, _listener("mx", "Mail from the world")] = None,
    submission: Annotated[str | None, _listener("submission", "Mail clients' SMTP, STARTTLS")] = None,
    submissions: Annotated[str | None, _listener("submissions", "Mail clients' SMTP, TLS")] = None,
    imap: Annotated[str | None, _listener("imap", "IMAP, STARTTLS")] = None,
    imaps: Annotated[str | None, _listener("imaps", "IMAP, TLS")] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Make example people and mail on the first start.")
    ] = False,
) -> None:
    """Open every door in one process."""
    given = {
        "http": http,
        "mx": mx,
        "submission": submission,
        "submissions": submissions,
        "imap": imap,
        "imaps": imaps,
    }
    for name, value in given.items():
        if value is not None:
            os.environ[f"POSTHOUSE_{name.upper()}"] = value
    if data is not None:
        os.environ["POSTHOUSE_DATA"] = str(data)
    if demo:
        os.environ["POSTHOUSE_DEMO"] = "1"
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-P", "-m", "posthouse.config.opening"])  # noqa: S606 ourselves


@domain_app.command("add")
def domain_add(name: str, data: Data = None) -> None:
    """Receive mail for a domain."""
    show(verb(data, "add_domain", {"name": name}))


@domain_app.command("keys")
def domain_keys(
    name: str,
    make: Annotated[
        bool,
        typer.Option("--make", help="Make a pair beside the one there is; it signs once it is published."),
    ] = False,
    data: Data = None,
) -> None:
    """The records of the keys that a domain's mail is signed with (DKIM)."""
    must_exist(data)
    if not show_records(verb(data, "domain_keys", {"name": name.lower(), "make": make})):
        typer.echo("There are no keys yet; --make makes a pair.", err=True)


@user_app.command("add")
def user_add(
    email: str,
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from a line of input.")
    ] = False,
    admin: Annotated[
        bool, typer.Option("--admin", help="May administer the organisation; the first who may owns it.")
    ] = False,
    data: Data = None,
) -> None:
    """Add a person with an account."""
    must_exist(data)
    if "@" not in email:
        fail(f"{email!r} is not an e-mail address.")
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    set_up(data)
    show(verb(data, "add_user", {"email": email, "name": name, "password": password, "admin": admin}))


@user_app.command("remove-factors")
def user_remove_factors(email: str, data: Data = None) -> None:
    """For somebody who lost app, passkeys and recovery codes: remove the second factor."""
    must_exist(data)
    set_up(data)
    show(verb(data, "remove_factors", {"email": email}))


@user_app.command("operator")
def user_operator(
    email: str,
    is_operator: Annotated[bool, typer.Option("--yes/--no", help="Make them one, or take it back.")] = True,
    data: Data = None,
) -> None:
    """Let somebody keep this server at /admin/, over all organisations."""
    must_exist(data)
    show(verb(data, "operator", {"email": email, "is_operator": is_operator}))


@user_app.command("imap")
def user_imap(
    email: str,
    off: Annotated[
        list[str] | None, typer.Option(help="Do not offer this extension (again for more).")
    ] = None,
    on: Annotated[list[str] | None, typer.Option(help="Offer it again.")] = None,
    data: Data = None,
) -> None:
    """Which IMAP extensions a person's mail programs are offered, for one that gets an extension wrong."""
    must_exist(data)
    show(verb(data, "imap_off", {"email": email, "off": off or [], "on": on or []}))


@app.command("import")
def import_(
    kind: Annotated[str, typer.Argument(help="mbox, maildir or eml")],
    path: Path,
    to: Annotated[str, typer.Option("--to", help="Whose account.")],
    mailbox: Annotated[str, typer.Option(help="Into this mailbox (made if new); default the inbox.")] = "",
    data: Data = None,
) -> None:
    """Bring in an archive; again after an interruption goes on where it was."""
    if kind not in ("mbox", "maildir", "eml"):
        fail(f"{kind!r} is not mbox, maildir or eml.")
    must_exist(data)
    arguments = {"kind": kind, "path": str(path.absolute()), "to": to, "mailbox": mailbox}
    result = with_bar(verb(data, "import_mail", arguments))
    typer.echo(
        f"{result['stored']} e-mails stored"
        + (f", {result['before']} were here before" if result["before"] else "")
    )
    if result["odd"]:
        typer.echo(f"{result['odd']} of them do not look like mail; they are stored whole:")
        for line in result["odd_ones"]:
            typer.echo(f"  {line}")


@search_app.command("reindex")
def search_reindex(
    account: Annotated[str, typer.Argument(help="Whose (an address); everybody's if left out.")] = "",
    data: Data = None,
) -> None:
    """Make the index anew; searches go on meanwhile."""
    must_exist(data)
    show(verb(data, "reindex", {"account": account}))


@app.command()
def check(
    repair: Annotated[bool, typer.Option("--repair", help="Set right what can be.")] = False,
    data: Data = None,
) -> None:
    """Recount and compare everything that is kept twice; exit 1 when something is wrong."""
    must_exist(data)
    result = show_nothing(verb(data, "check", {"repair": repair}))
    for fault in result["faults"]:
        typer.echo(f"fault: {fault}")
    typer.echo(
        f"{result['emails']} contents checked, {len(result['faults'])} faults, {result['repaired']} repaired,"
        f" {result['orphan_files']} files that nobody needs"
    )
    typer.echo(f"{result['indexed']} e-mails in the search index, {result['not_indexed']} waiting for it")
    if result["left"]:
        raise typer.Exit(1)


@app.command()
def doctor(domain: str, data: Data = None) -> None:
    """Look at a domain as the world sees it and say what to publish; exit 1 when something is missing or wrong."""
    must_exist(data)
    findings = show_nothing(verb(data, "doctor", {"domain": domain}))
    for one in findings:
        typer.echo(f"{one['state']:<8} {one['topic']:<8} {one['name']}")
        for line in [*one["found"], *filter(None, [one["advice"] and f"-> {one['advice']}"])]:
            typer.echo(f"{'':17} {line}")
    if any(one["state"] in ("missing", "wrong") for one in findings):
        raise typer.Exit(1)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False
)
def manage(context: typer.Context, data: Data = None) -> None:
    """Django's own commands."""
    set_up(data)
    from django.core.management import execute_from_command_line

    from posthouse.base.sqlite.base import rights

    rights.writable = True
    execute_from_command_line(["posthouse manage", *context.args])


def main() -> None:
    app()
