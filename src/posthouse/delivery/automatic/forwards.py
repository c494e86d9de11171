"""Where an account's mail goes on to: proposed with step-up, confirmed by a code that went there.

Nothing goes to an address before whoever reads there has given the code back. The account's owner is told by a letter
when it begins, since mail that leaves by itself is what a thief would want.
"""

from __future__ import annotations

from typing import Any

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import clock, db
from posthouse.base.errors import Conflict, Invalid
from posthouse.delivery.automatic import access, kept
from posthouse.delivery.models import Forward
from posthouse.delivery.rules import arriving
from posthouse.delivery.writing import outgoing
from posthouse.filters import queries as filters
from posthouse.identity import codes, letters, step_up
from posthouse.identity.actor import Actor
from posthouse.mail import access as mail_access
from posthouse.mail.access import Right
from posthouse.mail.models import Account

PURPOSE = "forward"
MAX_FORWARDS = 20
_PROVE = """Hello,

mail for {owner} is to be forwarded to this address.

The code is  {{code}}

It is good for ten minutes. Give it to whoever asked you for it, if you want their mail here. If you know nothing of
it, do nothing, and nothing is sent.
"""
_BEGUN = """Hello,

mail for {owner} is forwarded to {address} from now on.

If it was not you, remove the forward in Settings, change your password, and write to the postmaster of {domain}.
"""
Row = dict[str, Any]


def forwards(actor: Actor, account_id: int | None) -> list[Row]:
    account = mail_access.account_id_for(actor, account_id, need=Right.READ)
    return [_json(row) for row in Forward.objects.filter(account_id=account).order_by("id")]


def forward(actor: Actor, forward_id: int) -> Row:
    return _json(access.forward_for(actor, forward_id, need=Right.READ))


def _json(row: Forward) -> Row:
    return {
        "id": str(row.id),
        "account_id": str(row.account_id),
        "address": row.address,
        "is_confirmed": row.confirmed_at is not None,
        "is_enabled": row.is_enabled,
        "keeps_copy": row.keeps_copy,
        "created_at": clock.iso(clock.to_ms(row.created_at)),
    }


@db.action
def propose(
    actor: Actor, account_id: int | None, address: str, *, is_enabled: bool, keeps_copy: bool, ip: str
) -> tuple[int, str]:
    """Ask an address to take the account's mail; a code goes there. Gives the forward and the flow of the code.

    Raises Denied (step_up_required), Invalid (invalid_recipient, own_address), Conflict (forward_exists, too_many),
    Limited.
    """
    account = mail_access.account_for(actor, account_id, need=Right.ADMIN)
    actor.require("mail.send")
    step_up.require_of_session(actor)
    target = outgoing.deliverable(address)
    if target.lower() in arriving.addresses_of(account.id):
        raise Invalid("own_address", "Mail goes on to another address.", pointer="/address")
    others = [row.address.lower() for row in Forward.objects.filter(account_id=account.id)]
    if target.lower() in others:
        raise Conflict("forward_exists", "There is a forward to this address.")
    if len(others) >= MAX_FORWARDS:
        raise Conflict("too_many", f"An account has {MAX_FORWARDS} forwards at most.")
    row = Forward.objects.create(
        account_id=account.id, address=target, is_enabled=is_enabled, keeps_copy=keeps_copy
    )
    flow = _ask(actor, row, ip)
    _record(actor, Act.FORWARD_PROPOSED, row, {"address": target})
    return row.id, flow


def _ask(actor: Actor, row: Forward, ip: str) -> str:
    facts = {"forward": row.id}
    return codes.begin(PURPOSE, email=row.address, ip=ip, facts=facts, user_id=actor.user_id)


@db.action
def ask_again(actor: Actor, forward_id: int, *, ip: str) -> str:
    """Send another code; gives its flow. Raises Conflict (forward_confirmed), Denied, Limited."""
    row = access.forward_for(actor, forward_id)
    step_up.require_of_session(actor)
    if row.confirmed_at is not None:
        raise Conflict("forward_confirmed", "It is confirmed already.")
    return _ask(actor, row, ip)


@codes.purpose(PURPOSE)
def _reader(code: codes.Asked) -> codes.Reader | None:
    row = Forward.objects.filter(id=code.facts.get("forward", 0), confirmed_at=None).first()
    if row is None:
        return None
    account = _account_of(row)
    return codes.Reader(
        email=row.address,
        user_id=code.user_id,
        organisation_id=account.organisation_id,
        subject="A code to forward mail to you",
        text=_PROVE.format(owner=_owner_of(account)),
    )


def _account_of(row: Forward) -> Account:
    return Account.objects.select_related("owner").get(id=row.account_id)


def _owner_of(account: Account) -> str:
    return account.owner.email if account.owner is not None else account.name


def confirm(actor: Actor, forward_id: int, flow: str, code: str) -> None:
    """Begin to forward, with the code that went there. Raises Invalid (wrong_code), Missing."""
    access.forward_for(actor, forward_id)
    given = codes.check(PURPOSE, flow, code)
    if given.user_id != actor.user_id or given.facts.get("forward") != forward_id:
        raise Invalid("wrong_code", "The code is wrong or too old.", pointer="/code")
    _confirm(actor, forward_id, given)


@db.action
def _confirm(actor: Actor, forward_id: int, given: codes.Asked) -> None:
    row = access.forward_for(actor, forward_id)
    codes.use(given)
    Forward.objects.filter(id=row.id).update(confirmed_at=clock.now())
    account = _account_of(row)
    owner = _owner_of(account)
    letters.write(
        owner,
        subject="Your mail is forwarded",
        text=_BEGUN.format(owner=owner, address=row.address, domain=owner.rpartition("@")[2]),
        organisation_id=account.organisation_id,
    )
    kept.forget_after_commit()
    _record(actor, Act.FORWARD_CONFIRMED, row, {"address": row.address})


@db.action
def change_forward(
    actor: Actor, forward_id: int, *, is_enabled: bool | None = None, keeps_copy: bool | None = None
) -> None:
    """What goes there and whether it stays here too. Asks for step-up, but to switch it off. Raises Denied, Missing."""
    row = access.forward_for(actor, forward_id)
    if is_enabled or keeps_copy is not None:
        actor.require("mail.send")
        step_up.require_of_session(actor)
    given = {
        name: value
        for name, value in (("is_enabled", is_enabled), ("keeps_copy", keeps_copy))
        if value is not None
    }
    if given:
        Forward.objects.filter(id=row.id).update(**given)
        kept.forget_after_commit()
        _record(actor, Act.FORWARD_CHANGED, row, {"fields": sorted(given), **given})


@db.action
def remove_forward(actor: Actor, forward_id: int) -> None:
    """Raises Conflict (forward_in_use) for one that a rule sends mail to."""
    row = access.forward_for(actor, forward_id)
    if filters.names_of_rules_with(forward_id=row.id):
        raise Conflict("forward_in_use", "A rule forwards to it.")
    _record(actor, Act.FORWARD_REMOVED, row, {"address": row.address})
    row.delete()
    kept.forget_after_commit()


def _record(actor: Actor, act: Act, row: Forward, facts: dict[str, Fact]) -> None:
    """The account's owner may read the line too."""
    subject = _account_of(row).owner_id
    record(actor, act, kind="forward", object_id=row.id, subject=subject, facts=facts)
