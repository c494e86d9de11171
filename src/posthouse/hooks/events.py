"""What can be told, and how it looks: small bodies with ids and a line of summary; the rest is fetched by who may.

An organisation's endpoint hears of its people's mail, and is therefore told no subjects and no names: an
administrator does not read others' letters by asking to be told of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from posthouse.base.api.rendering import dumps
from posthouse.base.clock import iso

RECEIVED, CHANGED, DELETED = "email.received", "email.changed", "email.deleted"
DELIVERED, BOUNCED = "message.delivered", "message.bounced"
RESYNC, TEST = "account.resync", "webhook.test"

CHOICES: dict[str, str] = {
    RECEIVED: "An e-mail is new in the account: delivered, imported or put there by a mail client.",
    CHANGED: "An e-mail's flags, keywords or mailboxes have changed.",
    DELETED: "An e-mail is gone for good.",
    DELIVERED: "A recipient's server has taken a message that was sent.",
    BOUNCED: "A message could not be delivered to a recipient.",
}
"""What an endpoint may choose. It always hears of `account.resync` and `webhook.test`."""
ALWAYS = frozenset({RESYNC, TEST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`key` names it among all of its account; `summary` is for the account's own person only."""

    type: str
    key: str
    at_ms: int
    data: dict[str, Any]
    summary: dict[str, Any]

    def body(self, *, is_private: bool) -> str:
        """The bytes to be signed, as text; `is_private` for endpoints of the person whose mail it is."""
        data = {**self.data, **self.summary} if is_private else self.data
        return dumps({"type": self.type, "timestamp": iso(self.at_ms), "data": data}).decode()


def of_emails(
    account_id: int,
    rows: list[dict[str, Any]],
    *,
    new_ids: frozenset[str],
    own_mailboxes: frozenset[str],
    upto: int,
    at_ms: int,
) -> Iterator[Event]:
    """E-mails that changed. Those that are new were received, unless they lie in Drafts and Sent alone."""
    for row in rows:
        is_new = row["id"] in new_ids
        if is_new and (row["is_draft"] or own_mailboxes.issuperset(row["mailbox_ids"])):
            continue
        yield Event(
            type=RECEIVED if is_new else CHANGED,
            key=f"{RECEIVED}:{row['id']}" if is_new else f"{CHANGED}:{row['id']}:{upto}",
            at_ms=at_ms,
            data={
                "account_id": str(account_id),
                "email_id": row["id"],
                "thread_id": row["thread_id"],
                "mailbox_ids": row["mailbox_ids"],
                **{name: row[name] for name in ("is_seen", "is_flagged", "is_answered", "keywords")},
            },
            summary={name: row[name] for name in ("from", "subject", "received_at", "has_attachment")},
        )


def of_deletions(account_id: int, email_ids: list[str], *, at_ms: int) -> Iterator[Event]:
    for email_id in email_ids:
        data = {"account_id": str(account_id), "email_id": email_id}
        yield Event(type=DELETED, key=f"{DELETED}:{email_id}", at_ms=at_ms, data=data, summary={})


def of_submissions(account_id: int, submissions: list[dict[str, Any]], *, at_ms: int) -> Iterator[Event]:
    """Each recipient's end, once: the key holds however often the submission changes afterwards."""
    for submission in submissions:
        for recipient in submission["recipients"]:
            kind = {"delivered": DELIVERED, "failed": BOUNCED}.get(recipient["state"])
            if kind is None:
                continue
            yield Event(
                type=kind,
                key=f"{kind}:{submission['id']}:{recipient['recipient'].lower()}",
                at_ms=at_ms,
                data={
                    "account_id": str(account_id),
                    "submission_id": submission["id"],
                    "email_id": submission["email_id"],
                    "attempts": recipient["attempts"],
                },
                summary={name: recipient[name] for name in ("recipient", "host", "answer")},
            )


def resync(account_id: int, *, state: int, at_ms: int) -> Event:
    """Too much happened at once to be told one by one: fetch afresh."""
    data = {"account_id": str(account_id), "state": str(state)}
    return Event(type=RESYNC, key=f"{RESYNC}:{account_id}:{state}", at_ms=at_ms, data=data, summary={})
