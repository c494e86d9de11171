"""What was missed, as letters: some minutes after it came and nobody read it, and once a day what is still unread.

A letter goes to one's own mailbox, or to the address outside that one proved. New mail is told by letter only outside,
since in one's own mailbox it lies already. No loop: a letter says that a program wrote it and carries a field of its
own, and what carries that is told to nobody (arriving.py). Whoever gets one can end them by one click (RFC 8058).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import structlog

from posthouse.base import clock, db, sealing, sql
from posthouse.base.errors import Denied, Failure
from posthouse.base.jobs import handler
from posthouse.delivery import letters as house
from posthouse.identity import directory, profiles, recovery
from posthouse.identity import queries as people
from posthouse.notifications import choosing
from posthouse.notifications.deciding import MAIL, zone_of
from posthouse.notifications.models import Choices, Notification

log = structlog.get_logger(__name__)

PURPOSE = "notification letters"
PATH = "/api/v1/notifications/letters/stop/"
FIELD = "X-Posthouse-Notification"
MOST_SHOWN = 20
BATCH = 200
DAY = dt.timedelta(days=1)


@handler("notifications.letters", every_seconds=60)
def write_due() -> None:
    """Letters about what lay unread for as long as its person chose, and the digests of this minute."""
    now_ms = clock.now_ms()
    for (user_id,) in sql.rows(
        "SELECT DISTINCT user_id FROM notifications_notification WHERE letter_due_at <= %s LIMIT %s",
        [now_ms, BATCH],
    ):
        _carefully(user_id, is_digest=False)
    for chosen in Choices.objects.filter(digest_due_at__lte=clock.now()).order_by("digest_due_at")[:BATCH]:
        _carefully(chosen.user_id, is_digest=True)


def _carefully(user_id: int, *, is_digest: bool) -> None:
    """One that cannot be written keeps no other waiting."""
    try:
        (_digest if is_digest else _missed)(user_id)
    except Failure as failure:
        log.warning("notifications.letter_failed", user_id=user_id, code=failure.code)
        _give_up(user_id, is_digest=is_digest)


def _missed(user_id: int) -> None:
    due = list(
        Notification.objects.filter(user_id=user_id, letter_due_at__lte=clock.now(), read_at=None).order_by(
            "seq"
        )
    )
    found = _tellable(user_id, due)
    ids = [one.id for one in due]
    if not found:
        _let_go(ids)
        return
    words = "something" if len(found) == 1 else f"{len(found)} things"
    _send(user_id, f"You missed {words}", found, take=lambda: _let_go(ids))


def _digest(user_id: int) -> None:
    since = clock.now() - DAY
    unread = Notification.objects.filter(user_id=user_id, read_at=None, created_at__gt=since).order_by("seq")
    found = _tellable(user_id, list(unread))
    if not found:
        _plan_next(user_id)
        return
    words = "1 thing" if len(found) == 1 else f"{len(found)} things"
    _send(user_id, f"Your day: {words} unread", found, take=lambda: _plan_next(user_id))


def _tellable(user_id: int, found: list[Notification]) -> list[Notification]:
    is_outside = _address(user_id)[1]
    return [one for one in found if is_outside or one.kind != MAIL]


def _address(user_id: int) -> tuple[str, bool]:
    """Where letters go, and whether that is outside."""
    chosen = Choices.objects.filter(user_id=user_id).first()
    outside = (
        recovery.address_of_user(user_id) if chosen is not None and chosen.letters_to == "recovery" else None
    )
    return (outside, True) if outside else (people.active_actor(user_id, via="notifications").email, False)


@db.action
def _let_go(ids: list[int]) -> bool:
    """Whether any of them still waited for a letter."""
    done = 0
    for chunk in sql.chunks(ids):
        done += sql.run(
            "UPDATE notifications_notification SET letter_due_at = NULL WHERE letter_due_at IS NOT NULL"
            f" AND id IN ({sql.marks(chunk)})",
            chunk,
        )
    return bool(done)


@db.action
def _give_up(user_id: int, *, is_digest: bool) -> None:
    """Of who has gone, or cannot be written to: not again and again."""
    if is_digest:
        Choices.objects.filter(user_id=user_id).update(digest_due_at=clock.now() + DAY)
    else:
        Notification.objects.filter(user_id=user_id, letter_due_at__lte=clock.now()).update(
            letter_due_at=None
        )


@db.action
def _plan_next(user_id: int) -> bool:
    """Whether this digest was still to be written."""
    chosen = Choices.objects.filter(user_id=user_id, digest_due_at__lte=clock.now()).first()
    if chosen is None:
        return False
    due = choosing.next_digest(user_id, chosen.digest_at)
    return bool(Choices.objects.filter(user_id=user_id).update(digest_due_at=due))


def _send(user_id: int, subject: str, found: Sequence[Notification], *, take: house.Take) -> None:
    email, _ = _address(user_id)
    link = f"https://{directory.hostname()}{PATH}?t={token_of(user_id)}"
    letter = house.HouseLetter(
        email=email,
        subject=subject,
        text=_text(user_id, found),
        headers=(
            (FIELD, "letter"),
            ("List-Unsubscribe", f"<{link}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ),
    )
    house.send(letter, take=take)


def _text(user_id: int, found: Sequence[Notification]) -> str:
    zone = zone_of(profiles.notified([user_id])[user_id].time_zone)
    lines = []
    for one in found[-MOST_SHOWN:]:
        at = one.created_at.astimezone(zone).strftime("%d %b %H:%M")
        lines += [f"{at}  {one.title}", *([f"    {one.body}"] if one.body else []), ""]
    if len(found) > MOST_SHOWN:
        lines += [f"… and {len(found) - MOST_SHOWN} more before these.", ""]
    lines += [
        f"Read them at https://{directory.hostname()}/",
        "What is written to you, and when, you choose in your settings under Notifications.",
    ]
    return "\n".join(lines) + "\n"


# --- the way out ----------------------------------------------------------------------------------


def token_of(user_id: int) -> str:
    return sealing.seal(str(user_id).encode(), purpose=PURPOSE)


def person_of(token: str) -> int:
    """Raises Denied (invalid_link)."""
    try:
        return int(sealing.unseal(token[:2_000], purpose=PURPOSE))
    except (sealing.Unsealable, ValueError):
        raise Denied("invalid_link", "This link is not valid.") from None


def stop(token: str, *, ip: str, client: str) -> None:
    """No more letters to the person of a link, who is there or has gone. As often as one likes."""
    user_id = person_of(token)
    try:
        actor = people.active_actor(user_id, via="http", ip=ip, client=client)
    except Failure:
        return
    choosing.change(actor, {"mail_letter_minutes": None, "message_letter_minutes": None, "digest_at": None})
