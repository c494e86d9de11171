"""NOTIFY: which events of which mailboxes a client wants to hear of (RFC 5465 §3, §8; SUBTREE-ONE: RFC 7377 §2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from posthouse.wire.imap import fetch
from posthouse.wire.imap.errors import Malformed
from posthouse.wire.imap.fetch import FetchItem
from posthouse.wire.imap.limits import MAX_NOTIFY_GROUPS, MAX_NOTIFY_NAMES
from posthouse.wire.imap.scanner import Scanner

SELECTED = frozenset({"SELECTED", "SELECTED-DELAYED"})
_PLAIN = frozenset({"INBOXES", "PERSONAL", "SUBSCRIBED"}) | SELECTED
_NAMED = frozenset({"SUBTREE", "SUBTREE-ONE", "MAILBOXES"})
MESSAGE_EVENTS = frozenset({"MESSAGENEW", "MESSAGEEXPUNGE", "FLAGCHANGE"})
EVENTS = {
    "MESSAGENEW": b"MessageNew",
    "MESSAGEEXPUNGE": b"MessageExpunge",
    "FLAGCHANGE": b"FlagChange",
    "MAILBOXNAME": b"MailboxName",
    "SUBSCRIPTIONCHANGE": b"SubscriptionChange",
    "MAILBOXMETADATACHANGE": b"MailboxMetadataChange",
    "SERVERMETADATACHANGE": b"ServerMetadataChange",
}
"""Those that we tell, as they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`where` is upper case, `names` are its mailboxes; no `events` mean NONE, `items` are told of new messages."""

    where: str
    names: tuple[str, ...] = ()
    events: frozenset[str] = frozenset()
    items: tuple[FetchItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """No `groups` for NOTIFY NONE. `unknown` are events that do not exist here."""

    groups: tuple[Group, ...] = ()
    with_status: bool = False
    unknown: tuple[str, ...] = ()


def read(scanner: Scanner) -> Notify:
    """What follows the word NOTIFY."""
    word = scanner.word()
    if word == "NONE":
        return Notify()
    if word != "SET":
        raise Malformed("Expected SET or NONE.")
    scanner.space()
    with_status = scanner.peek() != b"("
    if with_status:
        if scanner.word() != "STATUS":
            raise Malformed("Expected STATUS or a group.")
        scanner.space()
    groups: list[Group] = []
    while not groups or scanner.accept(b" "):
        groups.append(_group(scanner))
        if len(groups) > MAX_NOTIFY_GROUPS:
            raise Malformed("There are too many groups.")
    if sum(group.where in SELECTED for group in groups) > 1:
        raise Malformed("The selected mailbox is spoken of once at most.")
    unknown = tuple(dict.fromkeys(_unknown(groups)))
    if not unknown:
        for group in groups:
            _check(group)
    return Notify(groups=tuple(groups), with_status=with_status, unknown=unknown)


def _unknown(groups: list[Group]) -> Iterator[str]:
    for group in groups:
        yield from sorted(group.events.difference(EVENTS))


def _group(scanner: Scanner) -> Group:
    scanner.expect(b"(")
    where = scanner.word()
    names: tuple[str, ...] = ()
    if where in _NAMED:
        scanner.space()
        names = _names(scanner)
    elif where not in _PLAIN:
        raise Malformed("Which mailboxes is not understood.")
    scanner.space()
    events: frozenset[str] = frozenset()
    items: tuple[FetchItem, ...] = ()
    if scanner.peek() == b"(":
        events, items = _events(scanner)
    elif scanner.word() != "NONE":
        raise Malformed("Expected events or NONE.")
    scanner.expect(b")")
    return Group(where=where, names=names, events=events, items=items)


def _names(scanner: Scanner) -> tuple[str, ...]:
    if not scanner.accept(b"("):
        return (scanner.mailbox(),)
    names: list[str] = []
    while not scanner.accept(b")"):
        names.append(scanner.mailbox())
        if len(names) > MAX_NOTIFY_NAMES:
            raise Malformed("There are too many mailboxes.")
        scanner.skip_spaces()
    if not names:
        raise Malformed("Expected a mailbox.")
    return tuple(names)


def _events(scanner: Scanner) -> tuple[frozenset[str], tuple[FetchItem, ...]]:
    scanner.expect(b"(")
    events: set[str] = set()
    items: tuple[FetchItem, ...] = ()
    while not scanner.accept(b")"):
        events.add(event := scanner.word())
        scanner.skip_spaces()
        if event == "MESSAGENEW" and scanner.peek() == b"(":
            items = fetch.parse(scanner)
            scanner.skip_spaces()
        if len(events) > len(EVENTS) + 10:
            raise Malformed("There are too many events.")
    if not events:
        raise Malformed("Expected an event.")
    return frozenset(events), items


def _check(group: Group) -> None:
    """What belongs together (RFC 5465 §5, §6.1, §8)."""
    events = group.events
    if ("MESSAGENEW" in events) != ("MESSAGEEXPUNGE" in events):
        raise Malformed("MessageNew and MessageExpunge go together.")
    if "FLAGCHANGE" in events and "MESSAGENEW" not in events:
        raise Malformed("FlagChange goes with MessageNew and MessageExpunge.")
    if group.where in SELECTED and not events <= MESSAGE_EVENTS:
        raise Malformed("Of the selected mailbox only messages are told.")
    if group.items and group.where not in SELECTED:
        raise Malformed("Items are told of the selected mailbox only.")
