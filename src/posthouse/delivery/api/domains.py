"""How a domain stands in the world."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import Parameters, answered
from posthouse.delivery import doctor, domain_reports
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
