"""Bodies that clients send to the mail API; unknown fields are refused."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from posthouse.base.api import AddressSerializer, IdField, StrictSerializer
from posthouse.mail import flags as flag
from posthouse.mail.drafts import DraftContent, Piece
from posthouse.wire.imap.capabilities import SWITCHABLE
from posthouse.wire.mime.addresses import Address

MAX_IDS = 1_000
MAX_BULK_IDS = 500
MAX_RETENTION_DAYS = 3_650
MAX_PREFERENCES_DEPTH = 12
MAX_PREFERENCES_BYTES = 65_536
KEYWORD = r"\A[!#$&'+,\-./0-9:;<=>?@A-Z\[^_`a-z|}~]{1,64}\Z"
"""An IMAP atom (RFC 9051 §9), so that every door can say what one door took."""


def _ids(**options: Any) -> serializers.ListField:
    return serializers.ListField(child=IdField(), max_length=MAX_IDS, **options)


def _words() -> serializers.ListField:
    word = serializers.RegexField(KEYWORD)
    return serializers.ListField(child=word, max_length=64, required=False, default=list)


class NewMailbox(StrictSerializer):
    account_id = IdField(required=False)
    name = serializers.CharField(max_length=200)
    parent_id = IdField(required=False, allow_null=True)


class MailboxChange(StrictSerializer):
    name = serializers.CharField(max_length=200, required=False)
    parent_id = IdField(required=False, allow_null=True)
    is_subscribed = serializers.BooleanField(required=False)
    retention_days = serializers.IntegerField(
        min_value=1, max_value=MAX_RETENTION_DAYS, required=False, allow_null=True
    )


class EmailChange(StrictSerializer):
    is_seen = serializers.BooleanField(required=False)
    is_flagged = serializers.BooleanField(required=False)
    is_answered = serializers.BooleanField(required=False)
    keywords = serializers.ListField(child=serializers.RegexField(KEYWORD), max_length=64, required=False)


class FlagChange(NamedTuple):
    set_bits: int
    clear_bits: int


def flag_change(given: dict[str, Any]) -> FlagChange:
    """`is_…` fields as the bits to set and to clear."""
    set_bits = clear_bits = 0
    for name, bit in (("is_seen", flag.SEEN), ("is_flagged", flag.FLAGGED), ("is_answered", flag.ANSWERED)):
        if name in given:
            set_bits |= bit if given[name] else 0
            clear_bits |= 0 if given[name] else bit
    return FlagChange(set_bits, clear_bits)


class Chosen(StrictSerializer):
    """Which e-mails a bulk verb is for: by their ids, or by their threads (in one mailbox, if given)."""

    ids = _ids(required=False)
    thread_ids = _ids(required=False)
    from_mailbox = IdField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("ids" in attrs) == ("thread_ids" in attrs):
            raise ValidationError("Give either ids or thread_ids.", code="ids_or_thread_ids")
        return attrs


class BulkUpdate(Chosen):
    is_seen = serializers.BooleanField(required=False)
    is_flagged = serializers.BooleanField(required=False)
    add_keywords = _words()
    remove_keywords = _words()


class BulkMove(Chosen):
    to_mailbox = IdField()


class BulkLabel(Chosen):
    add = serializers.ListField(child=IdField(), max_length=100, required=False, default=list)
    remove = serializers.ListField(child=IdField(), max_length=100, required=False, default=list)


class Bulk(StrictSerializer):
    """`verb` says which of the other fields count; one that belongs to another verb is refused."""

    FIELDS = {
        "update": {"is_seen", "is_flagged", "is_answered", "add_keywords", "remove_keywords"},
        "move": {"to_mailbox", "from_mailbox"},
        "label": {"add", "remove"},
        "trash": {"from_mailbox"},
        "destroy": set[str](),
    }

    verb = serializers.ChoiceField(choices=list(FIELDS))
    ids = serializers.ListField(child=IdField(), min_length=1, max_length=MAX_BULK_IDS)
    atomic = serializers.BooleanField(default=False, help_text="All of them or none.")
    is_seen = serializers.BooleanField(required=False)
    is_flagged = serializers.BooleanField(required=False)
    is_answered = serializers.BooleanField(required=False)
    add_keywords = _words()
    remove_keywords = _words()
    to_mailbox = IdField(required=False)
    from_mailbox = IdField(required=False, allow_null=True)
    add = serializers.ListField(child=IdField(), max_length=100, required=False, default=list)
    remove = serializers.ListField(child=IdField(), max_length=100, required=False, default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        fields = self.FIELDS[attrs["verb"]]
        others = set(self.initial_data) - fields - {"verb", "ids", "atomic"}
        if others:
            text = f"The verb {attrs['verb']} has no such field."
            raise ValidationError({n: [ErrorDetail(text, code="unknown_field")] for n in sorted(others)})
        if attrs["verb"] == "move" and "to_mailbox" not in attrs:
            raise ValidationError({"to_mailbox": [ErrorDetail("This field is required.", code="required")]})
        return attrs


class StarChange(StrictSerializer):
    ids = _ids()
    star = serializers.BooleanField()


class ReadChange(StrictSerializer):
    ids = _ids()
    read = serializers.BooleanField()


class NameField(serializers.CharField):
    """What a person is called: one line, since it goes into headers."""

    def to_internal_value(self, data: Any) -> str:
        return " ".join(super().to_internal_value(data).split())


class ProfileChange(StrictSerializer):
    name = NameField(max_length=200, required=False)
    preferences = serializers.DictField(required=False)
    imap_off = serializers.ListField(
        child=serializers.ChoiceField(sorted(SWITCHABLE)), max_length=len(SWITCHABLE), required=False
    )

    def validate_preferences(self, value: dict[str, Any]) -> dict[str, Any]:
        if not _is_plain(value, MAX_PREFERENCES_DEPTH):
            raise ValidationError("Preferences are too deep or hold a NUL character.", code="invalid")
        if len(orjson.dumps(value)) > MAX_PREFERENCES_BYTES:
            raise ValidationError("Preferences are too large.", code="max_length")
        return value


def _is_plain(value: object, depth: int) -> bool:
    if depth == 0:
        return False
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, dict):
        return all(_is_plain(part, depth - 1) for pair in value.items() for part in pair)
    return not isinstance(value, list) or all(_is_plain(part, depth - 1) for part in value)


class IdentityChange(StrictSerializer):
    name = NameField(max_length=200, required=False, allow_blank=True)
    signature_html = serializers.CharField(
        max_length=100_000, required=False, allow_blank=True, trim_whitespace=False
    )


MAX_HTML_CHARS = 4_000_000
MAX_LISTED = 500


class DraftPiece(StrictSerializer):
    blob_id = serializers.CharField(max_length=100)
    filename = serializers.CharField(max_length=1_000, allow_blank=True, default="")
    content_type = serializers.CharField(max_length=255, allow_blank=True, default="application/octet-stream")
    disposition = serializers.ChoiceField(choices=["inline", "attachment"], default="attachment")
    content_id = serializers.RegexField(
        r"^[!-;=?-~]{1,200}$", required=False, allow_null=True, help_text="Without angle brackets."
    )
    size_bytes = serializers.IntegerField(required=False)


class DraftAddress(AddressSerializer):
    """May be unfinished while it is typed."""

    email = serializers.CharField(max_length=320, allow_blank=True)


def _text() -> serializers.CharField:
    return serializers.CharField(
        max_length=MAX_HTML_CHARS, required=False, allow_null=True, allow_blank=True, trim_whitespace=False
    )


class Draft(StrictSerializer):
    """What the composer holds. Give `html`, or `text` for a plain message."""

    account_id = IdField(required=False, allow_null=True)
    identity_id = IdField(required=False, allow_null=True)
    to = DraftAddress(many=True, required=False, default=list)
    cc = DraftAddress(many=True, required=False, default=list)
    bcc = DraftAddress(many=True, required=False, default=list)
    subject = serializers.CharField(max_length=2_000, required=False, default="", allow_blank=True)
    html = _text()
    text = _text()
    attachments = DraftPiece(many=True, required=False, default=list)
    reply_to_email_id = IdField(required=False, allow_null=True)
    forward_of_email_id = IdField(required=False, allow_null=True)
    asks_read = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Ask each recipient to say that they have read it (RFC 8098).",
    )
    asks_delivery = serializers.BooleanField(
        required=False, default=False, help_text="Ask each server to say that it has arrived (RFC 3461)."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("to", "cc", "bcc", "attachments"):
            if len(attrs[name]) > MAX_LISTED:
                raise ValidationError({name: [ErrorDetail("There are too many.", code="max_length")]})
        return attrs


def draft_content(given: dict[str, Any]) -> DraftContent:
    def people(name: str) -> tuple[Address, ...]:
        return tuple(
            Address(" ".join(entry["name"].split()), entry["email"].strip()) for entry in given[name]
        )

    return DraftContent(
        account_id=given.get("account_id"),
        identity_id=given.get("identity_id"),
        to=people("to"),
        cc=people("cc"),
        bcc=people("bcc"),
        subject=given["subject"],
        html=given.get("html"),
        text=given.get("text"),
        attachments=tuple(
            Piece(
                blob_id=piece["blob_id"],
                filename=piece["filename"],
                content_type=piece["content_type"],
                is_inline=piece["disposition"] == "inline",
                content_id=piece.get("content_id"),
            )
            for piece in given["attachments"]
        ),
        reply_to_email_id=given.get("reply_to_email_id"),
        forward_of_email_id=given.get("forward_of_email_id"),
        asks_read=given.get("asks_read", False),
        asks_delivery=given.get("asks_delivery", False),
    )
