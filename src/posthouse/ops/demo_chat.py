"""Conversations of the demo: a channel for all, and one of two people. They take the same way as real ones."""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.conversations import editing, opening, participants, sending
from posthouse.conversations.sending import Writing
from posthouse.identity.actor import Actor


def talk(people: Sequence[Actor]) -> None:
    """Of the first two; the first opens what there is."""
    alice, bob = people[0], people[1]
    values = {"name": "general", "topic": "What concerns everybody", "visibility": "organisation"}
    general = opening.create(alice, kind="channel", values=values)
    participants.join(bob, general)
    _say(
        alice,
        general,
        "Welcome to **general**. What concerns everybody goes here; the rest has rooms of its own.",
    )
    _say(bob, general, "Good morning! The coach from the north is late: snow on the pass.")
    asked = _say(
        alice, general, f"@[Bob](user:{bob.user_id}) can you ask the stables for *fresh horses* at noon?"
    )
    sending.reply(bob, asked, Writing(text="Four are ready, the grey one needs a shoe."), in_thread=True)
    sending.reply(alice, asked, Writing(text="Thank you. Then let us take the other four."), in_thread=True)
    editing.react(bob, asked, "\N{HORSE FACE}", is_on=True)
    timetable = _say(
        alice,
        general,
        "The new timetable:\n\n| line | leaves | arrives |\n|---|---|---|\n| north | 06:00 | 14:30 |\n"
        "| coast | 07:15 | 12:00 |",
    )
    editing.pin(alice, timetable, is_pinned=True)
    both = opening.open_direct(alice, bob.user_id).id
    _say(alice, both, "Do you have a minute after the coach is in?")
    _say(bob, both, "Of course. In the tap-room?")
    _say(alice, both, "In the tap-room.")


def _say(actor: Actor, conversation_id: int, text: str) -> int:
    sent = sending.send(actor, conversation_id, Writing(text=text))
    assert sent.message_id is not None
    return sent.message_id
