"""Parameters of MAIL and RCPT.

SIZE (RFC 1870), BODY (RFC 6152, RFC 3030 §3), SMTPUTF8 (RFC 6531), DSN's RET, ENVID, NOTIFY and ORCPT (RFC 3461),
REQUIRETLS (RFC 8689), HOLDFOR and HOLDUNTIL (RFC 4865), AUTH (RFC 4954 §5: read and dropped, since we trust no
client's word about another's identity).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.envelope import Body, Notify, Return
from posthouse.wire.smtp.limits import MAX_PARAMETERS
from posthouse.wire.smtp.reply import Reply

MAX_ENVID = 100  # RFC 3461 §4.4
MAX_ORCPT = 500  # §4.2
MAX_SIZE_DIGITS = 20  # RFC 1870 §4
MAX_HOLD_DIGITS = 9  # RFC 4865 §4

_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^\x00-\x20=\x7f]+))?")
_XTEXT = re.compile(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*")
_HEX = re.compile(r"\+([0-9A-F]{2})")
_NOT_XTEXT = re.compile(r"[^!-*,-<>-~]")
_UTF8_ADDRESS = re.compile(r"(?:[!-*,-<>-~\x80-\U0010ffff]|\+[0-9A-F]{2}|\\x\{[0-9A-F]{2,6}\})*")
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)
_ADDRESS_TYPE = re.compile(r"[A-Za-z0-9-]{1,40}")


class BadParameter(ValueError):
    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


@dataclass(frozen=True, slots=True, kw_only=True)
class MailParameters:
    size_bytes: int | None = None
    body: Body = Body.SEVEN_BIT
    smtputf8: bool = False
    envid: str | None = None
    ret: Return | None = None
    requires_tls: bool = False
    hold: int | datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RcptParameters:
    notify: frozenset[Notify] = frozenset()
    orcpt: str | None = None


_NO_MAIL_PARAMETERS = MailParameters()
_NO_RCPT_PARAMETERS = RcptParameters()


def read_mail_parameters(text: str) -> MailParameters:
    """Read what follows the reverse path. Raises BadParameter with the reply to give."""
    if not text.strip(" "):
        return _NO_MAIL_PARAMETERS
    given = _split(text)
    given.pop("AUTH", None)
    size = given.pop("SIZE", None)
    body = given.pop("BODY", None)
    envid = given.pop("ENVID", None)
    ret = given.pop("RET", None)
    smtputf8, requires_tls = _flag(given, "SMTPUTF8"), _flag(given, "REQUIRETLS")
    hold = _hold(given.pop("HOLDFOR", None), given.pop("HOLDUNTIL", None))
    _refuse_rest(given)
    try:
        return MailParameters(
            size_bytes=None if size is None else _size(size),
            body=Body.SEVEN_BIT if body is None else Body(body.upper()),
            smtputf8=smtputf8,
            envid=None if envid is None else _envid(envid),
            ret=None if ret is None else Return(ret.upper()),
            requires_tls=requires_tls,
            hold=hold,
        )
    except ValueError as error:
        raise error if isinstance(error, BadParameter) else _wrong("BODY or RET") from None


def read_rcpt_parameters(text: str) -> RcptParameters:
    """Read what follows the forward path. Raises BadParameter with the reply to give."""
    if not text.strip(" "):
        return _NO_RCPT_PARAMETERS
    given = _split(text)
    notify = given.pop("NOTIFY", None)
    orcpt = given.pop("ORCPT", None)
    _refuse_rest(given)
    return RcptParameters(
        notify=frozenset() if notify is None else _notify(notify),
        orcpt=None if orcpt is None else _orcpt(orcpt),
    )


def decode_xtext(text: str) -> str:
    """RFC 3461 §4; raises ValueError on what is not xtext or hides a control character."""
    if not _XTEXT.fullmatch(text):
        raise ValueError("not xtext")
    decoded = _HEX.sub(lambda match: chr(int(match[1], 16)), text)
    if not (decoded.isascii() and decoded.isprintable()):
        raise ValueError("control character in xtext")
    return decoded


def encode_xtext(text: str) -> str:
    """The reverse of `decode_xtext`, for printable ASCII."""
    return _NOT_XTEXT.sub(lambda match: f"+{ord(match[0]):02X}", text)


def _split(text: str) -> dict[str, str]:
    given: dict[str, str] = {}
    if not text.startswith(" "):
        raise BadParameter(Reply(501, "5.5.4", "A space must follow the address"))
    words = text.split()
    if len(words) > MAX_PARAMETERS:
        raise BadParameter(Reply(501, "5.5.4", "Too many parameters"))
    for word in words:
        match = _PARAMETER.fullmatch(word)
        if match is None:
            raise BadParameter(Reply(501, "5.5.4", "Cannot read the parameters"))
        name = match[1].upper()
        if name in given:
            raise BadParameter(Reply(501, "5.5.4", "A parameter is given twice"))
        given[name] = match[2] or ""
    return given


def _refuse_rest(given: dict[str, str]) -> None:
    if given:
        raise BadParameter(say.NO_SUCH_PARAMETER)


def _wrong(name: str) -> BadParameter:
    return BadParameter(Reply(501, "5.5.4", f"Bad value for {name}"))


def _flag(given: dict[str, str], name: str) -> bool:
    value = given.pop(name, None)
    if value:
        raise _wrong(name)
    return value is not None


def _hold(seconds: str | None, moment: str | None) -> int | datetime | None:
    if seconds is not None and moment is not None:
        raise BadParameter(Reply(501, "5.5.4", "Give HOLDFOR or HOLDUNTIL, not both"))
    if seconds is not None:
        if not (seconds.isascii() and seconds.isdigit()) or len(seconds) > MAX_HOLD_DIGITS:
            raise _wrong("HOLDFOR")
        return int(seconds)
    if moment is None:
        return None
    try:
        if not _MOMENT.fullmatch(moment):
            raise ValueError("no date-time of RFC 3339")
        return datetime.fromisoformat(moment.upper())
    except ValueError:
        raise _wrong("HOLDUNTIL") from None


def _size(value: str) -> int:
    if not (value.isascii() and value.isdigit()) or len(value) > MAX_SIZE_DIGITS:
        raise _wrong("SIZE")
    return int(value)


def _envid(value: str) -> str:
    try:
        if not value or len(value) > MAX_ENVID:
            raise ValueError("length")
        return decode_xtext(value)
    except ValueError:
        raise _wrong("ENVID") from None


def _notify(value: str) -> frozenset[Notify]:
    try:
        wishes = [Notify(word) for word in value.upper().split(",")]
    except ValueError:
        raise _wrong("NOTIFY") from None
    if len(set(wishes)) != len(wishes) or (Notify.NEVER in wishes and len(wishes) > 1):
        raise _wrong("NOTIFY")
    return frozenset(wishes)


def _orcpt(value: str) -> str:
    kind, semicolon, address = value.partition(";")
    if not semicolon or not address or len(value) > MAX_ORCPT or not _ADDRESS_TYPE.fullmatch(kind):
        raise _wrong("ORCPT")
    if kind.lower() == "utf-8":  # RFC 6533 §3: its own escapes, kept as they came
        if not _UTF8_ADDRESS.fullmatch(address) or not address.isprintable():
            raise _wrong("ORCPT")
        return f"utf-8;{address}"
    try:
        return f"{kind};{decode_xtext(address)}"
    except ValueError:
        raise _wrong("ORCPT") from None
