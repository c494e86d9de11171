"""The header that tells what was found: Authentication-Results (RFC 8601), written, read, and taken out when forged.

Whoever reads it believes what names our host, so nothing with our name may come in from outside (§5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NAME = b"authentication-results"
MAX_VALUE_CHARS = 255
MAX_HEADER_CHARS = 32 * 1024
MAX_RESULTS = 60
MAX_COMMENT_DEPTH = 20
LINE_CHARS = 78

_FIELD = re.compile(rb"[^\n]*\n(?:[ \t][^\n]*\n)*+")
_PLAIN = re.compile(r"[A-Za-z0-9!#$&'*+./^_`{|}~@-]+")
_PIECE = re.compile(
    r'(?P<blank>\s+)|"(?P<quoted>(?:[^"\\]|\\.)*+)"?|(?P<end>;)|(?P<word>[^\s;"]+)', re.DOTALL
)
_METHOD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,40})(?:/\d{1,3})?=([A-Za-z]{1,20})")
_PROPERTY = re.compile(r"(reason|[A-Za-z][A-Za-z0-9-]{0,40}\.[A-Za-z][A-Za-z0-9-]{0,40})=(.*)", re.DOTALL)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One method's: `properties` as (`smtp.mailfrom`, value); `reason` is for people."""

    method: str
    result: str
    reason: str = ""
    properties: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """The first property of that name, or ""."""
        return next((value for found, value in self.properties if found == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    authserv_id: str
    results: tuple[Result, ...]

    def of(self, method: str) -> list[Result]:
        return [result for result in self.results if result.method == method]


def write(authserv_id: str, results: Iterable[Result]) -> bytes:
    """The whole field with its line end, folded. Values are quoted where they must be, and cut at 255."""
    lines = [f"Authentication-Results: {authserv_id};"]
    found = [_words(result) for result in results] or [["none"]]
    for number, words in enumerate(found):
        words[-1] += ";" if number < len(found) - 1 else ""
        line = ""
        for word in words:
            if line and len(line) + 1 + len(word) > LINE_CHARS:
                lines.append(line)
                line = " "
            line += f" {word}"
        lines.append(line)
    return ("\r\n".join(lines) + "\r\n").encode("utf-8", "replace")


def _words(result: Result) -> list[str]:
    words = [f"{result.method}={result.result}"]
    if result.reason:
        words.append(f"reason={_quoted(result.reason)}")
    return words + [f"{name}={_value(value)}" for name, value in result.properties if value]


def _value(text: str) -> str:
    return text if len(text) <= MAX_VALUE_CHARS and _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    shown = _NOT_SHOWN.sub("?", text[:MAX_VALUE_CHARS]).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'


def read_body(text: str) -> Header | None:
    """Read the value of the field, unfolded or not; None when it cannot be read."""
    bare = without_comments(text[:MAX_HEADER_CHARS])
    if bare is None:
        return None
    first, *rest = _parts(bare)
    if not first:
        return None
    results = [found for part in rest[:MAX_RESULTS] if (found := _result(part)) is not None]
    return Header(authserv_id=first[0].lower(), results=tuple(results))


def _result(words: Sequence[str]) -> Result | None:
    method = _METHOD.fullmatch(words[0]) if words else None
    if method is None:
        return None
    reason, properties = "", []
    for word in words[1:]:
        found = _PROPERTY.fullmatch(word)
        if found is None:
            continue
        if found[1].lower() == "reason":
            reason = found[2]
        else:
            properties.append((found[1].lower(), found[2]))
    return Result(
        method=method[1].lower(), result=method[2].lower(), reason=reason, properties=tuple(properties)
    )


def _parts(text: str) -> list[list[str]]:
    """Between semicolons, as words; white space around an equals sign is no border."""
    parts: list[list[str]] = [[]]
    word, is_open = "", False
    for piece in _PIECE.finditer(text):
        if piece["end"]:
            parts[-1] += [word] if is_open else []
            parts.append([])
            word, is_open = "", False
        elif piece["blank"] is not None:
            if is_open and not word.endswith("=") and not text.startswith("=", piece.end()):
                parts[-1].append(word)
                word, is_open = "", False
        else:
            quoted = piece["quoted"]
            word += piece["word"] if quoted is None else _QUOTED_PAIR.sub(r"\1", quoted)
            is_open = True
    parts[-1] += [word] if is_open else []
    return parts


def without_comments(text: str) -> str | None:
    """Each comment becomes a blank (RFC 5322 §3.2.2); None when they do not end, or nest without end."""
    if "(" not in text:
        return text
    kept, depth, is_quoted, start = [], 0, False, 0
    for mark in re.finditer(r'\\.|[()"]', text, re.DOTALL):
        sign = mark[0]
        if sign == '"' and not depth:
            is_quoted = not is_quoted
        elif sign == "(" and not is_quoted:
            if not depth:
                kept.append(text[start : mark.start()])
            depth += 1
            if depth > MAX_COMMENT_DEPTH:
                return None
        elif sign == ")" and not is_quoted and depth:
            depth -= 1
            if not depth:
                start = mark.end()
    if depth:
        return None
    return " ".join([*kept, text[start:]])


def drop_forged(content: bytes, authserv_id: str) -> bytes:
    """A message without the Authentication-Results that bear our name, in any writing of it (RFC 8601 §5).

    What cannot be read goes too: another program might read it.
    """
    end = -2 if content.startswith(b"\r\n") else content.find(b"\r\n\r\n")
    header = content if end == -1 else content[: end + 2]
    if NAME not in header.lower():
        return content
    kept = [field for field in _FIELD.findall(header) if not _is_forged(field, authserv_id.lower())]
    tail = header[sum(map(len, _FIELD.findall(header))) :]
    return b"".join(kept) + tail + content[len(header) :]


def without_fields(content: bytes, name: bytes) -> bytes:
    """A message without the header fields of one name, which only we may write."""
    end = -2 if content.startswith(b"\r\n") else content.find(b"\r\n\r\n")
    header = content if end == -1 else content[: end + 2]
    if name.lower() not in header.lower():
        return content
    found = _FIELD.findall(header)
    kept = [field for field in found if field.partition(b":")[0].strip(b" \t\r\n").lower() != name.lower()]
    return b"".join(kept) + header[sum(map(len, found)) :] + content[len(header) :]


def _is_forged(field: bytes, authserv_id: str) -> bool:
    name, _, value = field.partition(b":")
    if name.strip(b" \t\r\n").lower() != NAME:
        return False
    text = value.decode("utf-8", "replace")
    bare = without_comments(text) if len(text) <= MAX_HEADER_CHARS else None
    if bare is None:
        return authserv_id in text.lower()
    head = "".join(bare.partition(";")[0].replace("\\", "").split()).lower()
    return authserv_id in head.strip('"')


def ours(raw: bytes, authserv_id: str) -> Header | None:
    """What we wrote ourselves at arrival: between our Return-Path and our Received, where nobody outside can write."""
    end = raw.find(b"\r\n\r\n")
    limit = len(raw) if end < 0 else end + 2
    first = _FIELD.match(raw, 0, limit)
    second = _FIELD.match(raw, first.end(), limit) if first is not None else None
    if first is None or second is None or not first[0].lower().startswith(b"return-path:"):
        return None
    name, _, value = second[0].partition(b":")
    if name.lower() != NAME:
        return None
    found = read_body(value.decode("utf-8", "replace"))
    return found if found is not None and found.authserv_id == authserv_id.lower() else None
