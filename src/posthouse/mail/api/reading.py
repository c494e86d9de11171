"""E-mails and threads in full, and the bytes of their parts."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base import thumbnails
from posthouse.base.api import (
    IF_MATCH,
    Parameters,
    conditional,
    fields_parameter,
    only,
    parsed,
    small_picture,
)
from posthouse.identity import links
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import (
    BearerAuthentication,
    CookieAuthentication,
    SignedLinkAuthentication,
    actor_of,
)
from posthouse.mail import access, actions, content, queries, roles
from posthouse.mail.access import Right
from posthouse.mail.api import bodies, rows, schemas
from posthouse.wire.html import FRAME_HEADERS, RemotePolicy, document, sanitize, text_to_html
from posthouse.wire.html.sanitize import SafeHtml

MAX_THREAD_EMAILS = 500
EMAIL_FIELDS = tuple(schemas.Email().fields)
SAFE_TYPES = frozenset(
    {"application/pdf", "application/zip", "text/plain", "text/csv", "text/calendar", "message/rfc822",
     "image/png", "image/jpeg", "image/gif", "image/webp"}
)  # fmt: skip
"""What a browser may be told about; everything else is bytes to be saved."""
PART_CSP = "default-src 'none'; sandbox; frame-ancestors 'none'"


class ThreadView(APIView):
    deliveries: rows.Deliveries = staticmethod(rows.no_deliveries)
    filings: rows.Filings = staticmethod(rows.no_filing)
    verdicts: rows.Verdicts = staticmethod(rows.no_verdict)

    @extend_schema(operation_id="thread", tags=["threads"], responses=schemas.Thread)
    def get(self, request: Request, thread_id: int) -> HttpResponse:
        """A thread with all its e-mails in full, oldest first."""
        actor = actor_of(request)
        refs = access.thread_emails_for(actor, [thread_id], need=Right.READ)[-MAX_THREAD_EMAILS:]
        account_id = refs[0].account_id
        state = queries.state(account_id)

        def make() -> dict[str, Any]:
            emails = rows.emails_json(actor, refs, self.deliveries, self.filings, self.verdicts)
            return {
                "id": str(thread_id),
                "account_id": str(account_id),
                "subject": emails[0]["subject"] if emails else "",
                "state": str(state),
                "emails": emails,
            }

        return conditional.answer(request, conditional.tag(state, conditional.hour()), make)


def one_email(
    request: Request,
    email_id: int,
    deliveries: rows.Deliveries,
    filings: rows.Filings,
    verdicts: rows.Verdicts,
) -> HttpResponse:
    actor, fields = actor_of(request), Parameters(request.query_params, "fields").fields(EMAIL_FIELDS)
    ref = access.email_for(actor, email_id, need=Right.READ)
    etag = rows.email_tag(ref)

    def make() -> Any:
        return only([rows.email_json(actor, ref, deliveries, filings, verdicts)], fields)[0]

    return conditional.answer(request, etag, make)


class EmailView(APIView):
    deliveries: rows.Deliveries = staticmethod(rows.no_deliveries)
    filings: rows.Filings = staticmethod(rows.no_filing)
    verdicts: rows.Verdicts = staticmethod(rows.no_verdict)

    @extend_schema(
        operation_id="email",
        tags=["emails"],
        parameters=[fields_parameter(EMAIL_FIELDS)],
        responses=schemas.Email,
    )
    def get(self, request: Request, email_id: int) -> HttpResponse:
        """One e-mail in full."""
        return one_email(request, email_id, self.deliveries, self.filings, self.verdicts)

    @extend_schema(
        operation_id="email_update",
        tags=["emails"],
        parameters=[IF_MATCH],
        request=bodies.EmailChange,
        responses=schemas.EmailRow,
    )
    def patch(self, request: Request, email_id: int) -> Response:
        """Change flags; `keywords` replaces them all."""
        actor, given = actor_of(request), parsed(bodies.EmailChange, request)
        change, words = bodies.flag_change(given), given.get("keywords")

        def act() -> None:
            actions.update_email(
                actor, email_id, set_bits=change.set_bits, clear_bits=change.clear_bits, keywords=words
            )

        conditional.guarded(request, lambda: access.version_of_email_for(actor, email_id), act)
        ref = access.email_for(actor, email_id, need=Right.READ)
        return Response(queries.emails([email_id])[0], headers={"ETag": rows.email_tag(ref)})

    @extend_schema(
        operation_id="email_delete",
        tags=["emails"],
        parameters=[IF_MATCH, OpenApiParameter("permanent", bool, description="For good, wherever it lies.")],
        responses={204: None},
    )
    def delete(self, request: Request, email_id: int) -> Response:
        """To Trash; for good with `permanent`, or when it lies in Trash already."""
        actor, asked = actor_of(request), Parameters(request.query_params, "permanent")
        permanent = asked.boolean("permanent")

        def act() -> None:
            if permanent or roles.is_in(email_id, "trash"):
                actions.destroy_emails(actor, [email_id])
            else:
                actions.trash_emails(actor, [email_id])

        conditional.guarded(request, lambda: access.version_of_email_for(actor, email_id), act)
        return Response(status=204)


class NamedEmailView(APIView):
    deliveries: rows.Deliveries = staticmethod(rows.no_deliveries)
    filings: rows.Filings = staticmethod(rows.no_filing)
    verdicts: rows.Verdicts = staticmethod(rows.no_verdict)

    @extend_schema(
        operation_id="mail_get_mail",
        tags=["mail"],
        parameters=[fields_parameter(EMAIL_FIELDS)],
        responses=schemas.Email,
    )
    def get(self, request: Request, email_id: int) -> HttpResponse:
        """One e-mail in full; the same as `email` under the name of requirement G9."""
        return one_email(request, email_id, self.deliveries, self.filings, self.verdicts)


class RawView(APIView):
    @extend_schema(
        operation_id="email_raw", tags=["emails"], responses={(200, "message/rfc822"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, email_id: int) -> HttpResponse:
        """The bytes exactly as received."""
        response = HttpResponse(content.raw_for(actor_of(request), email_id), content_type="message/rfc822")
        response["Content-Disposition"] = f'attachment; filename="{email_id}.eml"'
        response["Content-Security-Policy"] = PART_CSP
        return response


class PartView(APIView):
    authentication_classes = (SignedLinkAuthentication, BearerAuthentication, CookieAuthentication)

    @extend_schema(
        operation_id="email_part",
        tags=["emails"],
        parameters=[OpenApiParameter("preview", bool, description="Show a picture in place.")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, email_id: int, number: str) -> HttpResponse:
        """An attachment, decoded."""
        asked = Parameters(request.query_params, "sig", "preview")
        part = content.part_of(content.content_for(actor_of(request), email_id), number)
        shown = part.image_type if asked.boolean("preview") else None
        kind = part.content_type if part.content_type in SAFE_TYPES else "application/octet-stream"
        response = HttpResponse(part.content, content_type=shown or kind)
        name = quote(part.filename.encode("utf-8", "replace"), safe="")
        response["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{name}"
        response["Content-Security-Policy"] = PART_CSP
        response["Cache-Control"] = "private, max-age=86400, immutable"
        return response


class PartThumbnailView(APIView):
    authentication_classes = (SignedLinkAuthentication, BearerAuthentication, CookieAuthentication)

    @extend_schema(
        operation_id="email_part_thumbnail",
        tags=["emails"],
        responses={(200, thumbnails.CONTENT_TYPE): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, email_id: int, number: str) -> HttpResponse:
        """A small picture of an attachment that is one."""
        Parameters(request.query_params, "sig")
        return small_picture(content.thumbnail_for(actor_of(request), email_id, number))


class HtmlView(APIView):
    authentication_classes = (SignedLinkAuthentication, BearerAuthentication, CookieAuthentication)

    @extend_schema(
        operation_id="email_html",
        tags=["emails"],
        parameters=[
            OpenApiParameter("images", bool, description="Load remote images, through us."),
            OpenApiParameter("dark", bool, description="For a dark page, where the mail allows it."),
        ],
        responses={(200, "text/html"): OpenApiTypes.STR},
    )
    def get(self, request: Request, email_id: int) -> HttpResponse:
        """The e-mail as a page for a sandboxed frame: cleaned, nothing loaded from elsewhere unless asked."""
        asked = Parameters(request.query_params, "sig", "images", "dark")
        found = content.content_for(actor_of(request), email_id)
        safe = _safe(actor_of(request), found, has_images=bool(asked.boolean("images")))
        response = HttpResponse(document(safe, dark=bool(asked.boolean("dark"))))
        for name, value in FRAME_HEADERS.items():
            response[name] = value
        response["Cache-Control"] = "private, max-age=600"
        return response


def _safe(actor: Actor, found: content.Content, *, has_images: bool) -> SafeHtml:
    html = found.html
    if html is None:
        return SafeHtml(html=text_to_html(found.text()))

    def part(content_id: str) -> str | None:
        number = content.part_with_id(found, content_id)
        return None if number is None else rows.part_url(actor, found.ref.id, number, shown=True)

    def through_us(url: str) -> str:
        return links.remote_image(actor, url)

    return sanitize(html, cid=part, remote=RemotePolicy(proxy=through_us if has_images else None))
