"""What one chooses to hear of, the rules, and the devices that are pushed to."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import answered, asked, parsed
from posthouse.identity.api.authentication import actor_of
from posthouse.identity.scopes import SELF
from posthouse.notifications import choosing, endpoints, queries, vapid
from posthouse.notifications.api import bodies

TAG = "notifications"


class SettingsView(APIView):
    @extend_schema(
        operation_id="notification_settings",
        tags=[TAG],
        responses=bodies.NotificationSettings,
        examples=[answered(bodies.SETTINGS)],
    )
    def get(self, request: Request) -> Response:
        """What one hears of, when and how."""
        return Response(queries.settings(actor_of(request)))

    @extend_schema(
        operation_id="notification_settings_update",
        tags=[TAG],
        request=bodies.NotificationSettingsChange,
        responses=bodies.NotificationSettings,
        examples=[asked({"dnd_until": "2026-11-28T14:00:00Z"}), answered(bodies.SETTINGS)],
    )
    def patch(self, request: Request) -> Response:
        """Change what is given. Letters to the address outside ask a session for step-up (403 `step_up_required`)."""
        actor = actor_of(request)
        choosing.change(actor, parsed(bodies.NotificationSettingsChange, request))
        return Response(queries.settings(actor))


class RulesView(APIView):
    @extend_schema(
        operation_id="notification_rules",
        tags=[TAG],
        responses=bodies.NotificationRules,
        examples=[answered({"items": [bodies.RULE]})],
    )
    def get(self, request: Request) -> Response:
        """One's rules: VIPs are those for people with the level `urgent`."""
        return Response({"items": queries.rules(actor_of(request))})

    @extend_schema(
        operation_id="notification_rule_put",
        tags=[TAG],
        request=bodies.NewNotificationRule,
        responses={201: bodies.NotificationRule},
        examples=[
            asked({"source": "person", "value": "boss@example.org", "level": "urgent"}),
            answered(bodies.RULE, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Make a rule, or change the level of the one about the same."""
        made = choosing.put_rule(actor_of(request), **parsed(bodies.NewNotificationRule, request))
        return Response(queries.rule_json(made), status=201)


class RuleView(APIView):
    @extend_schema(operation_id="notification_rule_delete", tags=[TAG], responses={204: None})
    def delete(self, request: Request, rule_id: int) -> Response:
        """Take a rule back."""
        choosing.delete_rule(actor_of(request), rule_id)
        return Response(status=204)


class DevicesView(APIView):
    scopes = {"*": SELF}

    @extend_schema(
        operation_id="push_devices",
        tags=[TAG],
        responses=bodies.PushDevices,
        examples=[
            answered({"items": [bodies.DEVICE], "public_key": bodies.SUBSCRIPTION["keys"]["p256dh"]})  # type: ignore[index]
        ],
    )
    def get(self, request: Request) -> Response:
        """One's own devices, and the key that a browser subscribes with."""
        return Response({"items": queries.devices(actor_of(request)), "public_key": vapid.current().public})

    @extend_schema(
        operation_id="push_device_add",
        tags=[TAG],
        request=bodies.NewPushDevice,
        responses={201: bodies.PushDevice},
        examples=[asked(bodies.SUBSCRIPTION), answered(bodies.DEVICE, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Push to this browser (`PushSubscription.toJSON()`) as long as its session lives. 400 `invalid_push_key`."""
        given, actor = parsed(bodies.NewPushDevice, request), actor_of(request)
        made = endpoints.subscribe(
            actor, url=given["endpoint"], public=given["keys"]["p256dh"], secret=given["keys"]["auth"]
        )
        return Response(queries.device_json(actor, made), status=201)


class DeviceView(APIView):
    scopes = {"*": SELF}

    @extend_schema(operation_id="push_device_remove", tags=[TAG], responses={204: None})
    def delete(self, request: Request, device_id: int) -> Response:
        """Push to it no more."""
        endpoints.unsubscribe(actor_of(request), device_id)
        return Response(status=204)


class DeviceTestView(APIView):
    scopes = {"*": SELF}

    @extend_schema(operation_id="push_device_test", tags=[TAG], request=None, responses={202: None})
    def post(self, request: Request, device_id: int) -> Response:
        """Have it show something."""
        endpoints.send_test(actor_of(request), device_id)
        return Response(status=202)
