"""How a domain stands in the world."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import answered
from posthouse.delivery import doctor
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
