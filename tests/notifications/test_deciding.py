"""Who is told what: the table of cases, and what holds of every decision."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.notifications.deciding import (
    KINDS,
    MAIL,
    MESSAGE,
    Facts,
    Level,
    Policy,
    Rule,
    Span,
    decide,
    has_word,
    minutes_of,
    quiet_reason,
)

NOON = int(dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC).timestamp() * 1000)  # a Wednesday
EVERY_DAY = frozenset(range(7))
AT_NOON = (Span(EVERY_DAY, minutes_of("11:00"), minutes_of("13:00")),)
BOSS = frozenset({"boss@example.org", "@example.org"})
MAIL_OF_BOSS = Facts(
    kind=MAIL, senders=BOSS, text="The plan\nAs promised", sources=(("mailbox", "1"), ("account", "2"))
)


def rule(source: str, value: str, level: str) -> Rule:
    return Rule(source=source, value=value, level=Level(level))


CASES: list[tuple[str, Facts, Policy, str, bool, str]] = [
    ("inbox mail", MAIL_OF_BOSS, Policy(), "push", True, "mail_inbox"),
    ("own", replace(MAIL_OF_BOSS, is_own=True), Policy(), "none", False, "own"),
    ("junk", replace(MAIL_OF_BOSS, is_junk=True), Policy(rules=(rule("person", "boss@example.org", "urgent"),)),
     "none", False, "junk"),
    ("filed elsewhere", replace(MAIL_OF_BOSS, is_inbox=False), Policy(), "none", False, "not_inbox"),
    ("filed, all wanted", replace(MAIL_OF_BOSS, is_inbox=False), Policy(new_mail="all"), "push", True, "mail_all"),
    ("no mail wanted", MAIL_OF_BOSS, Policy(new_mail="none"), "none", False, "mail_none"),
    ("a list's", replace(MAIL_OF_BOSS, is_automatic=True), Policy(), "none", False, "automatic"),
    ("a list's, by rule", replace(MAIL_OF_BOSS, is_automatic=True), Policy(rules=(rule("mailbox", "1", "list"),)),
     "list", False, "rule_mailbox"),
    ("muted", replace(MAIL_OF_BOSS, is_muted=True), Policy(), "none", False, "muted"),
    ("muted, place wanted", replace(MAIL_OF_BOSS, is_muted=True), Policy(rules=(rule("account", "2", "push"),)),
     "none", False, "muted"),
    ("muted, VIP", replace(MAIL_OF_BOSS, is_muted=True), Policy(rules=(rule("person", "@example.org", "urgent"),)),
     "urgent", True, "rule_person"),
    ("nearest place first", MAIL_OF_BOSS, Policy(rules=(rule("account", "2", "urgent"), rule("mailbox", "1", "none"))),
     "none", False, "rule_mailbox"),
    ("a word is louder than the place", MAIL_OF_BOSS,
     Policy(rules=(rule("mailbox", "1", "none"), rule("keyword", "PLAN", "push"))), "push", True, "rule_keyword"),
    ("a person one does not hear", MAIL_OF_BOSS,
     Policy(rules=(rule("keyword", "plan", "urgent"), rule("person", "boss@example.org", "none"))),
     "none", False, "rule_person"),
    ("the loudest of personal rules", MAIL_OF_BOSS,
     Policy(rules=(rule("keyword", "plan", "list"), rule("person", "boss@example.org", "push"))),
     "push", True, "rule_person"),
    ("quiet hours", MAIL_OF_BOSS, Policy(quiet=AT_NOON), "list", False, "quiet_hours"),
    ("do not disturb", MAIL_OF_BOSS, Policy(dnd_until_ms=NOON + 1), "list", False, "do_not_disturb"),
    ("not any more", MAIL_OF_BOSS, Policy(dnd_until_ms=NOON), "push", True, "mail_inbox"),
    ("a VIP breaks through", MAIL_OF_BOSS, Policy(quiet=AT_NOON, rules=(rule("person", "boss@example.org", "urgent"),)),
     "urgent", True, "breaks_through"),
    ("what is urgent breaks through", replace(MAIL_OF_BOSS, is_urgent=True), Policy(quiet=AT_NOON),
     "urgent", True, "breaks_through"),
    ("no devices", MAIL_OF_BOSS, Policy(by_push=False), "list", False, "no_push"),
    ("a VIP and no devices", MAIL_OF_BOSS,
     Policy(by_push=False, rules=(rule("person", "boss@example.org", "urgent"),)), "list", False, "no_push"),
    ("named", Facts(kind=MESSAGE, is_named=True), Policy(messages="mentions"), "push", True, "named"),
    ("not named", Facts(kind=MESSAGE, is_named=False), Policy(messages="mentions"), "none", False, "not_named"),
    ("all messages", Facts(kind=MESSAGE, is_named=False), Policy(), "push", True, "messages_all"),
    ("no messages", Facts(kind=MESSAGE), Policy(messages="none"), "none", False, "messages_none"),
    ("a loud conversation", Facts(kind=MESSAGE, is_named=False, sources=(("conversation", "7"),)),
     Policy(messages="none", rules=(rule("conversation", "7", "push"),)), "push", True, "rule_conversation"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "policy", "level", "is_pushed", "code"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_decide(facts: Facts, policy: Policy, level: str, is_pushed: bool, code: str) -> None:
    found = decide(facts, policy, now_ms=NOON)
    assert (found.level, found.is_pushed) == (Level(level), is_pushed)
    assert code in [reason.code for reason in found.reasons]


def test_how_soon_a_letter_is_written_goes_with_the_kind() -> None:
    policy = Policy(letter_minutes={MESSAGE: 15})
    assert decide(Facts(kind=MESSAGE), policy, now_ms=NOON).letter_minutes == 15
    assert decide(MAIL_OF_BOSS, policy, now_ms=NOON).letter_minutes is None
    assert decide(replace(MAIL_OF_BOSS, is_own=True), policy, now_ms=NOON).letter_minutes is None


# --- quiet hours ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "zone", "is_quiet"),
    [
        ("2026-11-25T22:00+00:00", "UTC", True),  # Wednesday evening
        ("2026-11-26T06:59+00:00", "UTC", True),  # the morning after
        ("2026-11-26T07:00+00:00", "UTC", False),
        ("2026-11-28T23:00+00:00", "UTC", False),  # Saturday evening
        ("2026-11-28T05:00+00:00", "UTC", True),  # Saturday morning: Friday's night
        ("2026-11-30T05:00+00:00", "UTC", False),  # Monday morning: Sunday has no night
        ("2026-11-25T20:30+00:00", "Europe/Berlin", False),
        ("2026-11-25T21:30+00:00", "Europe/Berlin", True),
        ("2026-11-25T21:30+00:00", "No/Where", False),
        ("2026-07-01T20:30+00:00", "Europe/Berlin", True),  # summer time
    ],
)
def test_weeknights_are_quiet(moment: str, zone: str, is_quiet: bool) -> None:
    nights = (Span(frozenset(range(5)), minutes_of("22:00"), minutes_of("07:00")),)
    now_ms = int(dt.datetime.fromisoformat(moment).timestamp() * 1000)
    assert (quiet_reason(Policy(quiet=nights, zone=zone), now_ms) is not None) is is_quiet


@pytest.mark.parametrize(
    ("text", "word", "is_there"),
    [
        ("The Plan.", "plan", True),
        ("planning", "plan", False),
        ("a plan-b", "plan", True),
        ("ticket #42", "#42", True),
        ("ticket #421", "#42", False),
        ("STRASSE", "straße", True),
        ("x", "", False),
        ("very long plan", "long  plan", False),
        ("a (b", "(b", True),
    ],
)
def test_a_word_stands_by_itself(text: str, word: str, is_there: bool) -> None:
    assert has_word(text, word) is is_there


# --- what holds of all ----------------------------------------------------------------------------

levels = st.sampled_from(list(Level))
rules = st.lists(
    st.one_of(
        st.builds(
            Rule, source=st.just("person"), value=st.sampled_from(["a@x.test", "@x.test"]), level=levels
        ),
        st.builds(Rule, source=st.just("keyword"), value=st.sampled_from(["plan", "tea"]), level=levels),
        st.builds(
            Rule,
            source=st.sampled_from(["mailbox", "account", "conversation"]),
            value=st.sampled_from("12"),
            level=levels,
        ),
    ),
    max_size=5,
)
facts = st.builds(
    Facts,
    kind=st.sampled_from(KINDS),
    sources=st.lists(
        st.tuples(st.sampled_from(["mailbox", "account", "conversation"]), st.sampled_from("12")), max_size=3
    ).map(tuple),
    senders=st.sets(st.sampled_from(["a@x.test", "@x.test", "b@y.test"])).map(frozenset),
    text=st.sampled_from(["", "the plan", "tea at noon"]),
    is_urgent=st.booleans(),
    is_own=st.booleans(),
    is_junk=st.booleans(),
    is_muted=st.booleans(),
    is_automatic=st.booleans(),
    is_inbox=st.booleans(),
    is_named=st.booleans(),
)
spans = st.lists(
    st.builds(Span, st.sets(st.integers(0, 6)).map(frozenset), st.integers(0, 1439), st.integers(0, 1439)),
    max_size=3,
).map(tuple)
policies = st.builds(
    Policy,
    rules=rules.map(tuple),
    new_mail=st.sampled_from(["all", "inbox", "none"]),
    messages=st.sampled_from(["all", "mentions", "none"]),
    by_push=st.booleans(),
    quiet=spans,
    zone=st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "nonsense"]),
    dnd_until_ms=st.none() | st.integers(NOON - 10, NOON + 10),
)
moments = st.integers(NOON - 10**10, NOON + 10**10)


@given(facts, policies, moments)
def test_every_decision_says_why_and_hangs_together(facts: Facts, policy: Policy, now_ms: int) -> None:
    found = decide(facts, policy, now_ms=now_ms)
    assert found.reasons and all(reason.code and reason.text for reason in found.reasons)
    assert found.level is not Level.NAMED
    assert found.is_pushed is (found.level in (Level.PUSH, Level.URGENT))
    assert not (found.is_pushed and not policy.by_push)
    if facts.is_own or facts.is_junk:
        assert not found.is_told


@given(facts, policies, moments)
def test_quiet_only_keeps_devices_silent(facts: Facts, policy: Policy, now_ms: int) -> None:
    """It never makes louder, and never hides from the list."""
    quiet = decide(facts, policy, now_ms=now_ms)
    loud = decide(facts, replace(policy, quiet=(), dnd_until_ms=None), now_ms=now_ms)
    assert quiet.is_told is loud.is_told
    assert loud.is_pushed or not quiet.is_pushed
    if loud.is_pushed and not quiet.is_pushed:
        assert quiet_reason(policy, now_ms) is not None


@given(facts, policies, moments)
def test_a_louder_rule_never_makes_quieter(facts: Facts, policy: Policy, now_ms: int) -> None:
    """Of all rules; but a person silenced is silent, so no rule is made or unmade that silences."""
    if any(rule.level in (Level.NONE, Level.NAMED) for rule in policy.rules):
        return
    louder = replace(policy, rules=tuple(replace(rule, level=Level.URGENT) for rule in policy.rules))
    before, after = (decide(facts, one, now_ms=now_ms) for one in (policy, louder))
    assert after.level.loudness >= before.level.loudness
