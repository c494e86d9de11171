"""How a domain stands in the world."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import Parameters, StrictSerializer, answered, asked, parsed
from posthouse.delivery.domains import doctor, domain_reports, key_rotation
from posthouse.identity import organisations
from posthouse.identity.api.authentication import actor_of

FINDING = {
    "topic": "mx",
    "name": "posthouse.test",
    "state": "missing",
    "found": [],
    "advice": "Publish MX 10 mail.posthouse.test. so that mail for posthouse.test comes here.",
}


class FindingShape(serializers.Serializer[object]):
    topic = serializers.ChoiceField(
        choices=["mx", "address", "reverse", "spf", "dkim", "dmarc", "port", "tls"]
    )
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=list(doctor.STATES))
    found = serializers.ListField(child=serializers.CharField())
    advice = serializers.CharField(allow_blank=True)


class FindingList(serializers.Serializer[object]):
    items = FindingShape(many=True)


class SourceShape(serializers.Serializer[object]):
    address = serializers.CharField(help_text="The address of a server.")
    messages = serializers.IntegerField()
    aligned = serializers.IntegerField(help_text="How many are proved to be of the domain.")
    kept_away = serializers.IntegerField(help_text="How many were filed as junk or refused.")
    signed_by = serializers.CharField(allow_null=True, help_text="A domain whose signature held.")
    sent_by = serializers.CharField(allow_null=True, help_text="A domain that lets the server send (SPF).")
    reporters = serializers.IntegerField(help_text="How many told of it.")


class DmarcSummary(serializers.Serializer[object]):
    reports = serializers.IntegerField()
    last_at = serializers.DateTimeField(allow_null=True)
    messages = serializers.IntegerField()
    aligned = serializers.IntegerField()
    sources = SourceShape(many=True)


class FailingShape(serializers.Serializer[object]):
    kind = serializers.CharField(help_text="A result type of RFC 8460 §4.3.")
    server = serializers.CharField(allow_null=True)
    sessions = serializers.IntegerField()
    reporters = serializers.IntegerField()


class TlsSummary(serializers.Serializer[object]):
    reports = serializers.IntegerField()
    last_at = serializers.DateTimeField(allow_null=True)
    successes = serializers.IntegerField()
    failures = serializers.IntegerField()
    failing = FailingShape(many=True)


class DomainReports(serializers.Serializer[object]):
    dmarc = DmarcSummary()
    tls = TlsSummary()


REPORTS = {
    "dmarc": {
        "reports": 14,
        "last_at": "2026-11-28T00:00:00.000Z",
        "messages": 1_208,
        "aligned": 1_190,
        "sources": [
            {
                "address": "192.0.2.25",
                "messages": 1_190,
                "aligned": 1_190,
                "kept_away": 0,
                "signed_by": "posthouse.test",
                "sent_by": "posthouse.test",
                "reporters": 3,
            }
        ],
    },
    "tls": {
        "reports": 7,
        "last_at": "2026-11-28T00:00:00.000Z",
        "successes": 800,
        "failures": 0,
        "failing": [],
    },
}


class ReportsView(APIView):
    scopes = {"GET": "admin:read"}

    @extend_schema(
        operation_id="domain_reports",
        tags=["organisation"],
        parameters=[OpenApiParameter("days", int, description="1 to 90; 30 if left out.")],
        responses=DomainReports,
        examples=[answered(REPORTS)],
    )
    def get(self, request: Request, domain_id: int) -> Response:
        """Who sends in the domain's name, and whether others reach it safely, as other servers report it."""
        days = Parameters(request.query_params, "days").number("days", 30, low=1, high=90)
        return Response(domain_reports.summary(actor_of(request), domain_id, days=days))


class ScheduleShape(serializers.Serializer[object]):
    every_days = serializers.IntegerField(allow_null=True, help_text="Null: only by hand.")
    made_at = serializers.DateTimeField(allow_null=True, help_text="When the newest pair was made.")
    published_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when the DNS has been seen to have it."
    )
    next_at = serializers.DateTimeField(
        allow_null=True, help_text="When the next is made, if this one is published."
    )


class ScheduleChange(StrictSerializer):
    every_days = serializers.IntegerField(
        min_value=key_rotation.LEAST_DAYS, max_value=key_rotation.MOST_DAYS, allow_null=True
    )


SCHEDULE = {
    "every_days": 180,
    "made_at": "2026-11-01T09:00:00.000Z",
    "published_at": "2026-11-02T09:00:00.000Z",
    "next_at": "2027-04-30T09:00:00.000Z",
}


class ScheduleView(APIView):
    scopes = {"GET": "admin:read", "PATCH": "admin:write"}

    @extend_schema(
        operation_id="domain_keys_schedule",
        tags=["organisation"],
        responses=ScheduleShape,
        examples=[answered(SCHEDULE)],
    )
    def get(self, request: Request, domain_id: int) -> Response:
        """How often the domain gets new keys to sign its mail with (DKIM), and how it stands with the newest."""
        return Response(key_rotation.as_json(actor_of(request), domain_id))

    @extend_schema(
        operation_id="domain_keys_schedule_update",
        tags=["organisation"],
        request=ScheduleChange,
        responses=ScheduleShape,
        examples=[asked({"every_days": 180}), answered(SCHEDULE)],
    )
    def patch(self, request: Request, domain_id: int) -> Response:
        """A new pair is made when the newest is so old, and published; administrators get its records by mail."""
        actor = actor_of(request)
        key_rotation.plan(actor, domain_id, every_days=parsed(ScheduleChange, request)["every_days"])
        return Response(key_rotation.as_json(actor, domain_id))


class CheckView(APIView):
    @extend_schema(
        operation_id="domain_check",
        tags=["organisation"],
        request=None,
        responses=FindingList,
        examples=[answered({"items": [FINDING]})],
    )
    def post(self, request: Request, domain_id: int) -> Response:
        """Look at the domain's DNS and at our own door as others see them, and say what to do. Changes nothing.

        It asks the network, so it may take some seconds.
        """
        actor = actor_of(request)
        actor.require("domains.manage")
        domain = organisations.domain_for(actor, domain_id)
        findings = asyncio.run(doctor.examine(domain.name))
        return Response({"items": [asdict(one) for one in findings]})
