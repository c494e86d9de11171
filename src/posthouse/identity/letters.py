"""Letters of the house itself: codes, invitations, notices.

Identity knows no mail. A letter is a row written in the transaction that asks for it, with the job that brings it to
delivery's queue (delivery/letters.py, a room above): neither exists without the other, and what is in a letter is never
in a job's arguments.
"""

from __future__ import annotations

from posthouse.base import jobs
from posthouse.identity.models import Letter

KIND = "letter"


def write(email: str, *, subject: str, text: str, organisation_id: int | None) -> None:
    """Call inside an action."""
    letter = Letter.objects.create(
        organisation_id=organisation_id, email=email, subject=subject[:200], text=text
    )
    jobs.enqueue(KIND, letter_id=letter.id)


def letter(letter_id: int) -> Letter | None:
    """None for one that is on its way already."""
    return Letter.objects.filter(id=letter_id).select_related("organisation").first()


def take(letter_id: int) -> bool:
    """Take a letter out, in the transaction that queues it; false when another has done so."""
    return bool(Letter.objects.filter(id=letter_id).delete()[0])
