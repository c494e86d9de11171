"""What one try came to, for one recipient: the words of the other side, made fit for a row and a bounce."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

MAX_TEXT_CHARS = 480

_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?:\s+|\Z)")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


class Verdict(Enum):
    DELIVERED = "delivered"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`code` is the SMTP code (ours where no server spoke), `enhanced` the RFC 3463 code, `text` one line.

    `host` names the server, with its address where one was reached; `tls` is the protocol version or None.
    `proof` is how the server showed that it is the right one: `dane`, `mta-sts`, `certificate`, or empty.
    `is_remote` says that the words are the other server's, which a bounce may quote (RFC 3464 §2.3.6).
    `tells` says that the server took over what the sender wants to be told of (DSN, RFC 3461 §5.2.2).
    """

    recipient: str
    verdict: Verdict
    code: int
    enhanced: str
    text: str
    host: str = ""
    tls: str | None = None
    proof: str = ""
    is_remote: bool = False
    tells: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An Outcome before it is known for whom."""

    verdict: Verdict
    code: int
    enhanced: str
    text: str
    is_remote: bool = False

    def of(
        self, recipient: str, *, host: str, tls: str | None, proof: str = "", tells: bool = False
    ) -> Outcome:
        return Outcome(
            recipient=recipient,
            verdict=self.verdict,
            code=self.code,
            enhanced=self.enhanced,
            text=self.text,
            host=host,
            tls=tls,
            proof=proof if tls else "",
            is_remote=self.is_remote,
            tells=tells and self.verdict is Verdict.DELIVERED,
        )


class SessionFailed(Exception):
    """Nothing was sent: the next server may be asked. `tls_failure` is set where TLS was why (RFC 8460 §4.3)."""

    def __init__(self, result: Result, *, host: str, tls_failure: str = "") -> None:
        super().__init__(result.text)
        self.result = result
        self.host = host
        self.tls_failure = tls_failure


def answered(code: int, text: str) -> Result:
    """A server's reply as a result. What is neither success nor a proper refusal is temporary."""
    line = one_line(text)
    verdict = {2: Verdict.DELIVERED, 5: Verdict.PERMANENT}.get(code // 100, Verdict.TEMPORARY)
    klass = {Verdict.DELIVERED: "2", Verdict.TEMPORARY: "4", Verdict.PERMANENT: "5"}[verdict]
    found = _ENHANCED.match(line)
    enhanced = found[0].strip() if found and found[1] == klass else f"{klass}.0.0"
    return Result(verdict=verdict, code=code, enhanced=enhanced, text=line, is_remote=True)


def temporary(enhanced: str, text: str, *, code: int = 451) -> Result:
    return Result(verdict=Verdict.TEMPORARY, code=code, enhanced=enhanced, text=one_line(text))


def permanent(enhanced: str, text: str, *, code: int = 550) -> Result:
    return Result(verdict=Verdict.PERMANENT, code=code, enhanced=enhanced, text=one_line(text))


def one_line(text: str) -> str:
    """The text without line ends and control characters, at most MAX_TEXT_CHARS."""
    return _UNSEEN.sub(" ", text[: 4 * MAX_TEXT_CHARS]).strip()[:MAX_TEXT_CHARS]
