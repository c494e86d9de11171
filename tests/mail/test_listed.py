"""Header fields that are kept ready give what the header itself gives."""

from __future__ import annotations

import random

from posthouse.mail.listed import NAMES, listed_fields, picker
from posthouse.wire.mime.section import header_fields

_VALUES = (b" a", b" b\r\n c", b" x\n\tto: y", b"", b" sender: z")


def test_some_of_them_are_those_of_the_header() -> None:
    random_ = random.Random(3)
    known = sorted(NAMES)
    for _ in range(3_000):
        names = random_.choices([*known, b"x-odd", b"received"], k=random_.randint(0, 7))
        header = b"".join(
            random_.choice((name, name.upper(), name.title()))
            + random_.choice((b":", b" :", b"\t:"))
            + random_.choice(_VALUES)
            + random_.choice((b"\r\n", b"\r\n", b"\n"))
            for name in names
        ) + random_.choice((b"\r\n", b"", b"\n"))
        fields = listed_fields(header)
        assert fields is not None
        wanted = random_.sample(known, random_.randint(1, len(known)))
        assert picker(wanted)(fields) == header_fields(header, wanted, is_excluding=False), (header, wanted)
