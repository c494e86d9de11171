"""Whether somebody is told of something, and how: facts and what the person chose in, a decision with its reasons out.

Pure: no database, no clock. In order:
- What one did oneself, and junk, is told to nobody.
- A rule about the person it comes from, or a word in it, counts first; of several the loudest, but `none` for a
  person silences them. Then the rule about the nearest place (conversation or mailbox, then account), then the kind's
  own choice.
- What a program or a list sent, and muted threads, are quiet unless such a rule says otherwise.
- Do-not-disturb and quiet hours leave it in the list and keep it from devices, but for what is urgent: by a rule of
  that level (a VIP), or in itself.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MAIL, MESSAGE, ANNOUNCEMENT, TEST, REMINDER = "mail", "message", "announcement", "test", "reminder"
KINDS = (MAIL, MESSAGE, ANNOUNCEMENT, TEST, REMINDER)
MAX_TEXT = 4_000
"""So much of a text is searched for words."""


class Level(StrEnum):
    NONE = "none"
    NAMED = "named"
    LIST = "list"
    PUSH = "push"
    URGENT = "urgent"

    @property
    def loudness(self) -> int:
        return _LOUDNESS[self]


_LOUDNESS = {level: place for place, level in enumerate(Level)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`sources` are (kind, id) of the places it lies in, the nearest first; `senders` are who it comes from: an address
    and `@domain`, or a person's id. `is_named`: it names this person, or is for nobody else."""

    kind: str
    sources: tuple[tuple[str, str], ...] = ()
    senders: frozenset[str] = frozenset()
    text: str = ""
    is_urgent: bool = False
    is_own: bool = False
    is_junk: bool = False
    is_muted: bool = False
    is_automatic: bool = False
    is_inbox: bool = True
    is_named: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    source: str
    value: str
    level: Level


class Span(NamedTuple):
    """Minutes of the day; one that ends before it begins goes on into the next. `days` are 0 (Monday) to 6."""

    days: frozenset[int]
    from_: int
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`new_mail` and `messages` as in the profile; `letter_minutes` by kind: after so long a letter is written."""

    rules: tuple[Rule, ...] = ()
    new_mail: str = "inbox"
    messages: str = "all"
    by_push: bool = True
    quiet: tuple[Span, ...] = ()
    zone: str = "UTC"
    dnd_until_ms: int | None = None
    letter_minutes: Mapping[str, int] = field(default_factory=dict)


class Reason(NamedTuple):
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`level` is none, list, push or urgent. What is pushed is in the list too."""

    level: Level
    is_pushed: bool
    reasons: tuple[Reason, ...]
    letter_minutes: int | None = None

    @property
    def is_told(self) -> bool:
        return self.level is not Level.NONE


def decide(facts: Facts, policy: Policy, *, now_ms: int) -> Decision:
    if facts.is_own:
        return _nothing(Reason("own", "You did this yourself."))
    if facts.is_junk:
        return _nothing(Reason("junk", "It lies in Junk."))
    choice = _choice(facts, policy)
    reasons = [choice.reason]
    level = choice.level
    if level is Level.NAMED:
        level = Level.PUSH if facts.is_named else Level.NONE
        reasons.append(
            Reason("named", "It names you.")
            if facts.is_named
            else Reason("not_named", "It does not name you.")
        )
    if level is not Level.NONE and facts.is_muted and not choice.is_personal:
        return _nothing(*reasons, Reason("muted", "You muted this thread."))
    if level is not Level.NONE and facts.is_automatic and not choice.is_rule:
        return _nothing(*reasons, Reason("automatic", "A program or a mailing list sent it."))
    if level is Level.NONE:
        return _nothing(*reasons)
    return _told(facts, policy, level, reasons, now_ms=now_ms)


def _nothing(*reasons: Reason) -> Decision:
    return Decision(level=Level.NONE, is_pushed=False, reasons=reasons)


def _told(facts: Facts, policy: Policy, level: Level, reasons: Sequence[Reason], *, now_ms: int) -> Decision:
    more, is_pushed = list(reasons), level.loudness >= Level.PUSH.loudness
    is_urgent = level is Level.URGENT or facts.is_urgent
    quiet = quiet_reason(policy, now_ms) if is_pushed else None
    if quiet is not None:
        more.append(quiet)
        if is_urgent:
            more.append(Reason("breaks_through", "It is urgent, and breaks through."))
        else:
            level, is_pushed = Level.LIST, False
    if is_pushed and not policy.by_push:
        more.append(Reason("no_push", "You chose not to be told on your devices."))
        level, is_pushed = Level.LIST, False
    return Decision(
        level=Level.URGENT if is_pushed and is_urgent else level,
        is_pushed=is_pushed,
        reasons=tuple(more),
        letter_minutes=policy.letter_minutes.get(facts.kind),
    )


class _Choice(NamedTuple):
    """`is_rule`: a rule of the person's says so; `is_personal`: one about a sender or a word."""

    level: Level
    reason: Reason
    is_rule: bool = False
    is_personal: bool = False


def _choice(facts: Facts, policy: Policy) -> _Choice:
    personal = [rule for rule in policy.rules if _is_personal(rule, facts)]
    silenced = next((r for r in personal if r.source == "person" and r.level is Level.NONE), None)
    if silenced is not None:
        return _by_rule(silenced, is_personal=True)
    if personal:
        return _by_rule(max(personal, key=lambda rule: rule.level.loudness), is_personal=True)
    for source, value in facts.sources:
        for rule in policy.rules:
            if rule.source == source and rule.value == value:
                return _by_rule(rule)
    return _of_kind(facts, policy)


def _is_personal(rule: Rule, facts: Facts) -> bool:
    if rule.source == "person":
        return rule.value in facts.senders
    return rule.source == "keyword" and has_word(facts.text, rule.value)


def has_word(text: str, word: str) -> bool:
    """Whether a text has the word by itself, whatever its case."""
    folded, wanted = text[:MAX_TEXT].casefold(), word.casefold().strip()
    if not wanted or wanted not in folded:
        return False
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded) is not None


_PLACES = {"conversation": "this conversation", "mailbox": "this mailbox", "account": "this account"}


def _by_rule(rule: Rule, *, is_personal: bool = False) -> _Choice:
    what = _PLACES.get(rule.source) or (
        f"{rule.value}" if rule.source == "person" else f"the word “{rule.value}”"
    )
    reason = Reason(f"rule_{rule.source}", f"Your rule for {what} says: {MEANINGS[rule.level]}")
    return _Choice(rule.level, reason, is_rule=True, is_personal=is_personal)


MEANINGS = {
    Level.NONE: "not at all.",
    Level.NAMED: "when you are named.",
    Level.LIST: "in the list only.",
    Level.PUSH: "in the list and on your devices.",
    Level.URGENT: "always, also in quiet hours.",
}


def _of_kind(facts: Facts, policy: Policy) -> _Choice:
    if facts.kind == MAIL:
        if policy.new_mail == "none":
            return _Choice(Level.NONE, Reason("mail_none", "You chose to hear of no new mail."))
        if policy.new_mail == "inbox" and not facts.is_inbox:
            return _Choice(Level.NONE, Reason("not_inbox", "It did not come into the inbox."))
        return _Choice(Level.PUSH, Reason(f"mail_{policy.new_mail}", "You chose to hear of new mail."))
    if facts.kind == MESSAGE:
        level = {"none": Level.NONE, "mentions": Level.NAMED}.get(policy.messages, Level.PUSH)
        words = {Level.NONE: "nothing of", Level.NAMED: "only what names you in"}.get(level, "all of")
        return _Choice(
            level, Reason(f"messages_{policy.messages}", f"You chose to hear {words} conversations.")
        )
    words = "You asked to be reminded." if facts.kind == REMINDER else "It was sent to you."
    return _Choice(Level.PUSH, Reason(facts.kind, words))


# --- quiet ----------------------------------------------------------------------------------------


def quiet_reason(policy: Policy, now_ms: int) -> Reason | None:
    """Why devices are left in peace at a moment."""
    if policy.dnd_until_ms is not None and now_ms < policy.dnd_until_ms:
        return Reason("do_not_disturb", "You asked not to be disturbed.")
    moment = dt.datetime.fromtimestamp(now_ms / 1000, zone_of(policy.zone))
    minute, day = moment.hour * 60 + moment.minute, moment.weekday()
    if any(_covers(span, day, minute) for span in policy.quiet):
        return Reason("quiet_hours", "It came in your quiet hours.")
    return None


def _covers(span: Span, day: int, minute: int) -> bool:
    if span.from_ < span.to:
        return day in span.days and span.from_ <= minute < span.to
    return (day in span.days and minute >= span.from_) or ((day - 1) % 7 in span.days and minute < span.to)


def zone_of(name: str) -> dt.tzinfo:
    """UTC for a name that nobody knows (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return dt.UTC


def minutes_of(text: str) -> int:
    """`HH:MM` as minutes of the day."""
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
