"""E-mails for the load generators: each unique, of an exact size, shaped like real ones.

The text is made of words, so that a server that compresses gains what it would gain on real mail; attachments
are random and never the same twice, so that one that keeps equal content once gains nothing.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Sequence
from dataclasses import dataclass

SMALL_BYTES = 4 * 1024
LARGE_BYTES = 100 * 1024
_SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo za ter ing ent ion mar len sto"
_LINE = 76


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail: `content` is what must come back, `wire` is that with dots stuffed and the final dot."""

    id: bytes
    content: bytes
    wire: bytes


def letters(count: int, *, size_bytes: int, series: str) -> list[Letter]:
    """`count` e-mails of exactly `size_bytes`; `series` keeps their ids apart from those of other runs."""
    random_ = random.Random(series)
    words = vocabulary(random_)
    return [_letter(f"{series}.{number}", size_bytes, random_, words) for number in range(count)]


def vocabulary(random_: random.Random) -> list[str]:
    syllables = _SYLLABLES.split()
    return ["".join(random_.choices(syllables, k=random_.choice((1, 2, 2, 3, 3, 4)))) for _ in range(3000)]


def _prose(random_: random.Random, words: Sequence[str], characters: int) -> str:
    """Lines of words, about that long and not longer; common words are common."""
    lines, line, total = [], "", 0
    chosen = random_.choices(words[:400], k=characters // 10) + random_.choices(words, k=characters // 5)
    random_.shuffle(chosen)
    for word in chosen:
        if len(line) + len(word) >= _LINE:
            if total + len(line) + 2 > characters:
                break
            total += len(line) + 2
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\r\n".join([*lines, ""])


def _letter(name: str, size_bytes: int, random_: random.Random, words: Sequence[str]) -> Letter:
    id_ = f"<{name}@bench.test>".encode()
    boundary = f"=_{name}"
    head = [
        f"From: {random_.choice(words).title()} {random_.choice(words).title()} <writer@bench.test>",
        "To: reader@example.test",
        f"Subject: {' '.join(random_.choices(words, k=6))}",
        "Date: Sat, 21 Nov 2026 07:00:00 +0000",
        f"Message-ID: {id_.decode()}",
        "MIME-Version: 1.0",
    ]
    if size_bytes >= LARGE_BYTES // 2:
        parts = _with_attachment(boundary, size_bytes, random_, words)
    else:
        parts = _alternative(boundary, size_bytes, random_, words)
    content = _to_size("\r\n".join([*head, *parts]).encode(), f"\r\n--{boundary}--\r\n".encode(), size_bytes)
    return Letter(id_, content, content.replace(b"\r\n.", b"\r\n..") + b".\r\n")


def _alternative(boundary: str, size_bytes: int, random_: random.Random, words: Sequence[str]) -> list[str]:
    text = _prose(random_, words, (size_bytes - 800) * 2 // 5)
    return [
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=utf-8",
        "",
        text,
        f"--{boundary}",
        "Content-Type: text/html; charset=utf-8",
        "",
        "<html><body><p>" + text.replace("\r\n", "<br>\r\n") + "</p></body></html>",
    ]


def _with_attachment(
    boundary: str, size_bytes: int, random_: random.Random, words: Sequence[str]
) -> list[str]:
    text = _prose(random_, words, 1500)
    encoded = (
        base64.encodebytes(random_.randbytes((size_bytes - 4000) * 57 // 78)).decode().replace("\n", "\r\n")
    )
    return [
        f'Content-Type: multipart/mixed; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=utf-8",
        "",
        text,
        f"--{boundary}",
        'Content-Type: application/pdf; name="report.pdf"',
        'Content-Disposition: attachment; filename="report.pdf"',
        "Content-Transfer-Encoding: base64",
        "",
        encoded,
    ]


def _to_size(start: bytes, end: bytes, size_bytes: int) -> bytes:
    """Fill up with lines of dashes behind the last part's boundary (an epilogue), to the byte."""
    missing = size_bytes - len(start) - len(end)
    if missing < 2 * _LINE:
        raise ValueError(f"the parts leave {missing} bytes of {size_bytes}")
    full, rest = divmod(missing - _LINE, _LINE)
    return start + end + _dashes(_LINE) * full + _dashes(_LINE // 2) + _dashes(_LINE - _LINE // 2 + rest)


def _dashes(length: int) -> bytes:
    return b"-" * (length - 2) + b"\r\n"
