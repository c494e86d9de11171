"""Odd messages from a seed: what people's programs really send, nested, cut off, mislabelled; lines end in CRLF."""

from __future__ import annotations

import base64
import quopri
import random

WORDS = ["alpha", "beta", "gamma", "delta", "report", "invoice", "meeting", "Zebra", "lunch", "42", "caf"]
NAMES = [
    "Ann Lee",
    '"Lee, Ann"',
    "=?utf-8?q?J=C3=B6rg?=",
    "=?iso-8859-1?b?SvZyZw==?=",
    "",
    "Bob (at home)",
    "O'Neil",
]
_SUBJECTS = [
    "Re: {}", "Fwd: {}", "{}", "[list] {}", "=?utf-8?q?{}?=", "{} (fwd)", "Re: [list] Re: {}", "", "{}\r\n\tfolded {}",
    "=?utf-8?b?{}?=",
]  # fmt: skip
_DATES = [
    "Mon, 2 Nov 2026 08:15:00 +0100", "3 Nov 2026 23:59:59 -0500", "Tue, 03 Nov 2026 10:00:00 GMT",
    "Wed, 4 Nov 2026 00:00:00 +0000 (UTC)", "Sat, 31 Oct 2026 22:30:00 -0800", "Thu, 5 Nov 2026 12:00:00 +0530",
]  # fmt: skip


def words(random_: random.Random, most: int = 6) -> str:
    return " ".join(random_.choices(WORDS, k=random_.randint(1, most)))


def address(random_: random.Random) -> str:
    local = f"{random_.choice(['ann', 'bob', 'carl', 'dora'])}{random_.randint(1, 4)}@x{random_.randint(1, 3)}.test"
    name = random_.choice(NAMES)
    return f"{name} <{local}>" if name else random_.choice([local, f"<{local}>"])


def header(random_: random.Random, number: int) -> list[str]:
    lines = [f"Message-ID: <m{number}@x.test>"]
    if random_.random() < 0.95:
        lines.append(f"From: {address(random_)}")
    if random_.random() < 0.9:
        lines.append("To: " + ", ".join(address(random_) for _ in range(random_.randint(1, 4))))
    if random_.random() < 0.4:
        lines.append("Cc: " + ",\r\n ".join(address(random_) for _ in range(random_.randint(1, 3))))
    if random_.random() < 0.1:
        lines.append(f"Reply-To: {address(random_)}")
    if random_.random() < 0.9:
        lines.append(f"Date: {random_.choice(_DATES)}")
    if random_.random() < 0.95:
        subject = random_.choice(_SUBJECTS)
        text = words(random_, 3)
        if "?b?" in subject:
            text = base64.b64encode(text.encode()).decode()
        elif "?q?" in subject:
            text = text.replace(" ", "_")
        lines.append("Subject: " + subject.replace("{}", text))
    if number > 3 and random_.random() < 0.5:
        parent = random_.randint(1, number - 1)
        lines.append(f"In-Reply-To: <m{parent}@x.test>")
        if random_.random() < 0.7:
            lines.append(f"References: <m{random_.randint(1, parent)}@x.test>\r\n <m{parent}@x.test>")
    if random_.random() < 0.5:
        lines.append(f"X-Note: {words(random_)}")
    random_.shuffle(lines)
    return lines


def body(random_: random.Random, depth: int = 0) -> tuple[list[str], str]:
    """The fields that describe a body, and the body."""
    kind = random_.choice(
        ["text", "text", "html", "base64", "qp", "none", "binary", "mixed", "alternative", "rfc822"]
    )
    text = "".join(words(random_, 10) + "\r\n" for _ in range(random_.randint(0, 6)))
    if depth > 2 and kind in ("mixed", "alternative", "rfc822"):
        kind = "text"
    if kind == "none":
        return [], text
    if kind == "html":
        return ["Content-Type: text/html; charset=utf-8"], f"<html><p>{text}</p></html>\r\n"
    if kind == "base64":
        packed = base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")
        return ["Content-Type: text/plain; charset=us-ascii", "Content-Transfer-Encoding: BASE64"], packed
    if kind == "qp":
        packed = (
            quopri.encodestring((text + "=é\r\n").encode())
            .decode()
            .replace("\r\n", "\n")
            .replace("\n", "\r\n")
        )
        return [
            'Content-Type: TEXT/PLAIN; charset="utf-8"',
            "Content-Transfer-Encoding: quoted-printable",
        ], packed
    if kind == "binary":
        packed = base64.encodebytes(random_.randbytes(random_.randint(0, 300))).decode().replace("\n", "\r\n")
        return [
            f'Content-Type: application/octet-stream; name="{random_.choice(WORDS)}.bin"',
            "Content-Transfer-Encoding: base64",
            f'Content-Disposition: attachment; filename="{random_.choice(WORDS)}.bin"',
            "Content-ID: <part@x.test>",
        ], packed
    if kind == "rfc822":
        return ["Content-Type: message/rfc822"], message(
            random_, 900 + random_.randint(0, 99), depth + 1
        ).decode()
    if kind in ("mixed", "alternative"):
        return multipart(random_, kind, depth)
    return ["Content-Type: text/plain; charset=utf-8; format=flowed", "Content-Language: en"], text


def multipart(random_: random.Random, kind: str, depth: int) -> tuple[list[str], str]:
    boundary = f"b{depth}_{random_.randint(0, 999)}"
    pieces = ["preamble\r\n"] if random_.random() < 0.5 else []
    for _ in range(random_.randint(1, 3)):
        fields, inner = body(random_, depth + 1)
        head = "".join(f"{field}\r\n" for field in fields)
        pieces.append(f"--{boundary}\r\n{head}\r\n{inner}\r\n")
    if random_.random() < 0.9:
        pieces.append(f"--{boundary}--\r\n")
        pieces += ["epilogue\r\n"] if random_.random() < 0.3 else []
    return [f'Content-Type: multipart/{kind}; boundary="{boundary}"'], "".join(pieces)


def message(random_: random.Random, number: int, depth: int = 0) -> bytes:
    fields, text = body(random_, depth)
    lines = [*header(random_, number), "MIME-Version: 1.0", *fields]
    return ("".join(f"{line}\r\n" for line in lines) + "\r\n" + text).encode()
