"""What the sender wants to be told of, in the words of the next server (RFC 3461 §5.2.1, RFC 6533 §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from posthouse.wire.smtp.parameters import encode_xtext


@dataclass(frozen=True, slots=True)
class Wish:
    """`notify` is a list with commas, `original` decoded `type;address`; empty where the sender did not ask."""

    notify: str = ""
    original: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """`of` holds recipients' wishes by address."""

    envelope_id: str = ""
    returns_headers_only: bool = False
    of: Mapping[str, Wish] = field(default_factory=dict)

    def of_mail(self) -> list[bytes]:
        """Parameters of MAIL."""
        said = [b"RET=HDRS"] if self.returns_headers_only else []
        if self.envelope_id:
            said.append(b"ENVID=" + encode_xtext(self.envelope_id).encode("ascii"))
        return said

    def of_recipient(self, address: str, *, utf8: bool) -> list[bytes]:
        """Parameters of RCPT."""
        wish = self.of.get(address)
        if wish is None:
            return []
        said = [b"NOTIFY=" + wish.notify.encode("ascii")] if wish.notify else []
        if wish.original:
            said.append(b"ORCPT=" + _original(wish.original, utf8=utf8))
        return said


def _original(original: str, *, utf8: bool) -> bytes:
    """Addresses of type utf-8 keep their own escapes (RFC 6533 §3), which a server without SMTPUTF8 needs for all."""
    kind, _, address = original.partition(";")
    if kind != "utf-8":
        return f"{kind};{encode_xtext(address)}".encode("ascii")
    if not utf8:
        address = "".join(one if one.isascii() else f"\\x{{{ord(one):X}}}" for one in address)
    return f"{kind};{address}".encode()
