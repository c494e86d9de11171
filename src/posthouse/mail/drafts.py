"""Drafts: what the composer holds, as an e-mail in Drafts and back; and the message to send made from it.

An e-mail's bytes never change, so saving a draft stores a new one and destroys the old one in the same transaction.
What the composer needs and MIME has no place for (which mail is answered, an address not typed to its end) travels in
one header of our own that no sent message has.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Any

import orjson
from msgspec import structs

from posthouse.base import blobs, clock, db, filenames, sql
from posthouse.base.errors import Invalid, Missing, TooLarge
from posthouse.identity import aliases
from posthouse.identity.actor import Actor
from posthouse.mail import access, actions, content, placing, storing
from posthouse.mail import flags as flag
from posthouse.mail.access import EmailRef, Right
from posthouse.mail.models import Mailbox
from posthouse.mail.uploads import Resolver, part_name
from posthouse.wire.html import sanitize_outgoing
from posthouse.wire.mime import build as mime
from posthouse.wire.mime.addresses import Address
from posthouse.wire.mime.encoded_words import decode_words
from posthouse.wire.mime.headers import find, loose
from posthouse.wire.mime.quote import thread_ids

MAX_ATTACHMENTS = 100
STATE_HEADER = "X-Posthouse-Draft"
FIELDS = ("to", "cc", "bcc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A file of a draft, by blob id (see uploads)."""

    blob_id: str
    filename: str
    content_type: str
    is_inline: bool = False
    content_id: str | None = None
    size_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftContent:
    """What a composer holds. Addresses may be unfinished. `message_id` is kept from one save to the next.

    `asks_read`: whether each recipient read it (RFC 8098); `asks_delivery`: whether it arrived (RFC 3461).
    """

    account_id: int | None = None
    identity_id: int | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str = ""
    html: str | None = None
    text: str | None = None
    attachments: tuple[Piece, ...] = ()
    reply_to_email_id: int | None = None
    forward_of_email_id: int | None = None
    message_id: str | None = None
    asks_read: bool = False
    asks_delivery: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    account_id: int
    identity_id: int
    name: str
    email: str


def sender_for(actor: Actor, draft: DraftContent) -> Sender:
    """Who a draft is from: the identity it names, or the account's first. Raises Missing, also for an address lost."""
    allowed = access.SENDING if actor.may("mail.send") else None
    account = access.account_for(actor, draft.account_id, need=Right.DRAFT, permissions=allowed)
    account_id, addresses = account.id, aliases.sendable(account.owner_id)
    rows = sql.rows(
        "SELECT id, name, email FROM mail_identity WHERE account_id = %s ORDER BY id", [account_id]
    )
    mine = [row for row in rows if row[2] in addresses and draft.identity_id in (None, row[0])]
    if not mine:
        raise Missing()
    row = min(mine, key=lambda row: addresses.index(row[2]))
    return Sender(account_id=account_id, identity_id=row[0], name=row[1], email=row[2])


# --- making -------------------------------------------------------------------------------------


def message_of(actor: Actor, draft: DraftContent, *, max_bytes: int) -> mime.Draft:
    """The message to be sent, with every address; `mime.build` writes it.

    Sanitises HTML, reads the attachments, sets threading headers. Raises Missing (identity, blob), TooLarge, Invalid.
    """
    sender = sender_for(actor, draft)
    answered = _answered(actor, draft.reply_to_email_id)
    ids = thread_ids(answered.headers) if answered else None
    return mime.Draft(
        from_=Address(sender.name, sender.email),
        message_id=draft.message_id or f"{secrets.token_hex(16)}@{sender.email.rpartition('@')[2]}",
        date=clock.now(),
        subject=_one_line(draft.subject),
        to=draft.to,
        cc=draft.cc,
        bcc=draft.bcc,
        receipt_to=(Address("", sender.email),) if draft.asks_read else (),
        in_reply_to=ids.in_reply_to if ids else (),
        references=ids.references if ids else (),
        text=draft.text or "",
        html=None if draft.html is None else sanitize_outgoing(draft.html).html,
        attachments=_attachments(actor, draft, max_bytes=max_bytes),
    )


def write(message: mime.Draft, *, keep_bcc: bool) -> bytes:
    """The bytes; what cannot be written is the caller's Invalid."""
    try:
        return mime.build(message, boundary=secrets.token_hex(12), keep_bcc=keep_bcc)
    except ValueError as error:
        raise Invalid("invalid_message", f"This message cannot be written: {error}.") from error


def _answered(actor: Actor, email_id: int | None) -> content.Content | None:
    """The e-mail that is answered; one deleted meanwhile does not stop the answer."""
    if email_id is None:
        return None
    try:
        return content.content_for(actor, email_id)
    except Missing:
        return None


def _attachments(actor: Actor, draft: DraftContent, *, max_bytes: int) -> tuple[mime.Attachment, ...]:
    if len(draft.attachments) > MAX_ATTACHMENTS:
        raise Invalid("too_many_attachments", f"A message has {MAX_ATTACHMENTS} attachments at most.")
    resolver, made, total = Resolver(actor), [], 0
    for piece in draft.attachments:
        data = resolver.read(piece.blob_id)
        total += len(data) * 4 // 3
        if total > max_bytes:
            raise TooLarge("too_large", "The attachments are too large together.", limit_bytes=max_bytes)
        made.append(
            mime.Attachment(
                content=data,
                filename=filenames.safe_filename(piece.filename) or "attachment",
                content_type=piece.content_type,
                content_id=piece.content_id,
                is_inline=piece.is_inline and piece.content_id is not None,
            )
        )
    return tuple(made)


def save(actor: Actor, draft: DraftContent, *, max_bytes: int, replaces: int | None = None) -> int:
    """Store a draft, in the thread it answers, in place of an older one; gives the new e-mail's id.

    Raises Missing (identity, blob, the old draft), Invalid for an old one that is no draft, TooLarge, Limited.
    """
    old = _old_draft(actor, replaces)
    if old is not None and draft.message_id is None:
        draft = replace(draft, message_id=content.content_for(actor, old.id).headers.message_id)
    message = message_of(actor, draft, max_bytes=max_bytes)
    written, unfinished = _finished(message)
    state = _state(draft, unfinished)
    raw = write(structs.replace(written, headers=((STATE_HEADER, state),)), keep_bcc=True)
    arrival = storing.prepare(raw)
    try:
        return _save(actor, draft, arrival, old)
    except BaseException:
        blobs.discard(arrival.blob)
        raise


def _old_draft(actor: Actor, email_id: int | None) -> EmailRef | None:
    if email_id is None:
        return None
    old = access.email_for(actor, email_id, need=Right.DRAFT)
    if not old.flags & flag.DRAFT:
        raise Invalid("not_a_draft", "This e-mail is not a draft.")
    return old


@db.action
def _save(actor: Actor, draft: DraftContent, arrival: storing.Arrival, old: EmailRef | None) -> int:
    account_id = access.account_id_for(actor, draft.account_id, need=Right.DRAFT)
    placing.hold(account_id)
    if old is not None:
        access.email_for(actor, old.id, need=Right.DRAFT)
    stored = storing.store(
        storing.Storing(
            arrival=arrival,
            account_id=account_id,
            role=Mailbox.Role.DRAFTS,
            flags=flag.DRAFT | flag.SEEN,
            thread_id=thread_of(actor, draft) or (old.thread_id if old is not None else None),
        )
    )
    if old is not None:
        actions.discard_emails(actor, [old.id])
    return stored.email_id


def thread_of(actor: Actor, draft: DraftContent) -> int | None:
    """The thread of the e-mail that is answered, if that is still there."""
    if draft.reply_to_email_id is None:
        return None
    try:
        return access.email_for(actor, draft.reply_to_email_id, need=Right.READ).thread_id
    except Missing:
        return None


def is_writable(address: Address) -> bool:
    """Whether a message can carry this address."""
    try:
        mime.address_field("To", [address])
    except ValueError:
        return False
    return True


def _finished(message: mime.Draft) -> tuple[mime.Draft, dict[str, list[list[str]]]]:
    """The draft without addresses that no header can carry, and those by field."""
    kept: dict[str, tuple[Address, ...]] = {}
    unfinished: dict[str, list[list[str]]] = {}
    for name in FIELDS:
        people: tuple[Address, ...] = getattr(message, name)
        kept[name] = tuple(person for person in people if is_writable(person))
        left = [[person.name, person.email] for person in people if not is_writable(person)]
        if left:
            unfinished[name] = left
    return structs.replace(message, **kept), unfinished


def _state(draft: DraftContent, unfinished: dict[str, list[list[str]]]) -> str:
    facts = {
        "identity": draft.identity_id,
        "reply": draft.reply_to_email_id,
        "forward": draft.forward_of_email_id,
        "asks_read": draft.asks_read,
        "asks_delivery": draft.asks_delivery,
        "unfinished": unfinished,
    }
    return urlsafe_b64encode(orjson.dumps(facts)).decode()


def _one_line(text: str) -> str:
    return " ".join(text.split())


# --- reading ------------------------------------------------------------------------------------


def draft_of(found: content.Content) -> DraftContent:
    """What a composer needs to go on with a draft, ours or one that a mail client put here."""
    state = _read_state(found.raw)
    unfinished = state.get("unfinished") if isinstance(state.get("unfinished"), dict) else {}
    html = found.html
    headers = found.headers
    return DraftContent(
        account_id=found.ref.account_id,
        identity_id=_number(state.get("identity")),
        to=headers.to + _people(unfinished, "to"),
        cc=headers.cc + _people(unfinished, "cc"),
        bcc=headers.bcc + _people(unfinished, "bcc"),
        subject=headers.subject,
        html=None if html is None else sanitize_outgoing(html).html.removesuffix("\n"),
        text=found.text().removesuffix("\n") if html is None else None,
        attachments=tuple(
            Piece(
                blob_id=part_name(found.ref.id, file.number),
                filename=file.filename,
                content_type=file.content_type,
                is_inline=file.is_inline,
                content_id=file.content_id,
                size_bytes=file.size_bytes,
            )
            for file in content.files(found)
        ),
        reply_to_email_id=_number(state.get("reply")) or _answered_in_thread(found),
        forward_of_email_id=_number(state.get("forward")),
        message_id=headers.message_id,
        asks_read=state.get("asks_read") is True,
        asks_delivery=state.get("asks_delivery") is True,
    )


def _answered_in_thread(found: content.Content) -> int | None:
    """Which e-mail another program's draft answers, or one that was taken back: its In-Reply-To says."""
    if not found.headers.in_reply_to:
        return None
    row = sql.row(
        "SELECT id FROM mail_email WHERE thread_id = %s AND account_id = %s AND message_id = %s ORDER BY id LIMIT 1",
        [found.ref.thread_id, found.ref.account_id, found.headers.in_reply_to[0]],
    )
    return None if row is None else int(row[0])


def _read_state(raw: bytes) -> dict[str, Any]:
    """Our header's content; anybody could have written it, so nothing in it is trusted."""
    value = find(raw, STATE_HEADER.encode())
    if value is None:
        return {}
    try:
        packed = decode_words(loose(value)).replace(" ", "").encode("ascii")
        state = orjson.loads(urlsafe_b64decode(packed))
    except ValueError:
        return {}
    return state if isinstance(state, dict) else {}


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and 0 < value < 2**63 else None


def _people(unfinished: Any, name: str) -> tuple[Address, ...]:
    entries = unfinished.get(name) if isinstance(unfinished, dict) else None
    if not isinstance(entries, list):
        return ()
    return tuple(
        Address(entry[0], entry[1])
        for entry in entries[:100]
        if isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry)
    )


def draft_json(draft: DraftContent) -> dict[str, Any]:
    def people(addresses: tuple[Address, ...]) -> list[dict[str, str]]:
        return [{"name": person.name, "email": person.email} for person in addresses]

    return {
        "account_id": None if draft.account_id is None else str(draft.account_id),
        "identity_id": None if draft.identity_id is None else str(draft.identity_id),
        "to": people(draft.to),
        "cc": people(draft.cc),
        "bcc": people(draft.bcc),
        "subject": draft.subject,
        "html": draft.html,
        "text": draft.text,
        "attachments": [
            {
                "blob_id": piece.blob_id,
                "filename": piece.filename,
                "content_type": piece.content_type,
                "disposition": "inline" if piece.is_inline else "attachment",
                "content_id": piece.content_id,
                "size_bytes": piece.size_bytes,
            }
            for piece in draft.attachments
        ],
        "reply_to_email_id": _text_id(draft.reply_to_email_id),
        "forward_of_email_id": _text_id(draft.forward_of_email_id),
        "asks_read": draft.asks_read,
        "asks_delivery": draft.asks_delivery,
    }


def _text_id(number: int | None) -> str | None:
    return None if number is None else str(number)
