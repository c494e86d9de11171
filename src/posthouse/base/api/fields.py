"""Serializer parts: strict bodies, ids as strings, and addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from posthouse.base.paths import read_id


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know: a misspelt one, passed over, looks like a change that was made."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [str(name)[:100] for name in data if name not in self.fields]
            if unknown:
                text = "There is no such field."
                raise ValidationError({name: [ErrorDetail(text, code="unknown_field")] for name in unknown})
            wrong = {
                name: found for name, value in data.items() if (found := _mistyped(self.fields[name], value))
            }
            if wrong:
                raise ValidationError(wrong)
        return super().to_internal_value(data)


_JSON_TYPES: tuple[tuple[type[Any], type[Any], str], ...] = (
    (serializers.BooleanField, bool, "This is neither true nor false."),
    (serializers.IntegerField, int, "This is not a whole number."),
    (serializers.CharField, str, "This is not a text."),
)


def _mistyped(field: Any, value: Any) -> Any:
    """What of a value has another JSON type than the schema says. The framework would make `"false"` of 0 and of "off"
    a boolean, and nobody would learn that the client is wrong."""
    if value is None:
        return []
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return {i: found for i, part in enumerate(value) if (found := _mistyped(field.child, part))}
    for kind, wanted, text in _JSON_TYPES:
        if isinstance(field, kind):
            fits = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
            return [] if fits else [ErrorDetail(text, code="invalid")]
    return []


def parsed(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The validated body; raises ValidationError."""
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    values: dict[str, Any] = checked.validated_data
    return values


@extend_schema_field({"type": "string", "pattern": "^[0-9]{1,19}$", "examples": ["123456789012345678"]})
class IdField(serializers.Field[int, Any, str, Any]):
    """A number for us, a string in JSON."""

    default_error_messages = {"invalid_id": "This is not an id."}

    def to_internal_value(self, data: Any) -> int:
        number = read_id(data)
        if number is None:
            self.fail("invalid_id")
        return number

    def to_representation(self, value: int) -> str:
        return str(value)


class AddressSerializer(StrictSerializer):
    """A person's name and address; the name may be empty."""

    name = serializers.CharField(max_length=300, allow_blank=True, default="")
    email = serializers.CharField(max_length=320)
