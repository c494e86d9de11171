"""Rules: what is to be done with mail that comes in, and tried on mail that is here."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IF_MATCH, conditional, parsed
from posthouse.delivery.api import rule_bodies as bodies
from posthouse.delivery.api.account import ACCOUNT, asked_account
from posthouse.delivery.rules import actions, asking, queries
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of

TAG = "rules"


class RulesView(APIView):
    @extend_schema(operation_id="rules", tags=[TAG], parameters=[ACCOUNT], responses=bodies.Rules)
    def get(self, request: Request) -> Response:
        """An account's rules, in the order in which they are asked."""
        return Response({"items": queries.rules(actor_of(request), asked_account(request))})

    @extend_schema(
        operation_id="rule_create", tags=[TAG], request=bodies.NewRule, responses={201: bodies.Rule}
    )
    def post(self, request: Request) -> Response:
        """Make a rule: the last, or at `position`. 400 `bad_rule`, 409 `too_many_rules`."""
        actor, given = actor_of(request), parsed(bodies.NewRule, request)
        rule_id = actions.create_rule(
            actor,
            account_id=given.get("account_id"),
            name=given["name"],
            content=bodies.content_of(given),
            is_enabled=given["is_enabled"],
            position=given.get("position"),
        )
        return Response(queries.rule(actor, rule_id), status=201)


def _version(actor: Actor, rule_id: int) -> str:
    """Of what one may change; a run that goes on does not touch it."""
    body = queries.rule(actor, rule_id)
    return conditional.digest({name: value for name, value in body.items() if name != "last_run"})


class RuleView(APIView):
    @extend_schema(operation_id="rule", tags=[TAG], responses=bodies.Rule)
    def get(self, request: Request, rule_id: int) -> HttpResponse:
        """One rule."""
        actor = actor_of(request)
        body = queries.rule(actor, rule_id)
        etag = conditional.tag(_version(actor, rule_id), conditional.digest(body["last_run"]))
        return conditional.answer(request, etag, lambda: body)

    @extend_schema(
        operation_id="rule_update",
        tags=[TAG],
        parameters=[IF_MATCH],
        request=bodies.RuleChange,
        responses=bodies.Rule,
    )
    def patch(self, request: Request, rule_id: int) -> Response:
        """Change it; a `position` moves it and leaves the others in their order."""
        actor, given = actor_of(request), parsed(bodies.RuleChange, request)
        change = bodies.change_of(given)
        conditional.guarded(
            request, lambda: _version(actor, rule_id), lambda: actions.update_rule(actor, rule_id, change)
        )
        return Response(queries.rule(actor, rule_id))

    @extend_schema(operation_id="rule_delete", tags=[TAG], parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, rule_id: int) -> Response:
        """Remove it. What it did to mail stays."""
        actor = actor_of(request)
        conditional.guarded(
            request, lambda: _version(actor, rule_id), lambda: actions.delete_rule(actor, rule_id)
        )
        return Response(status=204)


class PreviewView(APIView):
    scopes = {"POST": "mail:read"}

    @extend_schema(
        operation_id="rule_preview",
        tags=[TAG],
        request=bodies.RulePreview,
        responses=bodies.RulePreviewed,
    )
    def post(self, request: Request) -> Response:
        """What a rule would have touched among the last 1,000 e-mails that came in, and why. Changes nothing."""
        actor, given = actor_of(request), parsed(bodies.RulePreview, request)
        account_id = given.get("account_id")
        if "rule_id" in given:
            content, account_id = queries.content_and_account(actor, given["rule_id"])
        else:
            content = bodies.content_of(given)
        return Response(asking.preview(actor, account_id=account_id, content=content))


class ApplyView(APIView):
    @extend_schema(operation_id="rule_apply", tags=[TAG], request=None, responses={202: bodies.RuleRun})
    def post(self, request: Request, rule_id: int) -> Response:
        """Do what it says to the mail that is here, outside Drafts, Sent, Junk and Trash; follow it by the run.

        409 `rule_broken`, `rule_at_work`.
        """
        actor = actor_of(request)
        return Response(queries.run(actor, actions.apply_rule(actor, rule_id)), status=202)


class RunView(APIView):
    @extend_schema(operation_id="rule_run", tags=[TAG], responses=bodies.RuleRun)
    def get(self, request: Request, run_id: int) -> Response:
        """How far it is."""
        return Response(queries.run(actor_of(request), run_id))


class UndoView(APIView):
    @extend_schema(operation_id="rule_undo", tags=[TAG], request=None, responses={202: bodies.RuleRun})
    def post(self, request: Request, run_id: int) -> Response:
        """Put back what a run changed, except what somebody has moved since. 409 `nothing_to_undo`."""
        actor = actor_of(request)
        actions.undo_run(actor, run_id)
        return Response(queries.run(actor, run_id), status=202)
