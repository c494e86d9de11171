"""Whether some people are here, for somebody who watches them: a client shows a dot beside those it draws.

They are asked for by name (an id, or an address, since a mail knows no ids) and told under the same name. What may be
told of whom is decided where profiles are shown (profiles.py); nobody learns here what `GET /users/` would not say, so
an address that is hidden, another organisation's or nobody's is left out alike.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from posthouse.base import sql
from posthouse.base.paths import read_id
from posthouse.identity import people_list
from posthouse.identity.actor import Actor
from posthouse.identity.people_list import Wanted

MAX_WATCHED = 100
_FIELDS = ("id", "email", "is_online")


def known(actor: Actor, names: Collection[str]) -> dict[str, int]:
    """Which of the names may be people of the actor's organisation, with their ids; not yet who may be seen."""
    found = {name: user_id for name in names if (user_id := read_id(name)) is not None}
    addresses = {name.lower(): name for name in names if "@" in name}
    for chunk in sql.chunks(list(addresses)):
        rows = sql.rows(
            "SELECT a.email, a.user_id FROM identity_address a JOIN identity_user u ON u.id = a.user_id"
            f" WHERE a.email IN ({sql.marks(chunk)}) AND u.organisation_id = %s AND u.kind = 'person'",
            [*chunk, actor.organisation_id],
        )
        found |= {addresses[email]: user_id for email, user_id in rows}
    return found


def hides(user_id: int) -> bool:
    """Whether a person hides that they are here; then they are not shown where others are either."""
    found = sql.row("SELECT hides_online FROM identity_profile WHERE user_id = %s", [user_id])
    return bool(found and found[0])


def seen(actor: Actor, named: Mapping[str, int]) -> dict[str, bool]:
    """Of each of these whom the actor may see, under their name, whether they are here now."""
    people: dict[int, dict[str, Any]] = {}
    for chunk in sql.chunks(sorted(set(named.values()))):
        page = people_list.page(actor, Wanted(ids=chunk), limit=len(chunk), fields=_FIELDS)
        people |= {int(person["id"]): person for person in page.items}
    return {
        name: person["is_online"]
        for name, user_id in named.items()
        if (person := people.get(user_id)) is not None
        and person["is_online"] is not None
        and ("@" not in name or person["email"] is not None)
    }
