"""What the checks of one arriving e-mail came to, in a form that travels with it."""

from __future__ import annotations

import msgspec


class Judgement(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Words of RFC 8601, "none" where nothing was checked; `dkim` is the best of all signatures.

    `from_domain` is the domain the reader sees, `is_junk` whether its owner's wish (DMARC) sends this e-mail to Junk.
    `is_author_proved`: the author's domain is proved, by DMARC or, where its owner publishes none, by its own name.
    """

    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"
    arc: str = "none"
    from_domain: str = ""
    is_junk: bool = False
    is_author_proved: bool = False


UNCHECKED = Judgement()
