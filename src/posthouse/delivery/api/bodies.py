"""Bodies of the sending endpoints."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from posthouse.base.api import AddressSerializer, IdField, StrictSerializer
from posthouse.delivery.actions import MAX_HOLD_SECONDS
from posthouse.delivery.suppression import lists
from posthouse.mail.api import bodies, schemas
from posthouse.wire.mime.addresses import parse_people


class Hold(StrictSerializer):
    hold_seconds = serializers.IntegerField(min_value=0, max_value=MAX_HOLD_SECONDS, default=0)


class NewMessage(bodies.Draft):
    """A draft that is sent without having been saved."""

    hold_seconds = serializers.IntegerField(min_value=0, max_value=MAX_HOLD_SECONDS, default=0)
    list = serializers.RegexField(
        lists.NAME,
        required=False,
        help_text="The name of a list of yours: each recipient can leave it by one click, and who has is passed over.",
    )


_PERSON: dict[str, Any] = {
    "oneOf": [
        {"type": "string", "description": "`Bob <bob@example.org>` or an address alone."},
        {
            "type": "object",
            "properties": {"name": {"type": "string"}, "email": {"type": "string"}},
            "required": ["email"],
            "additionalProperties": False,
        },
    ]
}


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "description": "As in a header: `Bob <bob@example.org>, ann@example.org`."},
            {"type": "array", "items": _PERSON, "maxItems": bodies.MAX_LISTED},
        ],
        "examples": [["Bob <bob@example.org>"]],
    }
)
class PeopleField(serializers.Field[list[dict[str, str]], Any, Any, Any]):
    """Recipients by text or one by one; what is no address is kept for `invalid_recipient` to name."""

    default_error_messages = {"invalid": "This is no list of people.", "max_length": "There are too many."}

    def to_internal_value(self, data: Any) -> list[dict[str, str]]:
        if not isinstance(data, str | list):
            self.fail("invalid")
        found: list[dict[str, str]] = []
        for index, entry in enumerate([data] if isinstance(data, str) else data[: bodies.MAX_LISTED + 1]):
            if isinstance(entry, str):
                found += _people(entry)
            else:
                found.append(_person(index, entry))
        if len(found) > bodies.MAX_LISTED:
            self.fail("max_length")
        return found

    def to_representation(self, value: Any) -> Any:
        return value


def _people(text: str) -> list[dict[str, str]]:
    named = parse_people(text.encode("utf-8", "replace"))
    if not named and text.strip():
        return [{"name": "", "email": text}]
    return [{"name": person.name, "email": person.email} for person in named]


def _person(index: int, entry: Any) -> dict[str, str]:
    checked = AddressSerializer(data=entry)
    if not checked.is_valid():
        raise ValidationError({str(index): checked.errors})
    return {"name": checked.validated_data["name"], "email": checked.validated_data["email"]}


class NamedMessage(StrictSerializer):
    """A message in the words of `POST /mail/create/v1/`: `body` is plain text, `html` wins where both are given."""

    to = PeopleField(required=False, default=list)
    cc = PeopleField(required=False, default=list)
    bcc = PeopleField(required=False, default=list)
    subject = serializers.CharField(max_length=2_000, required=False, default="", allow_blank=True)
    body = serializers.CharField(
        max_length=bodies.MAX_HTML_CHARS, required=False, allow_blank=True, trim_whitespace=False
    )
    html = serializers.CharField(
        max_length=bodies.MAX_HTML_CHARS, required=False, allow_blank=True, trim_whitespace=False
    )
    attachments = bodies.DraftPiece(many=True, required=False, default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs["attachments"]) > bodies.MAX_LISTED:
            raise ValidationError({"attachments": [ErrorDetail("There are too many.", code="max_length")]})
        return attrs


def as_draft(given: dict[str, Any]) -> dict[str, Any]:
    """The same message in a draft's words."""
    draft = {name: value for name, value in given.items() if name != "body"}
    return draft | {"text": given.get("body"), "html": given.get("html")}


class Sent(schemas.Shape):
    email_id = IdField()
    submission_id = IdField()
    undo_until = serializers.DateTimeField(allow_null=True)


class Cancelled(schemas.Shape):
    email_id = IdField()


class Submissions(schemas.Shape):
    items = schemas.Submission(many=True)
