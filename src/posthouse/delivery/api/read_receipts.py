"""A receipt of reading that somebody asks for."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import StrictSerializer, asked, parsed
from posthouse.base.limits import SEND
from posthouse.delivery.reading import read_receipts
from posthouse.identity.api.authentication import actor_of


class ReceiptAnswer(StrictSerializer):
    answer = serializers.ChoiceField(
        choices=["send", "decline"], help_text="`decline` tells nobody, and is not asked again."
    )


class ReceiptView(APIView):
    bucket = SEND
    scopes = {"POST": "mail:send"}

    @extend_schema(
        operation_id="email_receipt",
        tags=["emails"],
        request=ReceiptAnswer,
        responses={204: None},
        examples=[asked({"answer": "send"})],
    )
    def post(self, request: Request, email_id: int) -> Response:
        """Answer the wish of `receipt_to` to hear that an e-mail was read (RFC 8098), once.

        409 `no_receipt_wanted`. The receipt goes from the address that the e-mail was written to.
        """
        answer = parsed(ReceiptAnswer, request)["answer"]
        act = read_receipts.send if answer == "send" else read_receipts.decline
        act(actor_of(request), email_id)
        return Response(status=204)
