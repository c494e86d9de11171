"""What a client is told of all its mailboxes without asking (RFC 5465).

The account's hints say that something happened; then its list of mailboxes is read once, for all sessions that look at
it, and compared with how it was: the counters and numbers of each row say what happened. Nothing waits in a queue, so
nothing can overflow it: what happens while a client does not read is told together.

Invariants
- `_shown` is what the client knows, by mailbox id. Mailboxes it does not want to hear of are in it too.
- Messages of the selected mailbox are told by its view (session.sync), and never by STATUS.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from posthouse.base import db
from posthouse.base.hub import Hint, hub
from posthouse.imapd import rendering, store
from posthouse.imapd.commands import listing
from posthouse.imapd.folders import INBOX, SEPARATOR, Folders
from posthouse.imapd.note_news import OF_MAILBOX, OF_SERVER, NoteNews
from posthouse.imapd.rendering import Plan
from posthouse.mail import by_uid, mailbox_notes
from posthouse.wire.imap.notify import SELECTED, Group, Notify

if TYPE_CHECKING:
    from posthouse.imapd.session import Session
    from posthouse.mail.by_uid import MailboxRow

MAX_NEW_SHOWN = 500
"""New messages whose items are told at once; a client that gets more asks for what it wants to see (§5.8)."""
MAX_ACCOUNTS_KEPT = 200
OVERFLOW = b"* OK [NOTIFICATIONOVERFLOW] Too much happened at once; nothing more is told unasked.\r\n"


class Known(NamedTuple):
    path: str
    row: MailboxRow


class Notifier:
    """`selected` is the group of the selected mailbox, None where nothing of it is wanted."""

    def __init__(self, notify: Notify, wake: Callable[[], None]) -> None:
        self.groups = notify.groups
        self.selected = next((group for group in notify.groups if group.where in SELECTED), None)
        self.is_behind = False
        self._others = [group for group in notify.groups if group.where not in SELECTED]
        self.looks_outside = any(map(store.is_outside, (n for group in self._others for n in group.names)))
        self._wake = wake
        self._shown: dict[int, Known] = {}
        self._unsubscribes: dict[int | str, Callable[[], None]] = {}
        events = {event for group in self._others for event in group.events}
        self._notes = NoteNews() if events & {OF_MAILBOX, OF_SERVER} else None
        self._tells_server_notes = OF_SERVER in events

    # --- hearing --------------------------------------------------------------------------------

    def listen(self, account_ids: Iterable[int]) -> None:
        for account_id in account_ids:
            self._hear(account_id, self._on_hint)
            if self._notes is not None:
                self._hear(mailbox_notes.topic_of(account_id), self._on_note)

    def _hear(self, topic: int | str, listener: Callable[[Hint], None]) -> None:
        if topic not in self._unsubscribes:
            self._unsubscribes[topic] = hub.subscribe(topic, listener)

    def _on_hint(self, _: Hint) -> None:
        self.is_behind = True
        self._wake()

    def _on_note(self, hint: Hint) -> None:
        if self._notes is not None:
            self._notes.is_behind = True
        self._on_hint(hint)

    def look_again(self) -> None:
        """What one may see has changed."""
        self.is_behind = bool(self._others)
        if self._notes is not None:
            self._notes.is_behind = True

    def end(self) -> None:
        for unsubscribe in self._unsubscribes.values():
            unsubscribe()
        self._unsubscribes.clear()

    # --- the selected mailbox -------------------------------------------------------------------

    @property
    def is_immediate(self) -> bool:
        """Whether the selected mailbox is told of between commands."""
        return self.selected is not None and bool(self.selected.events)

    @property
    def delays_expunge(self) -> bool:
        return self.selected is not None and self.selected.where == "SELECTED-DELAYED"

    @property
    def tells_flags(self) -> bool:
        return self.selected is not None and "FLAGCHANGE" in self.selected.events

    async def show_new(self, session: Session, uids: Sequence[int]) -> None:
        """Items of new messages in the selected mailbox. Nobody has read them by that (RFC 5465 §5.2)."""
        if self.selected is None or not self.selected.items:
            return
        if len(uids) > MAX_NEW_SHOWN:
            session.send(OVERFLOW)
            session.set_notifier(Notifier(Notify(), session.link.wake))
            return
        view = session.view
        plan = Plan(self.selected.items, is_uid=True, may_set_seen=False, is_uid_only=session.is_uid_only)
        numbers = uids if session.is_uid_only else [view.number_of(uid) for uid in uids]
        while uids:
            found = await db.reading(rendering.render, plan, view.mailbox_id, uids, numbers)
            session.send(found.data)
            await session.link.drain()
            uids, numbers = uids[found.taken :], numbers[found.taken :]

    # --- the others -----------------------------------------------------------------------------

    async def begin(self, session: Session, *, with_status: bool) -> None:
        """Take in how everything is now, and tell it if that is wanted."""
        if not self._others:
            return
        folders = await self._look(session)
        self._shown = _known(folders)
        if self._notes is not None:
            topic = mailbox_notes.server_topic_of(session.account.actor.organisation_id)
            self._hear(topic, self._on_note)
            await self._notes.begin(session, list(self._with_notes()))
        if with_status:
            for known in self._shown.values():
                if not _is_selected(session, known) and self._wants(known, "MESSAGENEW"):
                    session.send(_status(session, known))

    async def tell(self, session: Session) -> None:
        """What happened in mailboxes since."""
        self.is_behind = False
        folders = await self._look(session)
        before, self._shown = self._shown, _known(folders)
        lines: list[bytes] = []
        for mailbox_id, old in before.items():
            if mailbox_id not in self._shown and self._wants(old, "MAILBOXNAME"):
                lines.append(b'* LIST (\\NonExistent) "/" %b\r\n' % session.named(old.path))
        for mailbox_id, new in self._shown.items():
            lines += self._changes(session, folders, before.get(mailbox_id), new)
        if self._notes is not None and (self._notes.is_behind or before.keys() != self._shown.keys()):
            names = self._with_notes()
            lines += await self._notes.tell(session, names, of_server=self._tells_server_notes)
        if lines:
            session.send(b"".join(lines))

    def _with_notes(self) -> dict[int, str]:
        """Names of the mailboxes of whose notes the client wants to hear."""
        return {key: known.path for key, known in self._shown.items() if self._wants(known, OF_MAILBOX)}

    async def _look(self, session: Session) -> Folders:
        account = session.account
        if not self.looks_outside:
            self.listen([account.account_id])
            return Folders(await _rows(account.account_id))
        places = await store.lent_places(account)
        self.listen([account.account_id, *places])
        rows = [row for account_id in (account.account_id, *places) for row in await _rows(account_id)]
        return Folders(rows, places)

    def _changes(self, session: Session, folders: Folders, old: Known | None, new: Known) -> list[bytes]:
        if old == new:
            return []
        lines: list[bytes] = []
        if self._is_named(old, new):
            old_name = old.path if old is not None and old.path != new.path else ""
            lines.append(listing.told_line(session, folders, new.path, new.row, old_name=old_name))
        elif (
            old is not None
            and old.row.is_subscribed != new.row.is_subscribed
            and self._wants(new._replace(row=new.row._replace(is_subscribed=True)), "SUBSCRIPTIONCHANGE")
        ):
            lines.append(listing.told_line(session, folders, new.path, new.row))
        if not _is_selected(session, new) and any(self._wants(new, event) for event in _events(old, new)):
            lines.append(_status(session, new))
        return lines

    def _is_named(self, old: Known | None, new: Known) -> bool:
        if old is None:
            return self._wants(new, "MAILBOXNAME")
        return old.path != new.path and (self._wants(new, "MAILBOXNAME") or self._wants(old, "MAILBOXNAME"))

    def _wants(self, known: Known, event: str) -> bool:
        """Groups add up, but for NONE: what is said of a mailbox after it does not count (§5, §6)."""
        for group in self._others:
            if _covers(group, known):
                if not group.events:
                    return False
                if event in group.events:
                    return True
        return False


def _covers(group: Group, known: Known) -> bool:
    path, row = known
    match group.where:
        case "PERSONAL":
            return not store.is_outside(path)
        case "INBOXES":
            return row.role == "inbox" and path == INBOX
        case "SUBSCRIBED":
            return row.is_subscribed
        case "MAILBOXES":
            return path in group.names
        case "SUBTREE":
            return any(path == name or path.startswith(name + SEPARATOR) for name in group.names)
        case "SUBTREE-ONE":
            return path in group.names or path.rpartition(SEPARATOR)[0] in group.names
    return False


def _known(folders: Folders) -> dict[int, Known]:
    return {row.id: Known(path, row) for path, row in folders.by_path.items()}


def _events(old: Known | None, new: Known) -> set[str]:
    """What happened to messages: every UID given is a message that came."""
    row = new.row
    if old is None:
        return {"MESSAGENEW"} if row.total_emails else set()
    if row.modseq == old.row.modseq:
        return set()
    came = row.uidnext - old.row.uidnext
    went = old.row.total_emails + came - row.total_emails
    happened = {"MESSAGENEW"} if came else set()
    if went:
        happened.add("MESSAGEEXPUNGE")
    return happened or ({"FLAGCHANGE"} if _is_same_mailbox(old, new) else set())


def _is_same_mailbox(old: Known, new: Known) -> bool:
    """Not renamed or subscribed, which take a number of the log too; or counted anew at the same time."""
    named = (old.row.name, old.row.parent_id, old.row.is_subscribed)
    is_named_so = named == (new.row.name, new.row.parent_id, new.row.is_subscribed)
    return is_named_so or old.row.unread_emails != new.row.unread_emails


def _is_selected(session: Session, known: Known) -> bool:
    return session.view_or_none is not None and session.view.mailbox_id == known.row.id


def _status(session: Session, known: Known) -> bytes:
    items: tuple[str, ...] = ("MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN")
    if "CONDSTORE" in session.enabled:
        items += ("HIGHESTMODSEQ",)
    return listing.status_line(session, known.path, known.row, items, None)


_looking: dict[int, tuple[int, asyncio.Future[list[MailboxRow]]]] = {}


async def _rows(account_id: int) -> list[MailboxRow]:
    """An account's mailboxes as they are, read once for all sessions that were told of the same change."""
    mark = hub.mark(account_id) if db.does_all_writing() else 0
    kept = _looking.get(account_id)
    if kept is None or not mark or kept[0] != mark:
        asked = asyncio.ensure_future(db.reading(by_uid.mailboxes, account_id))
        if not mark:
            return await asked
        while len(_looking) >= MAX_ACCOUNTS_KEPT:
            _looking.pop(next(iter(_looking)))
        kept = _looking[account_id] = (mark, asked)
    try:
        return await asyncio.shield(kept[1])
    except Exception:
        if _looking.get(account_id) is kept:  # whoever looks next tries again
            del _looking[account_id]
        raise
