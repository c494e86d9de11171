"""Failures in HTTP's language: RFC 9457 problem+json, with a stable `code` and the request's id.

One table from the kind of a failure to a status. What is not yours and what does not exist give the same
bytes. What nobody foresaw is a 500 whose request id finds the log line; its text stays in the log.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from posthouse.base.api.rendering import dumps
from posthouse.base.errors import Failure, Kind

log = structlog.get_logger(__name__)

STATUS = {
    Kind.INVALID: 400,
    Kind.DENIED: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.LIMITED: 429,
    Kind.TOO_LARGE: 413,
    Kind.UNAVAILABLE: 503,
}
STATUS_OF_CODE = {
    "invalid_credentials": 401,
    "invalid_token": 401,
    "token_revoked": 401,
    "not_authenticated": 401,
    "mfa_required": 401,
    "invalid_code": 401,
    "invalid_challenge": 401,
    "external_login_failed": 401,
    "cannot_calculate_changes": 410,
    "over_quota": 507,
    "precondition_failed": 412,
    "unsupported_media_type": 415,
    "unsupported_tus_version": 412,
    "idempotency_key_reused": 422,
}
TYPES = "/api/v1/problems/"
"""Where the page of a code is (problem_pages.py); a path, since the server may have many names."""
NOT_FOUND_TEXT = "There is nothing here."
UNFORESEEN_TEXT = "Something went wrong here; the request id finds it in the log."
SHOWN_FACTS = {
    "challenge": "challenge",
    "errors": "errors",
    "expires_in_seconds": "expires_in_seconds",
    "limit_bytes": "limit_bytes",
    "methods": "methods",
    "passkey": "passkey",
    "retry_after_seconds": "retry_after_seconds",
    "scope": "scope",
    "violated_policies": "violated-policies",
}
"""Facts of a failure that are shown, and under which name."""
MAX_ERRORS = 100


def problem(
    request: Any,
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    **facts: object,
) -> HttpResponse:
    """The answer as Django sends it; `errors` are {pointer, code, detail}, with RFC 6901 pointers."""
    body = {
        "type": f"{TYPES}{code}/",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": getattr(request, "request_id", ""),
        **facts,
    }
    if errors:
        body["errors"] = list(errors)[:MAX_ERRORS]
    response = HttpResponse(dumps(body), status=status, content_type="application/problem+json")
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def as_problem(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """The exception handler of every view."""
    request = context["request"]
    if isinstance(error, Failure):
        return failure_response(error, request)
    if isinstance(error, Http404 | exceptions.NotFound):
        return not_found(request)
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error, request)
    if isinstance(error, exceptions.APIException):
        return _framework_error(error, request)
    return unforeseen(error, request)


def not_found(request: HttpRequest | Any, *_: object, **__: object) -> HttpResponse:
    return problem(request, 404, "not_found", NOT_FOUND_TEXT)


def failure_response(failure: Failure, request: Any) -> HttpResponse:
    if failure.kind is Kind.MISSING:
        return not_found(request)
    status = STATUS_OF_CODE.get(failure.code, STATUS[failure.kind])
    facts = dict(failure.facts)
    errors = facts.pop("errors", ())
    if pointer := facts.pop("pointer", None):
        errors = [{"pointer": str(pointer), "code": failure.code, "detail": failure.message}]
    headers: dict[str, str] = {}
    if (wait := facts.get("retry_after_seconds")) is not None:
        headers["Retry-After"] = str(wait)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    shown = {SHOWN_FACTS[name]: value for name, value in facts.items() if name in SHOWN_FACTS}
    return problem(request, status, failure.code, failure.message, errors=errors, headers=headers, **shown)  # type: ignore[arg-type]


def broken(request: HttpRequest, *_: object) -> HttpResponse:
    """Django's last resort, when even making the answer failed."""
    return unforeseen(sys.exc_info()[1], request)


def unforeseen(error: BaseException | None, request: Any) -> HttpResponse:
    """Log where it happened, not what it said: the text of an exception may hold somebody's mail."""
    log.error(
        "request.failed_unforeseen",
        request_id=getattr(request, "request_id", ""),
        error=type(error).__name__,
        frames=[f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(_traceback(error))[-12:]],
    )
    return problem(request, 500, "internal_error", UNFORESEEN_TEXT)


def _traceback(error: BaseException | None) -> TracebackType | None:
    return None if error is None else error.__traceback__


_CODES = {
    405: "method_not_allowed",
    406: "not_acceptable",
    415: "unsupported_media_type",
    401: "not_authenticated",
    403: "permission_denied",
    429: "too_many_requests",
}


def _framework_error(error: exceptions.APIException, request: Any) -> HttpResponse:
    headers = {}
    if value := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = value
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    code = _CODES.get(error.status_code, "bad_request")
    return problem(request, error.status_code, code, str(error.detail), headers=headers)


def _invalid(error: exceptions.ValidationError, request: Any) -> HttpResponse:
    errors = list(_flat(error.detail, ""))
    codes = {entry["code"] for entry in errors}
    code = "unknown_field" if "unknown_field" in codes else codes.pop() if len(codes) == 1 else "invalid"
    detail = errors[0]["detail"] if errors else "The request is not valid."
    return problem(request, 400, code, detail, errors=errors)


def _flat(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    if isinstance(detail, dict):
        for name, value in detail.items():
            part = str(name).replace("~", "~0").replace("/", "~1")
            yield from _flat(value, pointer if name == "non_field_errors" else f"{pointer}/{part}")
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from _flat(value, f"{pointer}/{index}" if nested else pointer)
    else:
        yield {"pointer": pointer, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}
