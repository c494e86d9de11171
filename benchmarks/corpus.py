"""Labelled mail for the spam filter: two mbox files beside the source tree, split into two halves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "corpus"
_BEGIN = re.compile(rb"^From [^\n]*\n", re.MULTILINE)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


class Half(NamedTuple):
    ham: list[bytes]
    spam: list[bytes]


def is_there() -> bool:
    return (FOLDER / "ham.mbox").exists()


def halves(*, take: int | None = None) -> tuple[Half, Half]:
    """Every second e-mail of each kind, so that both halves have all kinds of senders; at most `take` of each kind."""
    ham, spam = emails(FOLDER / "ham.mbox")[:take], emails(FOLDER / "spam.mbox")[:take]
    return Half(ham[::2], spam[::2]), Half(ham[1::2], spam[1::2])


def emails(path: Path) -> list[bytes]:
    """The e-mails of an mboxrd file."""
    data = path.read_bytes()
    begins = [found for found in _BEGIN.finditer(data) if found.start() == 0 or data[found.start() - 1] == 10]
    ends = [found.start() for found in begins[1:]] + [len(data)]
    return [_QUOTED.sub(rb"\1", data[one.end() : end]) for one, end in zip(begins, ends, strict=True)]
