from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.budget import Budget
from posthouse.wire.imap.framing import Continue, Framed, Framer, Refused
from posthouse.wire.imap.limits import BEFORE_LOGIN, Limits
from tests.wire.imap.feeding import LIMITS, events

SMALL = Limits(
    text_bytes=100, literal_bytes=20, literals=3, literals_total_bytes=30, append_bytes=50, swallow_bytes=100
)
CONVERSATION = (
    b"a1 LOGIN {5+}\r\nalice {3+}\r\na b\r\n"
    b"a2 NOOP\r\n"
    b"a3 APPEND INBOX (\\Seen) {12+}\r\nSubject: x\r\n\r\n"
    b"a4 SEARCH TEXT {0+}\r\n UNSEEN\n"
    b"a5 LOGOUT\r\n"
)
COMMANDS = [
    Framed((b"a1 LOGIN {5+}", b"alice", b" {3+}", b"a b", b"")),
    Framed((b"a2 NOOP",)),
    Framed((b"a3 APPEND INBOX (\\Seen) {12+}", b"Subject: x\r\n", b"")),
    Framed((b"a4 SEARCH TEXT {0+}", b"", b" UNSEEN")),
    Framed((b"a5 LOGOUT",)),
]


def test_commands_come_out_whole_from_one_packet():
    assert events(CONVERSATION) == COMMANDS


def test_commands_come_out_the_same_byte_by_byte():
    assert events(CONVERSATION, sizes=[1] * len(CONVERSATION)) == COMMANDS


@settings(max_examples=60)
@given(st.lists(st.integers(1, 30), max_size=80))
def test_the_cut_of_packets_does_not_matter(sizes):
    assert events(CONVERSATION, sizes=sizes) == COMMANDS


def test_an_unfinished_command_is_not_given_out():
    framer = Framer(LIMITS)
    framer.feed(b"a1 NOOP\r\na2 LOG")
    assert framer.next_command() == Framed((b"a1 NOOP",))
    assert framer.next_command() is None
    assert framer.is_inside_command
    framer.feed(b"OUT\r\n")
    assert framer.next_command() == Framed((b"a2 LOGOUT",))
    assert not framer.is_inside_command


def test_a_synchronising_literal_asks_before_it_takes():
    framer = Framer(LIMITS)
    framer.feed(b"a LOGIN {5}\r\n")
    assert framer.next_command() == Continue()
    assert framer.next_command() is None
    framer.feed(b"alice x\r\n")
    assert framer.next_command() == Framed((b"a LOGIN {5}", b"alice", b" x"))


def test_a_literal_may_hold_line_ends_and_things_that_look_like_commands():
    said = events(b"a SEARCH TEXT {14+}\r\nb LOGOUT\r\n{9}\r\n\r\n")
    assert said[0] == Framed((b"a SEARCH TEXT {14+}", b"b LOGOUT\r\n{9}\r", b""))


def test_a_literal8_is_read_like_a_literal():
    assert events(b"a APPEND x ~{3+}\r\n\x00\x01\x02\r\n") == [
        Framed((b"a APPEND x ~{3+}", b"\0\1\2", b"")),
    ]


def test_a_refused_synchronising_literal_ends_the_command_only():
    said = events(b"a SEARCH TEXT {21}\r\nb NOOP\r\n", limits=SMALL)
    assert said == [
        Refused(tag=b"a", message="The literal is too large.", is_too_big=True),
        Framed((b"b NOOP",)),
    ]


def test_bytes_of_a_refused_literal_are_never_read_as_a_command():
    inner = b"x LOGOUT\r\ny LOGOUT\r\n12"
    data = b"a SEARCH TEXT {%d+}\r\n%b\r\nb NOOP\r\n" % (len(inner), inner)
    for sizes in (None, [1] * len(data)):
        assert events(data, limits=SMALL, sizes=sizes) == [
            Refused(tag=b"a", message="The literal is too large.", is_too_big=True),
            Framed((b"b NOOP",)),
        ]


def test_literals_after_a_refused_one_are_skipped_too():
    data = b"a SEARCH TEXT {40+}\r\n" + b"x" * 40 + b" TEXT {7+}\r\nb C\r\n\r\n" + b"\r\nc NOOP\r\n"
    said = events(data, limits=SMALL)
    assert [type(event) for event in said] == [Refused, Framed]
    assert said[1] == Framed((b"c NOOP",))


def test_a_non_synchronising_literal_beyond_all_measure_is_fatal():
    said = events(b"a APPEND x {101+}\r\n" + b"b NOOP\r\n" * 20, limits=SMALL)
    assert said == [Refused(tag=b"a", message="The literal is too large.", is_too_big=True, is_fatal=True)]


def test_the_message_of_append_may_be_larger_than_other_literals():
    assert isinstance(events(b"a APPEND x {50}\r\n", limits=SMALL)[0], Continue)
    assert isinstance(events(b'a APPEND "x" (\\Seen) {50}\r\n', limits=SMALL)[0], Continue)
    assert isinstance(events(b"a APPEND x {51}\r\n", limits=SMALL)[0], Refused)


def test_the_mailbox_name_of_append_may_not():
    assert isinstance(events(b"a APPEND {50}\r\n", limits=SMALL)[0], Refused)
    said = events(b"a APPEND {1+}\r\nx {40}\r\n", limits=SMALL)
    assert isinstance(said[0], Continue)


def test_all_literals_together_are_bounded():
    data = b"a SEARCH TEXT {20+}\r\n" + b"x" * 20 + b" TEXT {11}\r\n"
    assert isinstance(events(data, limits=SMALL)[0], Refused)


def test_many_literals_are_fatal():
    said = events(b"a SEARCH" + b" TEXT {0+}\r\n" * 4 + b"\r\nb NOOP\r\n", limits=SMALL)
    assert len(said) == 1 and said[0].is_fatal


def test_a_line_without_end_is_fatal_and_not_kept():
    framer = Framer(SMALL)
    framer.feed(b"a " + b"x" * 200)
    refusal = framer.next_command()
    assert isinstance(refusal, Refused) and refusal.is_fatal
    framer.feed(b"y" * 10_000 + b"\r\nb NOOP\r\n")
    assert framer.next_command() is None
    assert framer.buffered == 0


def test_text_between_literals_counts_together():
    data = b"a SEARCH " + (b"x" * 40 + b" {0+}\r\n") * 3
    said = events(data, limits=SMALL)
    assert len(said) == 1 and said[0].is_fatal


def test_a_stranger_gets_no_large_literal():
    for announced in (b"2049", b"99999999999999999999"):
        said = events(b"a LOGIN {" + announced + b"}\r\nb NOOP\r\n", limits=BEFORE_LOGIN)
        assert isinstance(said[0], Refused) and said[1] == Framed((b"b NOOP",))
        said = events(b"a LOGIN {" + announced + b"+}\r\nb NOOP\r\n", limits=BEFORE_LOGIN)
        assert len(said) == 1 and said[0].is_fatal


def test_done_and_the_next_commands_in_one_packet():
    framer = Framer(LIMITS)
    framer.feed(b"a IDLE\r\nDONE\r\nb NOOP\r\nc NOOP\r\n")
    assert framer.next_command() == Framed((b"a IDLE",))
    assert framer.next_line() == b"DONE"
    assert framer.next_command() == Framed((b"b NOOP",))
    assert framer.next_command() == Framed((b"c NOOP",))


def test_a_line_without_end_is_fatal_as_an_answer_too():
    framer = Framer(SMALL)
    framer.feed(b"x" * 101)
    refusal = framer.next_line()
    assert isinstance(refusal, Refused) and refusal.is_fatal


def test_what_came_before_tls_is_forgotten():
    framer = Framer(LIMITS)
    framer.feed(b"a STARTTLS\r\nb LOGIN mallory x\r\nc NO")
    assert framer.next_command() == Framed((b"a STARTTLS",))
    framer.clear()
    framer.feed(b"d NOOP\r\n")
    assert framer.next_command() == Framed((b"d NOOP",))


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from([b"a ", b"\r\n", b"\n", b"\r", b"{3}", b"{3+}", b"{99}", b"x", b'"', b"\0", b"DONE"])
    )
)
def test_no_bytes_crash_it_and_the_cut_never_matters(pieces):
    data = b"".join(pieces)
    whole = events(data, limits=SMALL)
    assert events(data, limits=SMALL, sizes=[1] * len(data)) == whole


def test_messages_of_all_clients_share_one_budget():
    budget = Budget(50_000 + 200_000)
    greedy, late = Framer(LIMITS, budget), Framer(LIMITS, budget)
    greedy.feed(b"a APPEND INBOX {300000+}\r\n" + b"x" * 200_000)
    assert greedy.next_command() is None and budget.free == 50_000
    late.feed(b"b APPEND INBOX {100000+}\r\n" + b"y" * 100_000 + b"\r\nc NOOP\r\n")
    refused = late.next_command()
    assert isinstance(refused, Refused) and (refused.tag, refused.is_busy) == (b"b", True)
    assert late.next_command() == Framed((b"c NOOP",))
    assert budget.free == 50_000


def test_a_message_counts_until_the_next_command_is_asked_for():
    budget = Budget(100_000)
    framer = Framer(LIMITS, budget)
    for _ in range(3):
        framer.feed(b"a APPEND INBOX {100000+}\r\n" + b"x" * 100_000 + b"\r\n")
        assert isinstance(framer.next_command(), Framed)
        assert budget.free == 0
        assert framer.next_command() is None
        assert budget.free == 100_000


def test_a_client_that_leaves_gives_back_what_it_held():
    budget = Budget(100_000)
    framer = Framer(LIMITS, budget)
    framer.feed(b"a APPEND INBOX {100000+}\r\n" + b"x" * 90_000)
    assert framer.next_command() is None and budget.free == 10_000
    framer.clear()
    assert budget.free == 100_000


@settings(max_examples=60)
@given(st.lists(st.integers(1, 40_000), max_size=20), st.integers(0, 120_000))
def test_the_budget_is_whole_again_however_packets_are_cut(sizes, total):
    budget = Budget(total)
    framer = Framer(LIMITS, budget)
    data = b"a APPEND INBOX {100000+}\r\n" + b"x" * 100_000 + b"\r\nb NOOP\r\n"
    said, at = [], 0
    for size in [*sizes, len(data)]:
        framer.feed(data[at : at + size])
        at += size
        while (event := framer.next_command()) is not None:
            said.append(event)
    assert isinstance(said[0], Framed if total >= 100_000 else Refused)
    assert said[1:] == [Framed((b"b NOOP",))]
    assert budget.free == total


def test_with_literal_minus_a_large_literal_has_to_ask():
    small = replace(SMALL, unasked_bytes=10)
    data = (
        b"a SEARCH TEXT {11+}\r\nb LOGOUT\r\n1\r\nc SEARCH TEXT {10+}\r\n0123456789\r\nd SEARCH TEXT {11}\r\n"
    )
    message = "Ask before sending so large a literal."
    for sizes in (None, [1] * len(data)):
        assert events(data, limits=small, sizes=sizes) == [
            Refused(tag=b"a", message=message, is_too_big=True, is_unasked=True),
            Framed((b"c SEARCH TEXT {10+}", b"0123456789", b"")),
            Continue(),
        ]
