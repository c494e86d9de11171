"""What a search over mail and conversations answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from posthouse.base.api import IdField
from posthouse.conversations.api.examples import MESSAGE
from posthouse.conversations.api.shapes import KINDS, FoundMessage
from posthouse.mail.api.schemas import ListedThread
from posthouse.search.api.shapes import SearchAnswer

Shape = serializers.Serializer[Any]
FOUND_KINDS = ["mail", "message"]


class FoundPlace(Shape):
    id = IdField()
    kind = serializers.ChoiceField(choices=KINDS)
    name = serializers.CharField()
    vars()["with"] = serializers.CharField(
        allow_null=True, help_text="The other one of a direct conversation."
    )


class FoundItem(Shape):
    """`thread` is there for mail, `message` and `conversation` for what was said in one."""

    kind = serializers.ChoiceField(choices=FOUND_KINDS)
    at = serializers.DateTimeField(help_text="Its place in the list.")
    thread = ListedThread(required=False)
    message = FoundMessage(required=False)
    conversation = FoundPlace(required=False)


class FoundItems(Shape):
    items = FoundItem(many=True)
    next = serializers.CharField(allow_null=True)
    search = SearchAnswer()


EXAMPLE = {
    "items": [
        {
            "kind": "message",
            "at": "2026-11-21T07:20:00.123Z",
            "conversation": {"id": "59871329284784131", "kind": "channel", "name": "general", "with": None},
            "message": {
                **MESSAGE,
                "snippet": {
                    "text": [
                        {"text": "The ", "is_match": False},
                        {"text": "report", "is_match": True},
                        {"text": " is done.", "is_match": False},
                    ],
                    "filename": [],
                },
            },
        }
    ],
    "next": None,
    "search": {
        "understood": [
            {
                "text": "report",
                "kind": "words",
                "name": "",
                "value": "report",
                "is_negated": False,
                "only": None,
            },
            {
                "text": "in:#general",
                "kind": "operator",
                "name": "in",
                "value": "#general",
                "is_negated": False,
                "only": "messages",
            },
        ],
        "is_complete": True,
        "estimate": 1,
        "is_more": False,
    },
}
