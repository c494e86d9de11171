"""JSON by orjson: rows of hot lists go out with ready-made fragments in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from posthouse.base import clock
from posthouse.base.errors import Invalid, TooLarge

MAX_JSON_BYTES = 8_000_000


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else dumps(data)


def dumps(data: Any) -> bytes:
    """UTF-8 JSON; times as `2026-11-21T07:20:00.123Z`, an `orjson.Fragment` as it stands."""
    return orjson.dumps(data, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return clock.iso(clock.to_ms(value))
    raise TypeError(type(value).__name__)


class JSONParser(BaseParser):
    """Raises TooLarge above MAX_JSON_BYTES and Invalid (malformed_json) for what is no JSON."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(MAX_JSON_BYTES + 1)
        if len(raw) > MAX_JSON_BYTES:
            raise TooLarge("too_large", f"A JSON body has {MAX_JSON_BYTES} bytes at most.")
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise Invalid("malformed_json", f"The body is not JSON: {error}.") from error


def raw_body(max_bytes: int) -> type[BaseParser]:
    """A parser for bodies as they are, whatever they are called; raises TooLarge."""

    class RawBody(BaseParser):
        media_type = "*/*"

        def parse(
            self,
            stream: IO[Any],
            media_type: str | None = None,
            parser_context: Mapping[str, Any] | None = None,
        ) -> Any:
            raw: bytes = stream.read(max_bytes + 1)
            if len(raw) > max_bytes:
                raise TooLarge("too_large", "The file is too large.", limit_bytes=max_bytes)
            return raw

    return RawBody


class AnyAccept(BaseContentNegotiation):
    """One representation per resource, so `Accept` is not asked and no error answer can fail on it."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        for parser in parsers:
            if parser.media_type in (kind, "*/*"):
                return parser
        return None

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type
