"""Bodies of what is asked for; what they do not know is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from posthouse.base import clock
from posthouse.base.api import IdField, StrictSerializer
from posthouse.conversations import (
    files,
    opening,
    participants,
    personal,
    policies,
    reports,
    scheduling,
    sending,
)
from posthouse.conversations.markdown import MAX_CHARS
from posthouse.conversations.sending import Writing
from posthouse.identity.api.people_bodies import LineField

MAX_SECONDS = 10 * 365 * 86_400
MAX_DAYS = 36_500


def _seconds() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=MAX_SECONDS, allow_null=True, required=False)


def _days() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=MAX_DAYS, allow_null=True, required=False)


class ConversationChange(StrictSerializer):
    name = LineField(max_length=100, allow_blank=True, required=False)
    topic = LineField(max_length=500, allow_blank=True, required=False)
    visibility = serializers.ChoiceField(choices=opening.VISIBILITIES, required=False)
    posting = serializers.ChoiceField(choices=opening.WHO, required=False, help_text="Who may write.")
    inviting = serializers.ChoiceField(
        choices=opening.WHO, required=False, help_text="Who may bring people in."
    )
    edit_seconds = _seconds()
    delete_seconds = _seconds()
    retention_days = _days()
    history = serializers.ChoiceField(
        choices=policies.HISTORIES,
        required=False,
        allow_null=True,
        help_text="Whether who comes sees what was said before (`all`), or what is said since (`joined`).",
    )


class NewConversation(ConversationChange):
    kind = serializers.ChoiceField(choices=["direct", "group", "channel"], default="group")
    user_ids = serializers.ListField(
        child=IdField(),
        max_length=participants.MAX_AT_ONCE,
        default=list,
        help_text="Who is in it beside oneself; for a direct conversation exactly one.",
    )


class NewParticipants(StrictSerializer):
    user_ids = serializers.ListField(child=IdField(), min_length=1, max_length=participants.MAX_AT_ONCE)


class ParticipantChange(StrictSerializer):
    role = serializers.ChoiceField(choices=participants.ROLES)


class OwnChange(StrictSerializer):
    level = serializers.ChoiceField(choices=personal.LEVELS, required=False)
    muted_until = serializers.DateTimeField(allow_null=True, required=False)
    is_favourite = serializers.BooleanField(required=False)
    folder = LineField(max_length=60, allow_blank=True, required=False)
    is_hidden = serializers.BooleanField(
        required=False, help_text="Out of the list until something new comes."
    )


class FolderChange(StrictSerializer):
    folder = LineField(max_length=60)
    name = LineField(max_length=60, allow_blank=True, help_text="Empty: its conversations lie in no folder.")


class ReadUpTo(StrictSerializer):
    number = serializers.IntegerField(min_value=0, max_value=2**53, required=False)
    delivered_number = serializers.IntegerField(min_value=0, max_value=2**53, required=False)
    thread_id = IdField(required=False, allow_null=True)
    is_reopened = serializers.BooleanField(
        default=False, help_text="The person opened it just now: what was marked unread counts as read again."
    )


class UnreadFrom(StrictSerializer):
    number = serializers.IntegerField(min_value=1, max_value=2**53)
    thread_id = IdField(required=False, allow_null=True)


def client_id_field() -> serializers.RegexField:
    return serializers.RegexField(
        r"\A[\x21-\x7e]{1,64}\Z",
        required=False,
        allow_null=True,
        help_text="Made by the client, such as a UUID: sent again, it is the same message.",
    )


class Said(StrictSerializer):
    text = serializers.CharField(
        max_length=MAX_CHARS, allow_blank=True, trim_whitespace=False, default="", help_text="Markdown."
    )
    importance = serializers.ChoiceField(choices=sending.IMPORTANCES, default="normal")
    needs_ack = serializers.BooleanField(default=False, help_text="Asks everybody to acknowledge it.")
    file_ids = serializers.ListField(child=IdField(), max_length=files.MAX_FILES, default=list)
    client_id = client_id_field()
    hold_seconds = serializers.IntegerField(
        min_value=0, max_value=scheduling.MAX_HOLD_SECONDS, default=0, help_text="May be taken back so long."
    )
    send_at = serializers.DateTimeField(required=False, allow_null=True)


class NewChatMessage(Said):
    thread_id = IdField(required=False, allow_null=True)
    reply_to = IdField(
        required=False, allow_null=True, help_text="A message of the conversation that is quoted."
    )


class NewMessageIn(NewChatMessage):
    conversation_id = IdField()


class NewReply(Said):
    in_thread = serializers.BooleanField(default=True, help_text="Below the message; else in the timeline.")


class NewForwarding(Said):
    conversation_id = IdField(help_text="Where it goes.")


class ChatMessageChange(StrictSerializer):
    text = serializers.CharField(max_length=MAX_CHARS, allow_blank=True, trim_whitespace=False)


class NewReaction(StrictSerializer):
    emoji = serializers.CharField(max_length=16)
    is_on = serializers.BooleanField(default=True)


class ChatThreadChange(StrictSerializer):
    title = LineField(max_length=100, allow_blank=True, required=False)
    is_resolved = serializers.BooleanField(required=False)


class FollowChange(StrictSerializer):
    is_following = serializers.BooleanField(required=False)
    is_muted = serializers.BooleanField(required=False)


class DraftContent(StrictSerializer):
    text = serializers.CharField(max_length=MAX_CHARS, allow_blank=True, trim_whitespace=False)
    reply_to = IdField(required=False, allow_null=True)
    file_ids = serializers.ListField(child=IdField(), max_length=files.MAX_FILES, default=list)


class DraftSaved(StrictSerializer):
    thread_id = IdField(required=False, allow_null=True)
    content = DraftContent(allow_null=True)


class PutOff(StrictSerializer):
    send_at = serializers.DateTimeField()


class RemindAt(StrictSerializer):
    remind_at = serializers.DateTimeField()


class NewBlock(StrictSerializer):
    user_id = IdField()


class NewReport(StrictSerializer):
    reason = serializers.ChoiceField(choices=reports.REASONS)
    note = serializers.CharField(max_length=1_000, allow_blank=True, default="")


class ReportDecision(StrictSerializer):
    state = serializers.ChoiceField(choices=["dismissed", "removed"])


class ChatSettingsChange(StrictSerializer):
    hides_reading = serializers.BooleanField(required=False)
    direct_from = serializers.ChoiceField(
        choices=policies.DIRECT_FROM, required=False, help_text="Who may open a direct conversation with one."
    )


class ConversationPolicyChange(StrictSerializer):
    edit_seconds = _seconds()
    delete_seconds = _seconds()
    hides_revisions = serializers.BooleanField(required=False)
    hides_reading = serializers.BooleanField(required=False)
    retention_days = _days()
    is_held = serializers.BooleanField(required=False, help_text="Keeps what is deleted, everywhere.")
    exporting = serializers.ChoiceField(choices=policies.EXPORTING, required=False)
    shows_previews = serializers.BooleanField(required=False, help_text="Links are looked at for previews.")
    shows_outside_previews = serializers.BooleanField(
        required=False, help_text="Also those in what people outside write by mail."
    )
    creating = serializers.ChoiceField(
        choices=policies.CREATING,
        required=False,
        help_text="Who may open channels; `admins`: who manages them.",
    )
    history = serializers.ChoiceField(
        choices=policies.HISTORIES,
        required=False,
        help_text="Whether newcomers of groups and private channels see what was said before; a conversation may say"
        " otherwise.",
    )


class ManagedChange(StrictSerializer):
    retention_days = _days()
    is_held = serializers.BooleanField(required=False)


def writing(given: Mapping[str, Any], *, key: str, fingerprint: str) -> Writing:
    """What a body of Said (or one made of it) wants to say."""
    return Writing(
        text=given["text"],
        thread_id=given.get("thread_id"),
        reply_to=given.get("reply_to"),
        importance=given["importance"],
        needs_ack=given["needs_ack"],
        file_ids=given["file_ids"],
        client_id=given.get("client_id"),
        key=key,
        fingerprint=fingerprint,
    )


def send_at_ms(given: Mapping[str, Any]) -> int | None:
    """When it is to be sent; None is at once. A moment that has passed is now."""
    if given.get("send_at") is not None:
        return max(moment_ms(given["send_at"]), clock.now_ms())
    return clock.now_ms() + given["hold_seconds"] * 1_000 if given["hold_seconds"] else None


def moment_ms(moment: dt.datetime) -> int:
    return clock.to_ms(moment)


def draft_content(given: Mapping[str, Any]) -> dict[str, Any] | None:
    """Ids as JSON has them."""
    content = given["content"]
    if content is None:
        return None
    reply_to = content.get("reply_to")
    return {
        "text": content["text"],
        "reply_to": None if reply_to is None else str(reply_to),
        "file_ids": [str(file_id) for file_id in content["file_ids"]],
    }
