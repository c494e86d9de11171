"""Who is given a mail thread hears of it, as of a note that names them (said.py), and without a word of the mail."""

from __future__ import annotations

from posthouse.base import db, jobs, sql
from posthouse.bridge import heard
from posthouse.bridge.heard import Given
from posthouse.notifications import said, telling
from posthouse.notifications.deciding import MESSAGE, Facts
from posthouse.notifications.telling import About, Occasion

GIVEN = "notifications.given"


def listen() -> None:
    """Once at start."""
    heard.on_given(_given)


def _given(one: Given) -> None:
    jobs.enqueue(GIVEN, to=one.to, by=one.by, conversation_id=one.conversation_id, number=one.number)


@jobs.handler(GIVEN)
def tell(*, to: int, by: int, conversation_id: int, number: int) -> None:
    """Not who has lost it, or the right to read it, by now."""
    from posthouse.bridge import assignments  # brings Markdown and passwords, which a door does not want

    if not assignments.is_held_by(to, conversation_id):
        return
    giver = sql.row("SELECT name FROM identity_user WHERE id = %s", [by])
    told = telling.weigh(
        [
            Occasion(
                user_ids=[to],
                facts=Facts(
                    kind=MESSAGE,
                    sources=(("conversation", str(conversation_id)),),
                    senders=frozenset({str(by)}),
                ),
                key=f"given:{conversation_id}",
                title=f"{giver[0] if giver else 'Somebody'} gave you a mail thread",
                about=About(said.ROOM, str(conversation_id), str(number)),
                named=frozenset({to}),
            )
        ]
    )
    db.action(telling.keep)(told)
