"""An organisation's settings and its domains.

Where one organisation has the server to itself it may add any domain. Where there are several, a domain is a claim
until the DNS carries the token we gave: else one could take another's mail, or everybody's mail to a large provider,
by naming it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from typing import Any

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import db, net
from posthouse.base.clock import iso, to_ms
from posthouse.base.errors import Conflict, Failure, Invalid, Missing
from posthouse.identity import directory, dns_records, live_sessions, mfa_policy, permissions, roles, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address, normal_domain
from posthouse.identity.models import Address, Domain, DomainClaim, Organisation, User

PROOF_NAME = "_posthouse.{domain}"
PROOF_TEXT = "posthouse-domain={token}"
MAX_DOMAINS = 1_000
Row = dict[str, Any]


def organisation_for(actor: Actor) -> Organisation:
    return Organisation.objects.select_related("default_domain").get(id=actor.organisation_id)


def as_json(actor: Actor) -> Row:
    """The organisation as its people see it; how one gets in only for those who manage it."""
    row = organisation_for(actor)
    shown: Row = {
        "id": str(row.id),
        "name": row.name,
        "created_at": iso(to_ms(row.created_at)),
        "default_domain": default_domain(row),
        "min_password": row.min_password,
        "requires_mfa": row.requires_mfa,
        "sign_up": None,
        "sign_up_domains": [],
        "sign_up_role": None,
    }
    if actor.may("organisation.manage"):
        shown |= {
            "sign_up": row.sign_up,
            "sign_up_domains": row.sign_up_domains.split(),
            "sign_up_role": row.sign_up_role,
        }
    return shown


def default_domain(row: Organisation) -> str | None:
    """The domain that is offered first: the one chosen, else the oldest."""
    if row.default_domain is not None:
        return row.default_domain.name
    return Domain.objects.filter(organisation=row).order_by("id").values_list("name", flat=True).first()


@db.action
def update_organisation(actor: Actor, changes: dict[str, Any]) -> None:
    """Change settings; values are checked for form already. Asks for step-up. Raises Denied, Invalid."""
    actor.require("organisation.manage")
    step_up.require_of_session(actor)
    values = dict(changes)
    if "default_domain" in values:
        name = values.pop("default_domain")
        own = Domain.objects.filter(organisation_id=actor.organisation_id, name=name).first()
        if own is None:
            raise Invalid("no_such_domain", "This is not a domain of yours.", pointer="/default_domain")
        values["default_domain"] = own
    if "sign_up_domains" in values:
        values["sign_up_domains"] = " ".join(_outside(values["sign_up_domains"]))
    if "sign_up_role" in values:
        _check_modest(actor, values["sign_up_role"])
    if values:
        is_changed = _check_policy(actor, values)
        Organisation.objects.filter(id=actor.organisation_id).update(**values)
        if is_changed:
            _apply_policy(actor.organisation_id, requires=values["requires_mfa"])
        facts: dict[str, Fact] = {"fields": sorted(values)}
        record(
            actor, Act.ORGANISATION_CHANGED, kind="organisation", object_id=actor.organisation_id, facts=facts
        )


def _check_policy(actor: Actor, values: dict[str, Any]) -> bool:
    """Whether `requires_mfa` changes; raises Conflict (mfa_off) for one who would lock themselves out by it."""
    before = Organisation.objects.values_list("requires_mfa", flat=True).get(id=actor.organisation_id)
    is_changed = bool(values.get("requires_mfa", before) != before)
    is_theirs = User.objects.filter(id=actor.user_id, organisation_id=actor.organisation_id).exists()
    if is_changed and not before and is_theirs and not mfa_policy.has_factor(actor.user_id):
        raise Conflict("mfa_off", "Set up a second factor for yourself before you require one of everybody.")
    return is_changed


def _apply_policy(organisation_id: int, *, requires: bool) -> None:
    """Who lacks a factor is out at once, but for setting one up; or in again."""
    lacking = mfa_policy.without_factor(organisation_id)
    if requires:
        for user_id in lacking:
            live_sessions.person_ended(user_id)
    else:
        live_sessions.people_changed(lacking)


def _check_modest(actor: Actor, key: str) -> None:
    """Whoever signs up is a stranger: never more than a member."""
    role, custom = roles.chosen(actor, key)
    held = permissions.bundle(role, None if custom is None else custom.permissions)
    if not held <= permissions.BUILT_IN["member"]:
        raise Invalid(
            "too_much", "Whoever signs up cannot be given more than a member.", pointer="/sign_up_role"
        )


def _outside(names: Sequence[str]) -> list[str]:
    """Domains by which one may sign up are others' domains: an address in ours is what one gets by it."""
    wanted = sorted({normal_domain(name) for name in names})
    if Domain.objects.filter(name__in=wanted).exists():
        raise Invalid(
            "own_domain",
            "Sign-up is for addresses in domains outside this server.",
            pointer="/sign_up_domains",
        )
    return wanted


# --- domains ------------------------------------------------------------------------------------


def domains(actor: Actor) -> list[Row]:
    """The organisation's domains, then those it claims, each with what the DNS should say of it."""
    actor.require("users.read")
    own = Domain.objects.filter(organisation_id=actor.organisation_id).select_related("catch_all")
    claims = DomainClaim.objects.filter(organisation_id=actor.organisation_id).order_by("name")
    return [*map(_domain_json, own.order_by("name")), *map(_claim_json, claims)]


def domain(actor: Actor, domain_id: int) -> Row:
    """One domain or claim; raises Missing."""
    actor.require("users.read")
    claim = DomainClaim.objects.filter(id=domain_id, organisation_id=actor.organisation_id).first()
    return _domain_json(domain_for(actor, domain_id)) if claim is None else _claim_json(claim)


def domain_for(actor: Actor, domain_id: int) -> Domain:
    own = Domain.objects.filter(organisation_id=actor.organisation_id).select_related("catch_all")
    found = own.filter(id=domain_id).first()
    if found is None:
        raise Missing()
    return found


def _domain_json(row: Domain) -> Row:
    return {
        "id": str(row.id),
        "name": row.name,
        "is_proved": True,
        "catch_all": None if row.catch_all is None else row.catch_all.email,
        "records": [*dns_records.of(row.name), *dns_records.of_keys(row)],
    }


def _claim_json(claim: DomainClaim) -> Row:
    proof = dns_records.txt(_proof_name(claim.name), _proof_text(claim), "Proves that the domain is yours.")
    return {
        "id": str(claim.id),
        "name": claim.name,
        "is_proved": False,
        "catch_all": None,
        "records": [proof, *dns_records.of(claim.name)],
    }


def _proof_name(name: str) -> str:
    return PROOF_NAME.format(domain=name)


def _proof_text(claim: DomainClaim) -> str:
    return PROOF_TEXT.format(token=claim.token)


def is_alone(organisation_id: int) -> bool:
    """Whether an organisation has the server to itself."""
    return not Organisation.objects.exclude(id=organisation_id).exists()


@db.action
def add_domain(actor: Actor, name: str) -> int:
    """Receive mail for a domain, or claim it where there are other organisations. Raises Denied, Conflict, Invalid."""
    actor.require("domains.manage")
    wanted = normal_domain(name)
    if "." not in wanted:
        raise Invalid("invalid_domain", f"{wanted!r} is not a domain.", pointer="/name")
    if Domain.objects.filter(organisation_id=actor.organisation_id).count() >= MAX_DOMAINS:
        raise Conflict("too_many_domains", f"An organisation has {MAX_DOMAINS} domains at most.")
    if is_alone(actor.organisation_id):
        return _make(actor, wanted)
    if Domain.objects.filter(name=wanted, organisation_id=actor.organisation_id).exists():
        raise Conflict("domain_exists", f"{wanted} is here already.")
    claim, is_new = DomainClaim.objects.get_or_create(
        organisation_id=actor.organisation_id, name=wanted, defaults={"token": secrets.token_hex(16)}
    )
    if is_new:
        _note(actor, Act.DOMAIN_CLAIMED, claim)
    return claim.id


def _make(actor: Actor, name: str) -> int:
    if Domain.objects.filter(name=name).exists():
        raise Conflict("domain_exists", f"{name} is here already.")
    made = Domain.objects.create(organisation_id=actor.organisation_id, name=name)
    _note(actor, Act.DOMAIN_ADDED, made)
    directory.forget_after_commit()
    return made.id


def add_unproved(actor: Actor, name: str) -> int:
    """A domain that nobody need prove; call inside an action of who answers for it. Raises Conflict."""
    return _make(actor, name)


def prove_domain(actor: Actor, claim_id: int) -> int:
    """Ask the DNS for a claim's token; a proved claim becomes a domain, whose id this gives.

    Raises Conflict (not_proved, domain_exists), Missing. Slow: asks the network, so never in the lane.
    """
    actor.require("domains.manage")
    claim = DomainClaim.objects.filter(id=claim_id, organisation_id=actor.organisation_id).first()
    if claim is None:
        raise Missing()
    try:
        said = asyncio.run(net.dns_txt(_proof_name(claim.name), policy=net.policy(), fresh=True))
    except Failure:
        said = []
    if _proof_text(claim).encode() not in said:
        raise Conflict("not_proved", f"The DNS does not have the record at {_proof_name(claim.name)} yet.")
    return _proved(actor, claim.id, claim.name)


@db.action
def _proved(actor: Actor, claim_id: int, name: str) -> int:
    DomainClaim.objects.filter(id=claim_id).delete()
    return _make(actor, name)


@db.action
def remove_domain(actor: Actor, domain_id: int) -> None:
    """Take a domain or a claim away. Raises Conflict (domain_in_use) while anybody has an address in it."""
    actor.require("domains.manage")
    claim = DomainClaim.objects.filter(id=domain_id, organisation_id=actor.organisation_id).first()
    if claim is not None:
        _note(actor, Act.DOMAIN_UNCLAIMED, claim)
        claim.delete()
        return
    row = domain_for(actor, domain_id)
    if Address.objects.filter(domain=row).exists():
        raise Conflict("domain_in_use", f"There are addresses in {row.name}; remove them first.")
    _note(actor, Act.DOMAIN_REMOVED, row)
    row.delete()
    directory.forget_after_commit()


@db.action
def set_catch_all(actor: Actor, domain_id: int, email: str | None) -> None:
    """Say which address of the organisation gets what is for nobody in a domain; None refuses it again.

    Asks a session for step-up, to take mail in, not to refuse it again.
    """
    actor.require("domains.manage")
    row = domain_for(actor, domain_id)
    target = None
    if email is not None:
        step_up.require_of_session(actor)
        target = Address.objects.filter(
            email=normal_address(email), domain__organisation_id=actor.organisation_id
        ).first()
        if target is None:
            raise Invalid("no_such_address", "This is no address of yours.", pointer="/catch_all")
    Domain.objects.filter(id=row.id).update(catch_all=target)
    directory.forget_after_commit()
    _note(actor, Act.DOMAIN_CHANGED, row)


def _note(actor: Actor, act: Act, row: Domain | DomainClaim) -> None:
    record(actor, act, kind="domain", object_id=row.id, facts={"name": row.name})
