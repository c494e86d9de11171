"""Texts to write with."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    IF_MATCH,
    IdField,
    StrictSerializer,
    answered,
    asked,
    conditional,
    parsed,
)
from posthouse.delivery.api.account import ACCOUNT, asked_account
from posthouse.delivery.writing import templates
from posthouse.identity.api.authentication import actor_of

TAG = "templates"
TEMPLATE = {
    "id": "58769341962780013",
    "account_id": "58769341962780001",
    "is_shared": False,
    "name": "Thanks",
    "subject": "Thank you, {{first_name|dear reader}}",
    "html": "<p>Dear {{name}},</p><p>we have got your mail.</p>",
    "created_at": "2026-11-21T07:20:00.000Z",
}
FIELDS = (
    "In `subject` and `html` `{{name}}`, `{{first_name}}`, `{{email}}` and `{{domain}}` are the recipient's."
)


def _html(**options: Any) -> serializers.CharField:
    return serializers.CharField(
        max_length=templates.MAX_HTML_CHARS, trim_whitespace=False, help_text=FIELDS, **options
    )


class NewTemplate(StrictSerializer):
    account_id = IdField(required=False)
    is_shared = serializers.BooleanField(default=False, help_text="For everybody in the organisation.")
    name = serializers.CharField(max_length=100)
    subject = serializers.CharField(max_length=500, allow_blank=True, default="")
    html = _html()


class TemplateChange(StrictSerializer):
    name = serializers.CharField(max_length=100, required=False)
    subject = serializers.CharField(max_length=500, allow_blank=True, required=False)
    html = _html(required=False)


class TemplateShape(serializers.Serializer[Any]):
    id = IdField()
    account_id = IdField(allow_null=True)
    is_shared = serializers.BooleanField()
    name = serializers.CharField()
    subject = serializers.CharField()
    html = serializers.CharField()
    created_at = serializers.DateTimeField()


class TemplateList(serializers.Serializer[Any]):
    items = TemplateShape(many=True)


class TemplatesView(APIView):
    @extend_schema(
        operation_id="templates",
        tags=[TAG],
        parameters=[ACCOUNT],
        responses=TemplateList,
        examples=[answered({"items": [TEMPLATE]})],
    )
    def get(self, request: Request) -> Response:
        """An account's templates and the organisation's, by name."""
        account_id = asked_account(request)
        return Response({"items": templates.templates(actor_of(request), account_id)})

    @extend_schema(
        operation_id="template_create",
        tags=[TAG],
        request=NewTemplate,
        responses={201: TemplateShape},
        examples=[
            asked({name: TEMPLATE[name] for name in ("name", "subject", "html")}),
            answered(TEMPLATE, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Make one; for everybody (`is_shared`) it takes `organisation.manage`. HTML is cleaned. 409 `too_many`."""
        actor, given = actor_of(request), parsed(NewTemplate, request)
        made = templates.create_template(actor, given.pop("account_id", None), **given)
        return Response(templates.template(actor, made), status=201)


class TemplateView(APIView):
    @extend_schema(
        operation_id="template", tags=[TAG], responses=TemplateShape, examples=[answered(TEMPLATE)]
    )
    def get(self, request: Request, template_id: int) -> Response:
        """One template."""
        return Response(templates.template(actor_of(request), template_id))

    @extend_schema(
        operation_id="template_update",
        tags=[TAG],
        parameters=[IF_MATCH],
        request=TemplateChange,
        responses=TemplateShape,
        examples=[asked({"name": "Many thanks"}), answered(TEMPLATE | {"name": "Many thanks"})],
    )
    def patch(self, request: Request, template_id: int) -> Response:
        """Change it."""
        actor, given = actor_of(request), parsed(TemplateChange, request)
        return conditional.changed(
            request,
            lambda: templates.template(actor, template_id),
            lambda: templates.change_template(actor, template_id, **given),
        )

    @extend_schema(operation_id="template_delete", tags=[TAG], responses={204: None})
    def delete(self, request: Request, template_id: int) -> Response:
        """Remove it. 409 `template_in_use`."""
        templates.delete_template(actor_of(request), template_id)
        return Response(status=204)
