"""The log as its readers see it: one's own, or for administrators the organisation's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, cast

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.audit import actions, queries
from posthouse.audit.acts import Act
from posthouse.audit.api import exporting
from posthouse.audit.api.serializers import LINE, AuditPageSerializer
from posthouse.audit.queries import Filter
from posthouse.audit.who import Reader
from posthouse.base import clock
from posthouse.base.api import Parameters, decode_cursor, encode_cursor
from posthouse.base.errors import Invalid

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
FILTERS = [
    OpenApiParameter("mine", bool, description="Only one's own acts and those on one's account."),
    OpenApiParameter("act", str, description="`login.failed`, or `login.` for the family."),
    OpenApiParameter("actor", str, description="Who did it: a user's id."),
    OpenApiParameter("object_kind", str, description="`mailbox`, `email`, `user`, …"),
    OpenApiParameter("object", str, description="The object's id."),
    OpenApiParameter("via", str, description="The door: `http`, `imap`, `smtp`, `cli`, `job`."),
    OpenApiParameter("ip", str),
    OpenApiParameter("outcome", str, enum=["ok", "refused"]),
    OpenApiParameter("from", OpenApiTypes.DATETIME, description="Not before this moment."),
    OpenApiParameter("to", OpenApiTypes.DATETIME, description="Before this moment."),
]
_NAMES = tuple(parameter.name for parameter in FILTERS)


def reader_of(request: Request) -> Reader:
    """This room lies below identity, and knows the caller by shape."""
    return cast(Reader, cast(Any, request.user).actor)


def _filter(asked: Parameters) -> Filter:
    return Filter(
        mine=bool(asked.boolean("mine")),
        act=asked.text("act"),
        actor_id=asked.identifier("actor"),
        object_kind=asked.text("object_kind"),
        object_id=asked.text("object"),
        via=asked.text("via"),
        ip=asked.text("ip"),
        outcome=asked.text("outcome"),
        from_ms=_moment(asked, "from"),
        to_ms=_moment(asked, "to"),
    )


def _moment(asked: Parameters, name: str) -> int | None:
    if name not in asked:
        return None
    text = asked.text(name)
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return clock.to_ms(moment)
    except (ValueError, OverflowError):
        pass
    raise Invalid("invalid_parameter", f"{name} is a moment with its zone, such as 2026-11-21T07:20:00Z.")


class AuditView(APIView):
    @extend_schema(
        operation_id="audit",
        tags=["audit"],
        parameters=[
            *FILTERS,
            OpenApiParameter("limit", int, description=f"1 to {MAX_LIMIT}; {DEFAULT_LIMIT} if left out."),
            OpenApiParameter("cursor", str, description="`next` of the page before."),
        ],
        responses=AuditPageSerializer,
    )
    def get(self, request: Request) -> Response:
        """The audit log, newest first: one's own lines; for administrators those of the organisation."""
        asked = Parameters(request.query_params, *_NAMES, "limit", "cursor")
        reader, wanted = reader_of(request), _filter(asked)
        limit = asked.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
        scope = f"audit {reader.organisation_id} {reader.user_id} {wanted.scope}"
        cursor = asked.text("cursor")
        below = decode_cursor(cursor, scope=scope)[0] if cursor else None
        page = queries.page(reader, wanted, below=below, limit=limit)
        following = None if page.next is None else encode_cursor(page.next, 0, scope=scope)
        return Response({"items": page.items, "next": following})


class AuditExportView(APIView):
    @extend_schema(
        operation_id="audit_export",
        tags=["audit"],
        parameters=[
            *FILTERS,
            OpenApiParameter("format", str, enum=sorted(exporting.FORMATS), default="jsonl"),
        ],
        responses={(200, "application/jsonl"): OpenApiTypes.STR, (200, "text/csv"): OpenApiTypes.STR},
        examples=[
            OpenApiExample("A line", value=LINE, response_only=True, media_type="application/jsonl"),
            OpenApiExample(
                "Names and a line",
                value="sequence,at,act,outcome,…\r\n42,2026-11-21T07:20:00.123Z,login.ok,ok,…\r\n",
                response_only=True,
                media_type="text/csv",
            ),
        ],
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """The same lines, all of them, as CSV or JSON lines. Exporting is itself recorded."""
        asked = Parameters(request.query_params, *_NAMES, "format")
        reader, wanted, name = reader_of(request), _filter(asked), asked.text("format", "jsonl")
        if name not in exporting.FORMATS:
            raise Invalid("invalid_parameter", "format is csv or jsonl.")
        actions.record(reader, Act.AUDIT_EXPORTED, facts={"format": name, "mine": wanted.mine})
        content: Iterator[bytes] = exporting.FORMATS[name].write(queries.lines(reader, wanted))
        answer = StreamingHttpResponse(content, content_type=exporting.FORMATS[name].content_type)
        answer["Content-Disposition"] = f'attachment; filename="audit.{name}"'
        return answer
