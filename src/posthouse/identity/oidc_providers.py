"""The outside OpenID providers of an organisation. Only its owner names one: who does can log in as anybody there."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import db, net, sealing
from posthouse.base.errors import Conflict, Denied, Failure, Invalid, Missing
from posthouse.identity import step_up
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address
from posthouse.identity.models import Domain, IdentityProvider

PURPOSE = "identity provider secret"
MAX_PROVIDERS = 10


def providers(actor: Actor) -> list[IdentityProvider]:
    _require_owner(actor)
    return list(IdentityProvider.objects.filter(organisation_id=actor.organisation_id).order_by("id"))


def providers_for(email: str) -> list[IdentityProvider]:
    """Those of the organisation that owns an address's domain; says nothing of whether the address is anybody's."""
    try:
        domain = normal_address(email).rpartition("@")[2]
    except Failure:
        return []
    owners = Domain.objects.filter(name=domain).values("organisation_id")
    return list(IdentityProvider.objects.filter(organisation_id__in=owners).order_by("id"))


def add(actor: Actor, given: Mapping[str, str]) -> IdentityProvider:
    """`name`, `issuer`, `client_id`, `client_secret`. Raises Denied, Invalid or Conflict."""
    _require_owner(actor)
    step_up.require(actor)
    issuer = given["issuer"]
    if not _is_allowed(issuer):
        raise Invalid(
            "bad_issuer", "An issuer is an address such as https://id.example.org.", pointer="/issuer"
        )
    return _keep(actor, given, sealing.seal(given["client_secret"].encode(), purpose=PURPOSE))


def _is_allowed(issuer: str) -> bool:
    """https, or http at one that the operator allows (POSTHOUSE_ALLOW_NETS); else anybody between could speak."""
    try:
        parts = urlsplit(issuer)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.query or parts.fragment or parts.username:
        return False
    if parts.scheme == "https":
        return True
    address = net.host_or_address(host)
    return (
        parts.scheme == "http"
        and not isinstance(address, str)
        and any(address in network for network in net.policy().allow_nets)
    )


@db.action
def _keep(actor: Actor, given: Mapping[str, str], sealed: str) -> IdentityProvider:
    if IdentityProvider.objects.filter(organisation_id=actor.organisation_id).count() >= MAX_PROVIDERS:
        raise Conflict("too_many", f"An organisation has no more than {MAX_PROVIDERS} providers.")
    made = IdentityProvider.objects.create(
        organisation_id=actor.organisation_id,
        name=given["name"],
        issuer=given["issuer"],
        client_id=given["client_id"],
        secret_sealed=sealed,
    )
    _record(actor, Act.PROVIDER_ADDED, made)
    return made


@db.action
def remove(actor: Actor, provider_id: int) -> None:
    """Raises Missing."""
    step_up.require(actor)
    found = IdentityProvider.objects.filter(id=provider_id, organisation_id=actor.organisation_id).first()
    if actor.role != "owner" or found is None:
        raise Missing()
    _record(actor, Act.PROVIDER_REMOVED, found)
    found.delete()


def _record(actor: Actor, act: Act, provider: IdentityProvider) -> None:
    facts: dict[str, Fact] = {"name": provider.name, "issuer": provider.issuer}
    record(actor, act, kind="identity_provider", object_id=provider.id, facts=facts)


def _require_owner(actor: Actor) -> None:
    if actor.role != "owner":
        raise Denied("permission_denied", "Only the owner of the organisation can do this.")
