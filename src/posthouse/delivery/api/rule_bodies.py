"""Bodies of the rules' endpoints, and the shapes of their answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from posthouse.base.api import IdField, StrictSerializer
from posthouse.filters import language
from posthouse.filters.actions import Change
from posthouse.filters.language import Action, Condition, Content, Field, Kind, Op
from posthouse.mail.api.schemas import Addr

Shape = serializers.Serializer[Any]
FIELDS, OPS, KINDS = [f.value for f in Field], [o.value for o in Op], [k.value for k in Kind]
MATCHES = ["all", "any"]
RUN_STATES = ["running", "done", "undoing", "undone"]


class ConditionBody(StrictSerializer):
    field = serializers.ChoiceField(
        choices=FIELDS,
        help_text="`to` is To and Cc, `recipient` also Bcc, `alone`: nobody else is named, `list`: List-Id,"
        " `spam`: taken for junk at arrival, `score`: the junk filter's.",
    )
    op = serializers.ChoiceField(
        choices=OPS, help_text="In `matches`, `*` stands for any text and `?` for a character."
    )
    value = serializers.CharField(
        max_length=language.MAX_VALUE, allow_blank=True, trim_whitespace=False, default=""
    )
    header = serializers.CharField(
        max_length=100, allow_blank=True, default="", help_text="The name, for `header`."
    )
    size_bytes = serializers.IntegerField(
        min_value=0, max_value=language.MAX_SIZE_BYTES, default=0, help_text="For `size`."
    )
    score = serializers.FloatField(
        min_value=-language.MAX_SCORE, max_value=language.MAX_SCORE, default=0.0, help_text="For `score`."
    )
    is_negated = serializers.BooleanField(default=False)


class ActionBody(StrictSerializer):
    do = serializers.ChoiceField(
        choices=KINDS, help_text="`file` lies there instead of in the inbox, `label` beside it."
    )
    mailbox_id = IdField(required=False, allow_null=True, help_text="For `file` and `label`.")
    forward_id = IdField(required=False, allow_null=True, help_text="For `forward`: a confirmed one.")
    template_id = IdField(required=False, allow_null=True, help_text="For `answer`.")


def _conditions(**options: Any) -> serializers.ListField:
    return serializers.ListField(
        child=ConditionBody(), min_length=1, max_length=language.MAX_CONDITIONS, **options
    )


def _actions(**options: Any) -> serializers.ListField:
    return serializers.ListField(child=ActionBody(), min_length=1, max_length=language.MAX_ACTIONS, **options)


class RuleParts(StrictSerializer):
    match = serializers.ChoiceField(choices=MATCHES, required=False)
    conditions = _conditions(required=False)
    actions = _actions(required=False)


class NewRule(StrictSerializer):
    account_id = IdField(required=False)
    name = serializers.CharField(max_length=language.MAX_NAME)
    is_enabled = serializers.BooleanField(default=True)
    position = serializers.IntegerField(min_value=1, max_value=language.MAX_RULES, required=False)
    match = serializers.ChoiceField(choices=MATCHES, default="all")
    conditions = _conditions()
    actions = _actions()


class RuleChange(RuleParts):
    name = serializers.CharField(max_length=language.MAX_NAME, required=False)
    is_enabled = serializers.BooleanField(required=False)
    position = serializers.IntegerField(min_value=1, max_value=language.MAX_RULES, required=False)


class RulePreview(RuleParts):
    """A rule that is there, or one that is being written."""

    rule_id = IdField(required=False)
    account_id = IdField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        written = {"account_id", "match", "conditions", "actions"} & set(attrs)
        if "rule_id" in attrs and written:
            text = "A rule that is there says this itself."
            raise ValidationError({n: [ErrorDetail(text, code="unknown_field")] for n in sorted(written)})
        if "rule_id" not in attrs and "conditions" not in attrs:
            raise ValidationError({"conditions": [ErrorDetail("This field is required.", code="required")]})
        return attrs


def content_of(given: dict[str, Any]) -> Content:
    """What a body says of a rule that is not there yet."""
    return change_of(given).on(Content(is_any=False, conditions=(), actions=()))


def change_of(given: dict[str, Any]) -> Change:
    return Change(
        name=given.get("name"),
        is_enabled=given.get("is_enabled"),
        is_any=given["match"] == "any" if "match" in given else None,
        conditions=tuple(map(_condition, given["conditions"])) if "conditions" in given else None,
        actions=tuple(map(_action, given["actions"])) if "actions" in given else None,
        position=given.get("position"),
    )


def _condition(given: dict[str, Any]) -> Condition:
    return Condition(
        field=Field(given["field"]),
        op=Op(given["op"]),
        value=given["value"],
        header=given["header"],
        size_bytes=given["size_bytes"],
        score=given["score"],
        is_negated=given["is_negated"],
    )


def _action(given: dict[str, Any]) -> Action:
    return Action(
        kind=Kind(given["do"]),
        mailbox_id=given.get("mailbox_id"),
        forward_id=given.get("forward_id"),
        template_id=given.get("template_id"),
    )


# --- answers --------------------------------------------------------------------------------------


class RuleCondition(Shape):
    field = serializers.ChoiceField(choices=FIELDS)
    op = serializers.ChoiceField(choices=OPS)
    value = serializers.CharField()
    header = serializers.CharField()
    size_bytes = serializers.IntegerField()
    score = serializers.FloatField()
    is_negated = serializers.BooleanField()


class RuleAction(Shape):
    do = serializers.ChoiceField(choices=KINDS)
    mailbox_id = IdField(allow_null=True)
    forward_id = IdField(allow_null=True)
    template_id = IdField(allow_null=True)


class RuleRun(Shape):
    id = IdField()
    rule_id = IdField(allow_null=True)
    state = serializers.ChoiceField(choices=RUN_STATES)
    total = serializers.IntegerField(help_text="E-mails there were when it began, about.")
    looked_at = serializers.IntegerField()
    changed = serializers.IntegerField()
    put_back = serializers.IntegerField()
    can_undo = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class Rule(Shape):
    id = IdField()
    account_id = IdField()
    name = serializers.CharField()
    position = serializers.IntegerField()
    is_enabled = serializers.BooleanField()
    is_broken = serializers.BooleanField(help_text="It names a mailbox that is gone, and is passed over.")
    match = serializers.ChoiceField(choices=MATCHES)
    conditions = RuleCondition(many=True)
    actions = RuleAction(many=True)
    last_run = RuleRun(allow_null=True)


class Rules(Shape):
    items = Rule(many=True)


class Touched(Shape):
    email_id = IdField()
    thread_id = IdField()
    vars()["from"] = Addr(many=True)
    subject = serializers.CharField()
    received_at = serializers.DateTimeField()
    conditions = serializers.ListField(
        child=serializers.IntegerField(), help_text="Those met, counted from 0."
    )
    reason = serializers.CharField()
    forwards_to = serializers.ListField(
        child=serializers.CharField(), help_text="Where it would have gone on to; nowhere if it came round."
    )
    is_answered = serializers.BooleanField(
        help_text="Whether it would have been answered: not lists, programs and oneself."
    )


class RulePreviewed(Shape):
    looked_at = serializers.IntegerField()
    matched = serializers.IntegerField()
    items = Touched(many=True)
