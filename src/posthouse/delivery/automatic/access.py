"""The only way to a forward by its id: who administers the account says where its mail goes."""

from __future__ import annotations

from posthouse.base.errors import Missing
from posthouse.delivery.models import Forward
from posthouse.identity.actor import Actor
from posthouse.mail import access
from posthouse.mail.access import Right


def forward_for(actor: Actor, forward_id: int, *, need: Right = Right.ADMIN) -> Forward:
    """Account 0 is nobody's: who may not use mail at all is told so, whether the forward is there or not."""
    row = Forward.objects.filter(id=forward_id).first()
    access.account_id_for(actor, 0 if row is None else row.account_id, need=need)
    if row is None:
        raise Missing()
    return row
