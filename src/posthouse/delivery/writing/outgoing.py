"""A composer's content made ready to be sent: recipients checked, bytes written, content durable.

The slow part of sending, done before the write lane is asked: `actions.send` then takes one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from posthouse.base import blobs
from posthouse.base.errors import Invalid, TooLarge
from posthouse.delivery import setup
from posthouse.delivery.actions import MAX_RECIPIENTS, Sending, Target
from posthouse.identity import directory
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address
from posthouse.mail import content, drafts, storing
from posthouse.mail import flags as flag
from posthouse.mail.drafts import DraftContent
from posthouse.wire.mime import Address
from posthouse.wire.mime.headers import without_controls

ALL = "SUCCESS,FAILURE,DELAY"
"""What is asked of servers where the sender wants to hear that it arrived (RFC 3461 §4.1)."""


def targets_of(draft: DraftContent) -> list[Target]:
    """Every recipient once, as typed but for the domain; raises Invalid (invalid_recipient) naming each bad one."""
    found: dict[str, Target] = {}
    errors = []
    for name in drafts.FIELDS:
        for index, person in enumerate(getattr(draft, name)):
            try:
                address = deliverable(person.email)
                notify = ALL if draft.asks_delivery else ""
                found.setdefault(address.lower(), Target(address=address, name=_name(person), notify=notify))
            except Invalid as failure:
                errors.append(
                    {"pointer": f"/{name}/{index}", "code": "invalid_recipient", "detail": failure.message}
                )
    if errors:
        raise Invalid("invalid_recipient", errors[0]["detail"], errors=errors)
    if not found:
        raise Invalid("no_recipients", "Nobody is named to send to.", pointer="/to")
    if len(found) > MAX_RECIPIENTS:
        raise Invalid(
            "too_many_recipients", f"A message goes to {MAX_RECIPIENTS} people at most.", pointer="/to"
        )
    return list(found.values())


def _check_may_post(sender: str, draft: DraftContent) -> None:
    """Told at once where the sender can still change it; the queue asks again."""
    errors = []
    for name in drafts.FIELDS:
        for index, person in enumerate(getattr(draft, name)):
            found = directory.lookup(normal_address(person.email))
            if isinstance(found, directory.Several) and not directory.may_post(sender, found):
                text = f"You may not write to {person.email}."
                errors.append({"pointer": f"/{name}/{index}", "code": "may_not_post", "detail": text})
    if errors:
        raise Invalid("may_not_post", errors[0]["detail"], errors=errors)


def deliverable(text: str) -> str:
    """An address to send to; raises Invalid. Its local part keeps its case, which is its host's (RFC 5321 §2.4)."""
    normal = normal_address(text)
    if isinstance(directory.lookup(normal), directory.Unknown):
        raise Invalid("invalid_recipient", f"There is nobody at {normal}.")
    return f"{text.strip().rpartition('@')[0]}@{normal.rpartition('@')[2]}"


def prepare(
    actor: Actor,
    draft: DraftContent,
    *,
    hold_seconds: int = 0,
    draft_id: int | None = None,
    thread_id: int | None = None,
    list_name: str = "",
    key: str = "",
    fingerprint: str = "",
) -> Sending:
    """Write the message and keep its content. If it is not sent after all, `discard` it.

    Raises Invalid (recipients), TooLarge, Missing (identity, blobs), Unavailable.
    """
    targets = targets_of(draft)
    limit = setup.current().max_message_bytes
    sender = drafts.sender_for(actor, draft)
    _check_may_post(sender.email, draft)
    message = drafts.message_of(actor, draft, max_bytes=limit)
    kept = drafts.write(message, keep_bcc=True)
    if len(kept) > limit:
        raise TooLarge("too_large", "The message is too large.", limit_bytes=limit)
    return Sending(
        account_id=sender.account_id,
        arrival=storing.prepare(kept),
        wire=blobs.prepare(drafts.write(message, keep_bcc=False)) if message.bcc else None,
        mail_from=sender.email,
        targets=targets,
        is_smtputf8=_needs_utf8([sender.email, *(target.address for target in targets)]),
        hold_seconds=hold_seconds,
        draft_id=draft_id,
        answers=draft.reply_to_email_id,
        forwards=draft.forward_of_email_id,
        thread_id=drafts.thread_of(actor, draft) or thread_id,
        list_name=list_name,
        key=key,
        fingerprint=fingerprint,
    )


def _name(person: Address) -> str:
    return " ".join(without_controls(person.name).split())


def _needs_utf8(addresses: Iterable[str]) -> bool:
    return not all(address.isascii() for address in addresses)


def discard(sending: Sending) -> None:
    """Remove content that no row names."""
    blobs.discard(sending.arrival.blob)
    if sending.wire is not None:
        blobs.discard(sending.wire)


def saved(actor: Actor, email_id: int) -> tuple[DraftContent, int]:
    """A saved draft's content and its thread; raises Missing, or Invalid when it is no draft."""
    found = content.content_for(actor, email_id)
    if not found.ref.flags & flag.DRAFT:
        raise Invalid("not_a_draft", "This e-mail is not a draft.")
    return drafts.draft_of(found), found.ref.thread_id
