"""What is said in conversations, told to whom it concerns; and taken back where it is read or deleted.

A message asks for a job in the transaction that sends it, so none is lost and none waits for this; the job tells one
notification for each conversation or thread, which the next message there replaces. What is read is taken back in the
reader's own action.
"""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.base import db, jobs, sql
from posthouse.conversations import concerned, heard
from posthouse.conversations.concerned import Concerned, Written
from posthouse.conversations.heard import Reading
from posthouse.notifications import telling
from posthouse.notifications.deciding import MESSAGE, REMINDER, Facts
from posthouse.notifications.telling import About, Occasion, Told

SAID = "notifications.said"
ROOM, REMINDERS = "conversations", "reminders"
"""A reminder is not taken back by reading, but when one is done with it."""


def listen() -> None:
    """Once at start."""
    heard.on_sent(_sent)
    heard.on_read(_read)
    heard.on_deleted(_deleted)
    heard.on_reminder(_remind)


def _sent(message_id: int) -> None:
    jobs.enqueue(SAID, message_id=message_id)


@jobs.handler(SAID)
def tell(*, message_id: int) -> None:
    """Done again it tells the same, under the same key."""
    message = concerned.written(message_id)
    if message is None:
        return
    told = telling.weigh(_occasions(message, concerned.concerned(message)))
    if told:
        _keep(message, told)


@db.action
def _keep(message: Written, told: Sequence[Told]) -> None:
    """But for those who have read it while it was weighed, and not where it is gone."""
    concerned.hold(message)
    if concerned.written(message.id) is None:
        return
    done = concerned.have_read(message, {one.user_id for one in told})
    telling.keep([one for one in told if one.user_id not in done])


def _occasions(message: Written, people: Sequence[Concerned]) -> list[Occasion]:
    """One for those who are left in peace here, which only says why they hear nothing, and one for the others."""
    return [
        Occasion(
            user_ids=[one.user_id for one in people if one.is_muted == is_muted],
            facts=Facts(
                kind=MESSAGE,
                sources=(("conversation", str(message.conversation_id)),),
                senders=frozenset() if message.author_id is None else frozenset({str(message.author_id)}),
                text="" if message.is_note else message.text,
                is_urgent=message.is_urgent,
                is_muted=is_muted,
            ),
            key=_key(message.conversation_id, message.thread_id),
            title=_title(message),
            body=_body(message),
            about=About(ROOM, str(message.conversation_id), _place(message.thread_id, message.number)),
            named=frozenset(one.user_id for one in people if one.is_named),
        )
        for is_muted in (False, True)
    ]


def _key(conversation_id: int, thread_id: int | None) -> str:
    return f"conversation:{conversation_id}" if thread_id is None else f"thread:{thread_id}"


def _place(thread_id: int | None, number: int) -> str:
    """Where a message stands in its conversation: its number, in a thread behind that of the thread."""
    return str(number) if thread_id is None else f"{thread_id}.{number}"


def _body(message: Written) -> str:
    """Nothing of a note: pushes and letters leave the house, and stay when the right to read it has gone."""
    if message.is_note:
        return ""
    return message.text or ("sent a file" if message.has_files else "")


def _title(message: Written) -> str:
    author = message.author_name or "Somebody"
    if message.is_note:
        return f"{author} wrote a note on a mail thread"
    if message.is_direct or not message.name:
        return author
    return f"{author} in {message.name}"


def _remind(one: heard.Reminder) -> None:
    """Inside the action in which it becomes due, or done with."""
    key = f"reminder:{one.id}"
    if not one.is_due:
        telling.take_back(telling.standing_under(key, one.user_id))
        return
    message = concerned.written(one.message_id)
    if message is not None:
        telling.keep(
            telling.weigh(
                [
                    Occasion(
                        user_ids=[one.user_id],
                        facts=Facts(kind=REMINDER),
                        key=key,
                        title=f"Reminder: {_title(message)}",
                        body=message.text or ("sent a file" if message.has_files else ""),
                        about=About(
                            REMINDERS, str(message.conversation_id), _place(message.thread_id, message.number)
                        ),
                    )
                ]
            )
        )


# --- taking back: inside the action of who reads or deletes -----------------------------------------


def _read(reading: Reading) -> None:
    place = _place(reading.thread_id, reading.number)
    telling.take_back(
        [
            telling.Standing(*rest)
            for told, *rest in sql.rows(
                "SELECT about_in, id, user_id, key, is_pushed FROM notifications_notification"
                " WHERE about_id = %s AND about_room = %s AND user_id = %s AND read_at IS NULL",
                [str(reading.conversation_id), ROOM, reading.user_id],
            )
            if _is_passed(told, place)
        ]
    )


def _is_passed(told: str, read: str) -> bool:
    """Whether one place is in the same timeline as another, and not behind it."""
    (told_in, _, told_number), (read_in, _, read_number) = told.rpartition("."), read.rpartition(".")
    return told_in == read_in and int(told_number) <= int(read_number)


def _deleted(conversation_id: int, thread_id: int | None, number: int) -> None:
    telling.take_back(
        [
            telling.Standing(*row)
            for row in sql.rows(
                "SELECT id, user_id, key, is_pushed FROM notifications_notification"
                " WHERE about_id = %s AND about_room IN (%s, %s) AND about_in = %s AND read_at IS NULL"
                " ORDER BY user_id",
                [str(conversation_id), ROOM, REMINDERS, _place(thread_id, number)],
            )
        ]
    )
