"""How the threads of an account are worked on: set by whoever has every right on it, read by all who read its mail."""

from __future__ import annotations

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import db, sql
from posthouse.bridge.models import Desk
from posthouse.bridge.notes import Row
from posthouse.conversations.access import USE
from posthouse.identity.actor import Actor
from posthouse.mail import access, placing
from posthouse.mail import queries as mails
from posthouse.mail.access import Right

REOPENINGS = [str(value) for value in Desk.Reopening.values]
ASSIGNEE = str(Desk.Reopening.ASSIGNEE)
NOBODY = str(Desk.Reopening.NOBODY)
NEVER = str(Desk.Reopening.NEVER)


def reopening_of(account_id: int) -> str:
    """To whom a thread that was done goes back when somebody else writes in it."""
    found = sql.row("SELECT reopening FROM bridge_desk WHERE account_id = %s", [account_id])
    return ASSIGNEE if found is None else str(found[0])


def state(actor: Actor, account_id: int) -> Row:
    actor.require(USE)
    account_id = access.account_id_for(actor, account_id, need=Right.READ)
    found = sql.row("SELECT reopening, version FROM bridge_desk WHERE account_id = %s", [account_id])
    reopening, version = (ASSIGNEE, 0) if found is None else found
    return {"account_id": str(account_id), "reopening": reopening, "version": version}


def version(actor: Actor, account_id: int) -> int:
    """Inside an action, with nobody else changing it until the commit."""
    placing.hold(account_id)
    return int(state(actor, account_id)["version"])


@db.action
def change(actor: Actor, account_id: int, *, reopening: str | None = None) -> None:
    """What has been reopened or not is asked by the setting as it is: it counts for mail that came before, too."""
    actor.require(USE)
    access.account_id_for(actor, account_id, need=Right.ADMIN)
    placing.hold(account_id)
    if reopening is None or reopening == reopening_of(account_id):
        return
    sql.run(
        "INSERT INTO bridge_desk (account_id, reopening, version) VALUES (%s, %s, 1) ON CONFLICT (account_id)"
        " DO UPDATE SET reopening = excluded.reopening, version = bridge_desk.version + 1",
        [account_id, reopening],
    )
    facts: dict[str, Fact] = {"fields": ["reopening"], "reopening": reopening}
    record(
        actor,
        Act.ACCOUNT_CHANGED,
        kind="account",
        object_id=account_id,
        subject=mails.owner_of(account_id),
        facts=facts,
    )
