"""What every answer to a search says beside its rows, and how a text is shown with the words that were found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from posthouse.search.language import MAIL, MESSAGES, Query
from posthouse.search.snippets import Segment

Shape = serializers.Serializer[Any]
Row = dict[str, Any]


class SnippetSegment(Shape):
    """A piece of plain text; those with `is_match` are what was searched for."""

    text = serializers.CharField()
    is_match = serializers.BooleanField()


class SearchPart(Shape):
    """One thing that must hold. The `text` of all, joined by blanks, is the search again."""

    text = serializers.CharField()
    kind = serializers.ChoiceField(choices=["words", "operator", "group", "not_understood"])
    name = serializers.CharField(help_text="The operator, such as from; else empty.")
    value = serializers.CharField()
    is_negated = serializers.BooleanField()
    only = serializers.ChoiceField(
        choices=[MAIL, MESSAGES],
        allow_null=True,
        help_text="Nothing but mail, or nothing but messages, can fit it.",
    )


class SearchAnswer(Shape):
    understood = SearchPart(many=True)
    is_complete = serializers.BooleanField(
        help_text="False while the index of words is being made: older ones may be missing."
    )
    estimate = serializers.IntegerField(
        allow_null=True, help_text="About how many were found; null where counting would cost."
    )
    is_more = serializers.BooleanField(help_text="There are at least `estimate`, and counting ended there.")


def about(query: Query, *, is_complete: bool, estimate: int | None, is_more: bool = False) -> Row:
    """A SearchAnswer."""
    return {
        "understood": [part.as_json() for part in query.parts],
        "is_complete": is_complete,
        "estimate": estimate,
        "is_more": is_more,
    }


def segments(pieces: Sequence[Segment]) -> list[Row]:
    return [{"text": piece.text, "is_match": piece.is_match} for piece in pieces]
