"""From the kinds of failure the domain knows to SMTP's language."""

from __future__ import annotations

from posthouse.base.errors import Failure, Kind
from posthouse.wire.smtp.reply import Reply

_BY_KIND = {
    Kind.INVALID: (554, "5.6.0"),
    Kind.DENIED: (550, "5.7.1"),
    Kind.MISSING: (550, "5.1.1"),
    Kind.CONFLICT: (451, "4.3.0"),
    Kind.LIMITED: (452, "4.2.2"),
    Kind.TOO_LARGE: (552, "5.3.4"),
    Kind.UNAVAILABLE: (451, "4.3.0"),
}
_BY_CODE = {
    "application_password_required": (535, "5.7.9"),
    "mfa_setup_required": (535, "5.7.9"),
    "invalid_token": (535, "5.7.8"),
    "token_revoked": (535, "5.7.8"),
    "insufficient_scope": (535, "5.7.8"),
    "dmarc_rejected": (550, "5.7.26"),
    "too_many_attempts": (454, "4.7.0"),
    "too_many_requests": (450, "4.7.0"),
    "sending_limit": (452, "4.7.1"),
}


def reply_for(failure: Failure) -> Reply:
    code, enhanced = _BY_CODE.get(failure.code) or _BY_KIND[failure.kind]
    return Reply(code, enhanced, failure.message)
