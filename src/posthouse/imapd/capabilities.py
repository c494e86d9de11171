"""What we say we can do (RFC 9051 §6.1.1); strangers are shown what they can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthouse.wire import scram

if TYPE_CHECKING:
    from posthouse.imapd.session import Session

_ALWAYS = b"IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE IDLE"
_KNOWN = (
    b"NAMESPACE CHILDREN SPECIAL-USE LIST-EXTENDED LIST-STATUS STATUS=SIZE UIDPLUS MOVE UNSELECT"
    b" ESEARCH SEARCHRES WITHIN CONDSTORE QRESYNC NOTIFY UIDONLY PARTIAL BINARY"
    b" OBJECTID SAVEDATE PREVIEW INPROGRESS"
    b" SORT SORT=DISPLAY ESORT THREAD=ORDEREDSUBJECT THREAD=REFERENCES"
    b" MULTIAPPEND REPLACE UTF8=ACCEPT CREATE-SPECIAL-USE"
    b" QUOTA QUOTA=RES-STORAGE ACL RIGHTS=kxte LIST-MYRIGHTS METADATA"
)
MECHANISMS = ("PLAIN", "LOGIN", "OAUTHBEARER", "XOAUTH2")


def capabilities(session: Session) -> bytes:
    """`CAPABILITY ...` as it stands now, for the command and for the response code."""
    words = [b"CAPABILITY", _ALWAYS]
    if session.account_or_none is not None:
        words += [_KNOWN, b"APPENDLIMIT=%d" % session.settings.append_bytes]
        if not session.is_compressed:
            words.append(b"COMPRESS=DEFLATE")
        if session.account.actor.may("accounts.manage"):
            words.append(b"QUOTASET")
        return _without(session.account.off, b" ".join(words))
    if session.has_tls and not session.is_secure:
        words.append(b"STARTTLS")
    if session.may_log_in:
        offered = [*scram.offered(session.link.bindings()), *MECHANISMS]
        words += [b"AUTH=" + name.encode("ascii") for name in offered]
    else:
        words.append(b"LOGINDISABLED")
    return b" ".join(words)


def _without(off: frozenset[str], line: bytes) -> bytes:
    """Less what the account does without (mail/imap_off.py). Without LITERAL+ there is LITERAL- (RFC 7888 §5)."""
    if not off:
        return line
    if "LITERAL+" in off:
        line = line.replace(b" LITERAL+", b" LITERAL-")
    return b" ".join(word for word in line.split() if word.decode("ascii").upper() not in off)
