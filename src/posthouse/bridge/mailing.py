"""A mail into a conversation: who wrote it, its subject, its beginning, and a link for those who may read it.

The mail itself does not come along: the link opens it for whoever has access to the account, and for nobody else. What
a stranger wrote is quoted with Markdown's signs taken for what they are, so that it names nobody and links nowhere.
"""

from __future__ import annotations

import re

from posthouse.base.errors import Denied
from posthouse.conversations import sending
from posthouse.conversations.sending import Sent, Writing
from posthouse.identity.actor import Actor
from posthouse.mail import access, queries
from posthouse.mail.access import Right
from posthouse.mail.queries import Heading

_SIGN = re.compile(r"([\\`*_\[\]<>~|#&!@]|(?<=\w)\.(?=\w)|:(?=//))")
"""What Markdown takes for more than itself; and the points of addresses, which become links by themselves."""
MAX_WORD_CHARS = 300
READING = "mail:read"
"""What a token needs beside what lets it write here."""


def share(
    actor: Actor, conversation_id: int, email_id: int, *, text: str, origin: str, client_id: str | None
) -> Sent:
    """Say it in a conversation, with words of one's own before it.

    Raises Missing, Denied (insufficient_scope), Conflict.
    """
    if not actor.may_use(READING):
        raise Denied("insufficient_scope", f"This token lacks the scope {READING}.", scope=READING)
    email = access.email_for(actor, email_id, need=Right.READ)
    quote = _quote(queries.heading(email.id), f"{origin}/mail/inbox/{email.thread_id}")
    body = f"{text.rstrip()}\n\n{quote}" if text.strip() else quote
    return sending.send(actor, conversation_id, Writing(text=body, client_id=client_id))


def _quote(of: Heading, url: str) -> str:
    lines = [
        f"**{plain(of.subject) or 'No subject'}**",
        f"{plain(of.sender) or 'Nobody'}: {plain(of.preview)}",
        f"[Open the mail]({url})",
    ]
    return "\n>\n".join(f"> {line}" for line in lines)


def plain(words: str) -> str:
    """A line of Markdown that says just this."""
    return _SIGN.sub(r"\\\1", " ".join(words.split())[:MAX_WORD_CHARS])
