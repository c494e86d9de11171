"""What every REST view shares: JSON in and out, problems, strict fields, cursors, signed links.

Imports no `rest_framework.views`: Django REST framework loads the classes named in its settings while that
module is being made.
"""

from posthouse.base.api.cursors import (
    decode_cursor,
    decode_text_cursor,
    encode_cursor,
    encode_text_cursor,
)
from posthouse.base.api.examples import answered, asked
from posthouse.base.api.fields import AddressSerializer, IdField, StrictSerializer, parsed
from posthouse.base.api.parameters import (
    CURSOR,
    IF_MATCH,
    Parameters,
    fields_parameter,
    id_parameter,
    limit_parameter,
    only,
)
from posthouse.base.api.pictures import small_picture
from posthouse.base.api.problems import as_problem, broken, failure_response, not_found, problem
from posthouse.base.api.rendering import AnyAccept, JSONParser, JSONRenderer, raw_body

__all__ = [
    "CURSOR",
    "IF_MATCH",
    "AddressSerializer",
    "AnyAccept",
    "IdField",
    "JSONParser",
    "JSONRenderer",
    "Parameters",
    "StrictSerializer",
    "answered",
    "as_problem",
    "asked",
    "broken",
    "decode_cursor",
    "decode_text_cursor",
    "encode_cursor",
    "encode_text_cursor",
    "failure_response",
    "fields_parameter",
    "id_parameter",
    "limit_parameter",
    "not_found",
    "only",
    "parsed",
    "problem",
    "raw_body",
    "small_picture",
]
