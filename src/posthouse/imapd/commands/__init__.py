"""One file per family of commands; here is which is handled where, and in which states it may come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from posthouse.base.metrics import Counter
from posthouse.imapd.commands import (
    accounts,
    annotating,
    appending,
    copying,
    fetching,
    flagging,
    folding,
    listing,
    login,
    notifying,
    searching,
    selecting,
    session,
    sorting,
)
from posthouse.imapd.replies import Bad, Ok
from posthouse.imapd.session import Session, State
from posthouse.wire.imap import accounts as account_commands
from posthouse.wire.imap import commands as cmd
from posthouse.wire.imap.notify import Notify
from posthouse.wire.imap.search import Search
from posthouse.wire.imap.sort import Sort, Thread

Handler = Callable[[Session, Any], Awaitable[Ok | None]]

_ANY = frozenset({State.STRANGER, State.KNOWN, State.SELECTED})
_STRANGER = frozenset({State.STRANGER})
_KNOWN = frozenset({State.KNOWN, State.SELECTED})
_SELECTED = frozenset({State.SELECTED})

_BY_TYPE: dict[type, tuple[Handler, frozenset[State]]] = {
    cmd.Id: (session.identify, _ANY),
    cmd.Enable: (session.enable, _KNOWN),
    cmd.Compress: (session.compress, _KNOWN),
    cmd.Login: (login.log_in, _STRANGER),
    cmd.Authenticate: (login.authenticate, _STRANGER),
    cmd.Select: (selecting.select, _KNOWN),
    cmd.Create: (folding.create, _KNOWN),
    cmd.Delete: (folding.delete, _KNOWN),
    cmd.Rename: (folding.rename, _KNOWN),
    cmd.Subscribe: (folding.subscribe, _KNOWN),
    cmd.List: (listing.list_mailboxes, _KNOWN),
    account_commands.GetQuota: (accounts.get_quota, _KNOWN),
    account_commands.GetQuotaRoot: (accounts.get_quota_root, _KNOWN),
    account_commands.SetQuota: (accounts.set_quota, _KNOWN),
    account_commands.MyRights: (accounts.my_rights, _KNOWN),
    account_commands.GetAcl: (accounts.get_acl, _KNOWN),
    account_commands.ListRights: (accounts.list_rights, _KNOWN),
    account_commands.SetAcl: (accounts.set_acl, _KNOWN),
    cmd.GetMetadata: (annotating.get_metadata, _KNOWN),
    cmd.SetMetadata: (annotating.set_metadata, _KNOWN),
    cmd.Status: (listing.status, _KNOWN),
    cmd.Append: (appending.append, _KNOWN),
    cmd.Replace: (appending.replace, _SELECTED),
    cmd.Expunge: (flagging.expunge, _SELECTED),
    cmd.Store: (flagging.store_flags, _SELECTED),
    Search: (searching.search, _SELECTED),
    Sort: (sorting.sort, _SELECTED),
    Thread: (sorting.thread, _SELECTED),
    cmd.Fetch: (fetching.fetch, _SELECTED),
    cmd.Copy: (copying.copy, _SELECTED),
    Notify: (notifying.notify, _KNOWN),
}
_BY_VERB: dict[str, tuple[Handler, frozenset[State]]] = {
    "CAPABILITY": (session.capability, _ANY),
    "NOOP": (session.noop, _ANY),
    "LOGOUT": (session.log_out, _ANY),
    "STARTTLS": (login.start_tls, _STRANGER),
    "NAMESPACE": (listing.namespace, _KNOWN),
    "CHECK": (session.noop, _SELECTED),
    "CLOSE": (selecting.close, _SELECTED),
    "UNSELECT": (selecting.unselect, _SELECTED),
    "IDLE": (session.idle, _KNOWN),
}


commands = Counter("posthouse_imap_commands", "Commands that were understood.", "command")
_NAMES = {kind: kind.__name__.upper() for kind in _BY_TYPE}


async def dispatch(client: Session, command: cmd.Command) -> Ok | None:
    """Run a command; None when it answers by itself. Raises Bad in a state in which it may not come."""
    if isinstance(command, cmd.Simple):
        handler, states = _BY_VERB[command.verb]
        commands.count(command.verb)
    else:
        handler, states = _BY_TYPE[type(command)]
        commands.count(_NAMES[type(command)])
    if client.state not in states:
        raise Bad(_WRONG_STATE[client.state])
    if client.account_or_none is not None and _needs(command) in client.account.off:
        raise Bad("That is switched off for this account.")
    return await handler(client, command)


def _needs(command: cmd.Command) -> str:
    """The extension that a command belongs to, if it is one that can be switched off."""
    match command:
        case Notify():
            return "NOTIFY"
        case cmd.Copy(is_move=True):
            return "MOVE"
        case cmd.Simple("IDLE" | "UNSELECT" as verb):
            return verb
    return ""


_WRONG_STATE = {
    State.STRANGER: "Log in first.",
    State.KNOWN: "That cannot be done now; a mailbox may have to be selected first.",
    State.SELECTED: "That cannot be done once logged in.",
    State.ENDED: "The session has ended.",
}
