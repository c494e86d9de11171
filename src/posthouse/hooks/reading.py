"""The log of an account, read on from its cursor and made into messages for those who hear of it.

Invariants: the cursor moves in the transaction that writes the messages, by compare-and-set, so that nothing is told
twice or lost; an event's key is unique per endpoint, so that a log read twice tells once.
"""

from __future__ import annotations

from posthouse.base import clock, db, sql
from posthouse.base.ids import new_id
from posthouse.delivery.queries import submission_changes
from posthouse.hooks import events, outbox, queries
from posthouse.hooks.events import ALWAYS, Event
from posthouse.hooks.models import Endpoint
from posthouse.hooks.outbox import New
from posthouse.mail import changes
from posthouse.mail import queries as mail_queries

STEP = 100
"""E-mails read at a time, about: what they make is written in one transaction."""
TOPIC = "hooks"
"""Hint that accounts are heard of which were not before."""


def read_account(account_id: int) -> bool:
    """Read one step further; gives whether there is more."""
    found = sql.row("SELECT modseq FROM hooks_cursor WHERE account_id = %s", [account_id])
    if found is None:
        return False
    since = int(found[0])
    endpoints = queries.hearers(account_id)
    if not endpoints:
        _forget(account_id)
        return False
    happened, state, has_more = _since(account_id, since)
    return _keep(account_id, since, state, _messages(endpoints, happened)) and has_more


def _since(account_id: int, since: int) -> tuple[list[Event], int, bool]:
    now_ms = clock.now_ms()
    try:
        found = changes.since(account_id, since, limit=STEP)
    except changes.CannotCalculate:
        state = mail_queries.state(account_id)
        return [events.resync(account_id, state=state, at_ms=now_ms)], state, False
    new_ids = changes.new_among(account_id, [int(row["id"]) for row in found.emails], since=since)
    own = frozenset(
        box["id"] for box in mail_queries.mailboxes(account_id) if box["role"] in ("sent", "drafts")
    )
    happened = [
        *events.of_emails(
            account_id,
            found.emails,
            new_ids=new_ids,
            own_mailboxes=own,
            upto=found.state,
            at_ms=now_ms,
        ),
        *events.of_deletions(account_id, found.gone_emails, at_ms=now_ms),
        *events.of_submissions(
            account_id, submission_changes(account_id, since=since, upto=found.state), at_ms=now_ms
        ),
    ]
    return happened, found.state, found.has_more


def _messages(endpoints: list[Endpoint], happened: list[Event]) -> list[New]:
    """What each endpoint chose to hear."""
    return [
        New(new_id(), endpoint.id, event.type, event.key, event.body(is_private=endpoint.user_id is not None))
        for event in happened
        for endpoint in endpoints
        if event.type in ALWAYS or event.type in endpoint.events
    ]


@db.action
def _keep(account_id: int, since: int, state: int, messages: list[New]) -> bool:
    """Messages and cursor together; False when another reader was here first."""
    if not sql.run(
        "UPDATE hooks_cursor SET modseq = %s WHERE account_id = %s AND modseq = %s",
        [state, account_id, since],
    ):
        return False
    outbox.insert(messages)
    return True


@db.action
def _forget(account_id: int) -> None:
    sql.run("DELETE FROM hooks_cursor WHERE account_id = %s", [account_id])


@db.action
def adopt() -> int:
    """Accounts made since their organisation asked to be told: read from their beginning. Gives how many."""
    return sql.run(
        "INSERT INTO hooks_cursor (account_id, modseq) SELECT a.id, 0 FROM mail_account a WHERE EXISTS"
        " (SELECT 1 FROM hooks_endpoint e WHERE e.user_id IS NULL AND e.organisation_id = a.organisation_id"
        " AND e.state = 'enabled') AND NOT EXISTS (SELECT 1 FROM hooks_cursor c WHERE c.account_id = a.id)"
    )


def watch(endpoint: Endpoint) -> None:
    """Begin at the present for the accounts an endpoint hears of; call inside an action."""
    whose = "a.organisation_id = %s" if endpoint.user_id is None else "a.owner_id = %s"
    sql.run(
        f"INSERT INTO hooks_cursor (account_id, modseq) SELECT a.id, a.modseq FROM mail_account a WHERE {whose}"
        " AND NOT EXISTS (SELECT 1 FROM hooks_cursor c WHERE c.account_id = a.id)",
        [endpoint.organisation_id if endpoint.user_id is None else endpoint.user_id],
    )
    db.hint(TOPIC)
