"""The programs an organisation knows, made by its administrators. Of a secret only the hash is kept."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import db
from posthouse.base.errors import Conflict, Invalid, Missing
from posthouse.identity import live_sessions, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.models import OAuthClient, OAuthGrant
from posthouse.identity.scopes import SCOPES

IDENTITY_SCOPES = {
    "openid": "Know who you are.",
    "profile": "Know your name.",
    "email": "Know your e-mail address.",
    "offline_access": "Do so while you are not there.",
}
ALL_SCOPES = {**IDENTITY_SCOPES, **SCOPES}
MAX_CLIENTS = 200
MAX_URIS = 20
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_ON_ANY_PORT = re.compile(r"http://(127\.0\.0\.1|\[::1\])(?::\d{1,5})?(/[!-~]*)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    client: OAuthClient
    secret: str = field(repr=False)


def clients(actor: Actor) -> list[OAuthClient]:
    """Of the actor's organisation; raises Denied for who is no administrator."""
    _require_admin(actor)
    return list(OAuthClient.objects.filter(organisation_id=actor.organisation_id).order_by("name", "id"))


def make(
    actor: Actor, *, name: str, redirect_uris: list[str], scopes: Iterable[str], is_public: bool
) -> Made:
    """A new client, its secret shown once (empty for a public one). Raises Denied or Invalid."""
    _require_admin(actor)
    step_up.require(actor)
    wanted = sorted(set(scopes))
    if not wanted or any(scope not in ALL_SCOPES for scope in wanted):
        raise Invalid("unknown_scope", "A client has one scope or more of the table.", pointer="/scopes")
    if not 0 < len(redirect_uris) <= MAX_URIS:
        raise Invalid("bad_redirect_uri", "A client has one redirect URI or more.", pointer="/redirect_uris")
    for number, uri in enumerate(redirect_uris):
        if not is_allowed_uri(uri):
            raise Invalid(
                "bad_redirect_uri",
                "A redirect URI is https, or http on the same machine, or an app's own scheme; without a fragment.",
                pointer=f"/redirect_uris/{number}",
            )
    secret = "" if is_public else secrets.token_urlsafe(32)
    return Made(client=_keep(actor, name, redirect_uris, " ".join(wanted), secret), secret=secret)


@db.action
def _keep(actor: Actor, name: str, uris: list[str], scopes: str, secret: str) -> OAuthClient:
    if OAuthClient.objects.filter(organisation_id=actor.organisation_id).count() >= MAX_CLIENTS:
        raise Conflict("too_many", f"An organisation has no more than {MAX_CLIENTS} clients.")
    made = OAuthClient.objects.create(
        organisation_id=actor.organisation_id,
        client_id=f"phc_{secrets.token_hex(12)}",
        name=name,
        secret_hash=_hash(secret) if secret else "",
        redirect_uris=uris,
        scopes=scopes,
    )
    _record(actor, Act.OAUTH_CLIENT_ADDED, made)
    return made


@db.action
def remove(actor: Actor, client_id: int) -> None:
    """The client and all that it was allowed; what its tokens have open ends. Raises Missing."""
    if not actor.may("organisation.manage"):
        raise Missing()
    step_up.require(actor)
    found = OAuthClient.objects.filter(id=client_id, organisation_id=actor.organisation_id).first()
    if found is None:
        raise Missing()
    for grant_id in OAuthGrant.objects.filter(client=found).values_list("id", flat=True):
        live_sessions.topic_ended(live_sessions.grant_topic(grant_id))
    _record(actor, Act.OAUTH_CLIENT_REMOVED, found)
    found.delete()


def _record(actor: Actor, act: Act, client: OAuthClient) -> None:
    facts: dict[str, Fact] = {"name": client.name, "client_id": client.client_id}
    record(actor, act, kind="oauth_client", object_id=client.id, facts=facts)


def _require_admin(actor: Actor) -> None:
    actor.require("organisation.manage")


def is_allowed_uri(uri: str) -> bool:
    """RFC 6749 §3.1.2, RFC 8252 §7, §8.4: absolute, no fragment, no scheme that runs scripts."""
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return False
    if len(uri) > 2_000 or "#" in uri or not uri.isascii() or not uri.isprintable() or " " in uri:
        return False
    if parts.scheme == "https":
        return bool(host) and parts.username is None
    if parts.scheme == "http":
        return host in _LOOPBACK and parts.username is None
    return "." in parts.scheme and bool(parts.path)


def uri_fits(client: OAuthClient, uri: str) -> bool:
    """Equal to one of the client's, byte for byte; of a loopback one the port may differ (RFC 8252 §7.3)."""
    return any(uri == known or _portless(uri) == _portless(known) != "" for known in client.redirect_uris)


def _portless(uri: str) -> str:
    """A loopback address without its port, "" for any other.

    Read by its letters and not by a parser: browsers take `http://evil.test\\@127.0.0.1/` for evil.test, Python not.
    """
    found = _ON_ANY_PORT.match(uri)
    return "" if found is None else f"http://{found[1]}{found[2] or ''}"


def host_of(uri: str) -> str:
    """Where a redirect URI leads, to be shown to the person."""
    try:
        parts = urlsplit(uri)
        return parts.hostname or parts.scheme
    except ValueError:
        return ""


def authenticated(client_id: str, secret: str | None) -> OAuthClient | None:
    """The client, if it is who it says; a public one comes without a secret, and only so."""
    client = OAuthClient.objects.filter(client_id=client_id[:40]).first()
    given = _hash(secret) if secret else ""
    known = client.secret_hash if client is not None else _hash("nobody's secret")
    fits = hmac.compare_digest(given, known)
    return client if fits else None


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
