"""Full e-mails as the API shows them: a list's row, its content, and links to its parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from posthouse.base.api import conditional
from posthouse.base.errors import Missing
from posthouse.identity import links
from posthouse.identity.actor import Actor
from posthouse.mail import authentication, content, drafts, queries, uploads
from posthouse.mail import flags as flag
from posthouse.mail.access import EmailRef
from posthouse.wire.mime.addresses import Address
from posthouse.wire.mime.mdn import asked_by

Row = dict[str, Any]
Deliveries = Callable[[int], list[Row] | None]
"""What happened to an e-mail that one sent; given by the room that knows (config/urls.py)."""
Filings = Callable[[int], Row | None]
"""The rule that put an e-mail where it is; given the same way."""
Verdicts = Callable[[int], Row | None]
"""What the spam filter said of an e-mail; given the same way."""

BASE = "/api/v1/emails"
MAX_THREAD_TEXT_BYTES = 20_000_000


def no_deliveries(email_id: int) -> list[Row] | None:
    return None


def no_filing(email_id: int) -> Row | None:
    return None


def no_verdict(email_id: int) -> Row | None:
    return None


def emails_json(
    actor: Actor,
    refs: list[EmailRef],
    deliveries: Deliveries,
    filings: Filings = no_filing,
    verdicts: Verdicts = no_verdict,
) -> list[Row]:
    """E-mails in the order given, whose access was checked; those gone meanwhile are left out."""
    rows = {int(row["id"]): row for row in queries.emails([ref.id for ref in refs])}
    limit = min(content.MAX_SHOWN_TEXT_BYTES, MAX_THREAD_TEXT_BYTES // max(1, len(refs)))
    return [
        rows[found.ref.id]
        | _content_json(actor, found, deliveries, text_limit=limit)
        | {"filed_by": filings(found.ref.id), "spam": verdicts(found.ref.id)}
        for found in content.contents([ref for ref in refs if ref.id in rows])
    ]


def email_json(
    actor: Actor,
    ref: EmailRef,
    deliveries: Deliveries = no_deliveries,
    filings: Filings = no_filing,
    verdicts: Verdicts = no_verdict,
) -> Row:
    rows = emails_json(actor, [ref], deliveries, filings, verdicts)
    if not rows:
        raise Missing()
    return rows[0]


def email_tag(ref: EmailRef) -> str:
    """The e-mail's own number for writes; its account's and the hour for what is shown with it."""
    return conditional.tag(queries.email_version(ref.id), queries.state(ref.account_id), conditional.hour())


def _content_json(actor: Actor, found: content.Content, deliveries: Deliveries, *, text_limit: int) -> Row:
    headers, html, is_draft = found.headers, found.html, bool(found.ref.flags & flag.DRAFT)
    return {
        # The row has the first of many only; an answer to all must reach all.
        "from": _people(headers.from_),
        "to": _people(headers.to),
        "cc": _people(headers.cc),
        "bcc": _people(headers.bcc),
        "reply_to": _people(headers.reply_to),
        "message_id": headers.message_id,
        "in_reply_to": list(headers.in_reply_to),
        "references": list(headers.references),
        "list_unsubscribe": headers.list_unsubscribe,
        "text": found.text(limit=text_limit),
        "has_html": html is not None,
        "html_url": html_url(actor, found.ref.id),
        "has_remote_content": content.has_remote_content(html),
        "attachments": [_file_json(actor, found.ref.id, file) for file in content.files(found)],
        "delivery": None if is_draft else deliveries(found.ref.id),
        "receipt_to": None
        if is_draft or found.ref.flags & flag.MDN_SENT
        else asked_by(found.raw[: found.root.body_start]),
        "trust": None,
        "authentication": None
        if is_draft
        else authentication.authentication_json(found.raw[: found.root.body_start]),
        "draft": drafts.draft_json(drafts.draft_of(found)) if is_draft else None,
    }


def _people(addresses: tuple[Address, ...]) -> list[dict[str, str]]:
    return [{"name": person.name, "email": person.email} for person in addresses]


def _file_json(actor: Actor, email_id: int, file: content.FilePart) -> Row:
    is_picture = file.content_type.startswith("image/") and file.content_type != "image/svg+xml"
    return {
        "part": file.number,
        "filename": file.filename,
        "content_type": file.content_type,
        "size_bytes": file.size_bytes,
        "disposition": "inline" if file.is_inline else "attachment",
        "content_id": file.content_id,
        "url": part_url(actor, email_id, file.number),
        "preview_url": part_url(actor, email_id, file.number, shown=True) if is_picture else None,
        "thumbnail_url": thumbnail_url(actor, email_id, file.number) if is_picture else None,
        "blob_id": uploads.part_name(email_id, file.number),
    }


def part_url(actor: Actor, email_id: int, number: str, *, shown: bool = False) -> str:
    """A signed link that downloads a part, or shows it in place when it is a picture."""
    path = f"{BASE}/{email_id}/attachments/{number}/"
    return f"{path}?{'preview=1&' if shown else ''}sig={links.sign(actor, path)}"


def thumbnail_url(actor: Actor, email_id: int, number: str) -> str:
    path = f"{BASE}/{email_id}/attachments/{number}/thumbnail/"
    return f"{path}?sig={links.sign(actor, path)}"


def html_url(actor: Actor, email_id: int) -> str:
    path = f"{BASE}/{email_id}/html/"
    return f"{path}?sig={links.sign(actor, path)}"
