"""Answering and forwarding what came in: one job for each e-mail of an account that does so.

The job was asked for in the transaction that stored the e-mail. What it does is written in one transaction too, with a
note that it was done, so that a job that runs twice sends nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from posthouse.base import blobs, clock, db, sql
from posthouse.base.errors import Missing
from posthouse.base.jobs import handler
from posthouse.delivery.automatic import answering, forwarding
from posthouse.delivery.automatic.answering import Answer
from posthouse.delivery.automatic.forwarding import Forwarding
from posthouse.delivery.automatic.wishing import KIND
from posthouse.delivery.rules.incoming import Incoming
from posthouse.mail.models import Mailbox

log = structlog.get_logger(__name__)

DAY_SECONDS = 86_400
DONE_DAYS = 7
"""Longer than a job is tried."""
ANSWERED_DAYS = 60
FORGET_BATCH = 1_000
LEFT_ALONE = (Mailbox.Role.JUNK.value, Mailbox.Role.TRASH.value)


@handler(KIND)
def act(  # noqa: PLR0913 what the job's row names
    *,
    email_id: int,
    account_id: int,
    blob_id: int,
    sender: str,
    is_forged: bool,
    is_for_all: bool,
    filed_in: int | None,
    forwards: Sequence[int] = (),
    answer: tuple[int, int] | None = None,
    requires_tls: bool = False,
) -> None:
    """Do what the account does with mail that comes in; nothing where its content is gone already.

    `forwards` and `answer` (a template and a rule) are what rules want, `is_for_all` stands for what is done with all.
    """
    try:
        raw = blobs.look_at(blob_id)
    except Missing:
        return
    mail = Incoming(
        email_id=email_id,
        account_id=account_id,
        sender=sender,
        is_forged=is_forged,
        raw=raw,
        requires_tls=requires_tls,
    )
    is_for_all = is_for_all and not _is_left_alone(filed_in)
    answers = _answers(mail, is_for_all=is_for_all, wanted=answer)
    forward = forwarding.of(mail, chosen=forwards, is_for_all=is_for_all)
    if not answers and forward is None:
        return
    done = _send(mail, answers, forward)
    for one in (*answers, forward):
        if one is not None and one not in done:
            blobs.discard(one.content)
    log.info(
        "automatic.done",
        account=account_id,
        email=email_id,
        answers=len(done) - (forward in done),
        forwards=len(forward.targets) if forward in done and forward is not None else 0,
    )


def _answers(mail: Incoming, *, is_for_all: bool, wanted: tuple[int, int] | None) -> list[Answer]:
    """What a rule says and what is said of being away are two letters."""
    found = [answering.of_vacation(mail)] if is_for_all else []
    if wanted is not None:
        template_id, rule_id = wanted
        found.append(answering.of_rule(mail, template_id=template_id, rule_id=rule_id))
    return [one for one in found if one is not None]


def _is_left_alone(mailbox_id: int | None) -> bool:
    """Whether a rule has put it into Junk or Trash."""
    if mailbox_id is None:
        return False
    found = sql.row("SELECT role FROM mail_mailbox WHERE id = %s", [mailbox_id])
    return found is not None and found[0] in LEFT_ALONE


@db.action
def _send(mail: Incoming, answers: Sequence[Answer], forward: Forwarding | None) -> list[Answer | Forwarding]:
    """Gives what is sent."""
    if not _take(mail.email_id):
        return []
    sent: list[Answer | Forwarding] = [one for one in answers if answering.queue(mail.account_id, one)]
    if forward is not None:
        forwarding.queue(mail, forward)
        sent.append(forward)
    return sent


def _take(email_id: int) -> bool:
    """False when it was done before."""
    return bool(
        sql.run(
            "INSERT INTO delivery_done (email_id, at) VALUES (%s, %s) ON CONFLICT (email_id) DO NOTHING",
            [email_id, clock.now_ms()],
        )
    )


@handler("automatic.forget", every_seconds=DAY_SECONDS)
def forget() -> None:
    """What nobody asks any more."""
    while _forget("delivery_done", "email_id", DONE_DAYS) or _forget(
        "delivery_answered", "id", ANSWERED_DAYS
    ):
        continue


@db.action
def _forget(table: str, key: str, days: int) -> bool:
    old = f"SELECT {key} FROM {table} WHERE at < %s LIMIT %s"
    before_ms = clock.now_ms() - days * DAY_SECONDS * 1000
    return bool(sql.run(f"DELETE FROM {table} WHERE {key} IN ({old})", [before_ms, FORGET_BATCH]))
