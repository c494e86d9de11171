"""What one may do: the names, what each means, and the bundles that the built-in roles are.

The names are stable: they stand in custom roles, in the scopes of tokens and in the API. A rule asks for a permission,
never for a role, so that a custom role is as good as a built-in one. Whose mail one may read is no permission but a
grant on an account (mail/access.py); `mail.*` says whether one may use mail at all.
"""

from __future__ import annotations

from collections.abc import Iterable

MEANINGS: dict[str, str] = {
    "users.read": "See all people of the organisation; without it only those one shares a group with.",
    "users.invite": "Invite people.",
    "users.manage": "Add, change, switch off and delete people, and give them roles and addresses.",
    "roles.manage": "Make, change and delete roles.",
    "groups.manage": "Make, change and delete every group.",
    "domains.manage": "Add and remove domains, and say where mail for nobody goes.",
    "organisation.manage": "Change the organisation's name, sign-up and policies.",
    "organisation.own": "Make and unmake owners.",
    "accounts.manage": "Make shared accounts and say who may use them.",
    "webhooks.manage": "Make webhooks that hear of everybody's mail, and see what they were told.",
    "audit.read": "Read what everybody of the organisation did.",
    "mail.read": "Read mail.",
    "mail.write": "Write drafts, file, flag and delete mail.",
    "mail.send": "Send mail.",
    "conversations.use": "Read and write in conversations that one is in.",
    "conversations.join": "Find, read, join and open conversations that are for the whole organisation.",
    "conversations.manage": "Set the policies of conversations, change those one may read, and decide about reports.",
}
ALL = frozenset(MEANINGS)
_OWN_WORK = frozenset({"mail.read", "mail.write", "mail.send", "conversations.use"})
BUILT_IN: dict[str, frozenset[str]] = {
    "owner": ALL,
    "admin": ALL - {"organisation.own"},
    "member": _OWN_WORK | {"users.read", "conversations.join"},
    "guest": _OWN_WORK,
}


def bundle(role: str, custom: Iterable[str] | None) -> frozenset[str]:
    """The permissions of a person with a built-in role, or of the custom one that stands in its place.

    A name that is not known (any more) gives nothing.
    """
    if custom is not None:
        return ALL.intersection(custom)
    return BUILT_IN.get(role, frozenset())
