"""Bodies of the endpoints about junk, and the shapes of their answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from posthouse.base.api import IdField, StrictSerializer
from posthouse.filters.spam.addresses import MAX_VALUE
from posthouse.filters.spam.choices import LEAST_REFUSAL, LEAST_THRESHOLD, MOST_THRESHOLD

Shape = serializers.Serializer[Any]
LISTS = ["allow", "block"]
MOST_REFUSAL = 100.0


def _threshold() -> serializers.FloatField:
    return serializers.FloatField(
        min_value=LEAST_THRESHOLD,
        max_value=MOST_THRESHOLD,
        required=False,
        allow_null=True,
        help_text="The score from which on mail is junk; null takes what stands above.",
    )


def _is_enabled() -> serializers.BooleanField:
    return serializers.BooleanField(
        required=False, allow_null=True, help_text="Whether the filter files; null takes what stands above."
    )


class JunkChange(StrictSerializer):
    account_id = IdField(required=False)
    is_enabled = _is_enabled()
    threshold = _threshold()


class JunkOfAllChange(StrictSerializer):
    is_enabled = _is_enabled()
    threshold = _threshold()
    refuse_at = serializers.FloatField(
        min_value=LEAST_REFUSAL,
        max_value=MOST_REFUSAL,
        required=False,
        allow_null=True,
        help_text="The score from which on mail is refused in the dialogue; null refuses none.",
    )


class NewSender(StrictSerializer):
    account_id = IdField(required=False)
    value = serializers.CharField(
        max_length=MAX_VALUE, help_text="An address, or a domain with all below it."
    )
    list = serializers.ChoiceField(choices=LISTS)


class NewSenderOfAll(StrictSerializer):
    value = serializers.CharField(
        max_length=MAX_VALUE, help_text="An address, or a domain with all below it."
    )
    list = serializers.ChoiceField(choices=LISTS)


class WhoseJunk(StrictSerializer):
    account_id = IdField(required=False)


# --- answers --------------------------------------------------------------------------------------


class JunkLearnt(Shape):
    wanted = serializers.IntegerField()
    junk = serializers.IntegerField()


class JunkChosen(Shape):
    is_enabled = serializers.BooleanField(allow_null=True)
    threshold = serializers.FloatField(allow_null=True)


class Junk(Shape):
    account_id = IdField()
    is_enabled = serializers.BooleanField(help_text="What holds.")
    threshold = serializers.FloatField(help_text="What holds.")
    chosen = JunkChosen(help_text="What was chosen for this account alone.")
    learnt = JunkLearnt(help_text="E-mails that this account's filter has learnt.")
    learnt_by_all = JunkLearnt(help_text="Those of everybody in the organisation, whose numbers count too.")
    may_decide = serializers.BooleanField(help_text="Whether enough was learnt for words alone to decide.")
    needs = serializers.IntegerField(help_text="E-mails of each kind that are enough.")


class JunkOfAll(Shape):
    chosen = JunkChosen()
    refuse_at = serializers.FloatField(allow_null=True)
    learnt = JunkLearnt()


class JunkSender(Shape):
    id = IdField()
    value = serializers.CharField()
    list = serializers.ChoiceField(choices=LISTS)


class JunkSenders(Shape):
    items = JunkSender(many=True)
