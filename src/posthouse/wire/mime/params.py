"""Fields with parameters: Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183, RFC 2231).

Values are kept as they came, since IMAP shows them so; RFC 2231 segments are joined first, and what stays in
RFC 2231 form keeps the star in its name (`filename*`). `decoded` gives the readable value.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from posthouse.wire.mime.encoded_words import decode, decode_words
from posthouse.wire.mime.headers import loose, without_controls

MAX_PARAMS = 64
MAX_SEGMENTS = 128
"""RFC 2231 segments of one parameter; the rest is dropped."""
MAX_FILENAME_CHARS = 255
MAX_CACHED_BYTES = 100

Params = tuple[tuple[str, str], ...]

_TYPE = re.compile(r"[\s\"]*([^\s;/\"()<>@,=]+)\s*/\s*([^\s;/\"()<>@,=]+)\"?")
_TOKEN = re.compile(r"[\s\"]*([^\s;/\"()<>@,=]+)")
_PARAM = re.compile(r'[;\s]*([^\s=;"()<>@,/]+)\s*=\s*(?:"((?:[^"\\]|\\.)*+)"?|([^;]*))', re.DOTALL)
_SKIP = re.compile(r"[^;]*;?")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_COMMENT = re.compile(r"\([^()]*\)")
_SEGMENT = re.compile(r"([^*]+)\*(\d{1,4})(\*?)")
_BARE_NEXT = re.compile(r"\s[A-Za-z-]{1,40}=")
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F])


def parse_content_type(value: bytes) -> tuple[str, Params]:
    """Lower-case `type/subtype` and parameters; what is no content type is `text/plain` (RFC 2045 §5.2)."""
    if len(value) <= MAX_CACHED_BYTES:
        return _cached_content_type(value)
    return _content_type(value)


def parse_disposition(value: bytes) -> tuple[str, Params]:
    """Lower-case disposition ("" where there is none) and parameters."""
    text = loose(value)
    found = _TOKEN.match(text)
    if found is None:
        return "", _params(text, 0)
    if text[found.end() :].lstrip().startswith("="):
        return "attachment", _params(text, 0)
    return found[1].lower(), _params(text, found.end())


def _content_type(value: bytes) -> tuple[str, Params]:
    text = loose(value)
    found = _TYPE.match(text)
    if found is None:
        return "text/plain", _params(text, len(text.partition(";")[0]))
    return f"{found[1]}/{found[2]}".lower(), _params(text, found.end()) if found.end() < len(text) else ()


_cached_content_type = lru_cache(maxsize=1024)(_content_type)


def _params(text: str, position: int) -> Params:
    pairs: dict[str, str] = {}
    segments: dict[str, dict[int, tuple[str, bool]]] = {}
    for _ in range(MAX_PARAMS + MAX_SEGMENTS):
        found = _PARAM.match(text, position)
        if found is None:
            position = _SKIP.match(text, position).end()  # type: ignore[union-attr]  # it matches anything
            if position >= len(text):
                break
            continue
        name, quoted, bare = found.groups()
        position = found.end()
        name = name.lower()
        if quoted is not None:
            value = _ESCAPE.sub(r"\1", quoted) if "\\" in quoted else quoted
        else:
            value, position = _bare_value(bare, found.start(3), position)
        if "*" in name and (part := _SEGMENT.fullmatch(name)):
            segments.setdefault(part[1], {}).setdefault(int(part[2]), (value, bool(part[3])))
        elif len(pairs) < MAX_PARAMS:
            pairs.setdefault(name, value)
    for name, pieces in segments.items():
        pairs.setdefault(*_joined(name, pieces))
    return tuple(pairs.items())


def _bare_value(bare: str, start: int, end: int) -> tuple[str, int]:
    """A value without quotes ends at the semicolon, or where the next parameter follows without one."""
    if following := _BARE_NEXT.search(bare):
        return bare[: following.start()].strip(), start + following.start()
    if "(" in bare:
        bare = _COMMENT.sub("", bare)
    return bare.strip().rstrip('"'), end


def _joined(name: str, pieces: dict[int, tuple[str, bool]]) -> tuple[str, str]:
    """Put segments together in order up to the first gap (RFC 2231 §3, §4.1)."""
    is_extended = any(extended for _, extended in pieces.values())
    values = []
    for index in range(min(len(pieces), MAX_SEGMENTS)):
        if index not in pieces:
            break
        value, extended = pieces[index]
        if is_extended and not extended:
            value = value.replace("%", "%25")
        values.append(value)
    joined = "".join(values)
    if is_extended and joined.count("'") < 2:
        joined = "''" + joined
    return (name + "*" if is_extended else name), joined


def param(params: Params, name: str) -> str | None:
    """The value of a parameter as it came."""
    for key, value in params:
        if key == name:
            return value
    return None


def decoded(params: Params, name: str) -> str | None:
    """The readable value: RFC 2231 form first, else the plain one, its encoded words decoded."""
    if not params:
        return None
    extended = param(params, name + "*")
    if extended is not None:
        return without_controls(_decode_extended(extended))
    plain = param(params, name)
    if plain is None:
        return None
    if "%" in plain and plain.lower().startswith("utf-8''"):
        return without_controls(_decode_extended(plain))
    return decode_words(plain)


def _decode_extended(value: str) -> str:
    charset, _, rest = value.partition("'")
    _, has_language, text = rest.partition("'")
    if not has_language:
        charset, text = "", value
    return decode(unquote_to_bytes(text), charset or None)


def filename_of(disposition_params: Params, type_params: Params) -> str | None:
    """The suggested file name without folders, control or direction-changing characters, or None."""
    name = decoded(disposition_params, "filename") or decoded(type_params, "name")
    if not name:
        return None
    name = name.replace("\\", "/").rpartition("/")[2].translate(_BIDI).strip()
    if not name.strip("."):
        return None
    if len(name) > MAX_FILENAME_CHARS:
        stem, dot, suffix = name.rpartition(".")
        if not dot or len(suffix) > 16:
            return name[:MAX_FILENAME_CHARS]
        name = stem[: MAX_FILENAME_CHARS - len(suffix) - 1] + dot + suffix
    return name or None
