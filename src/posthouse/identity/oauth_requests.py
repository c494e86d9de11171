"""The authorization request: is it sound, has the person agreed, and the code that says so.

OAuth 2.1's shape: authorization code only, PKCE with S256 always (RFC 7636), exact redirect URIs, `iss` in every answer
(RFC 9207). A fault in the client or its redirect URI is told to the person, never sent there; every other goes back to
the client.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.audit.who import Who
from posthouse.base import clock, db
from posthouse.base.errors import Denied, Invalid, Missing
from posthouse.identity import live_sessions, oauth_clients, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.models import OAuthClient, OAuthCode, OAuthGrant, OAuthToken, Session

CODE_SECONDS = 60
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}\Z")
MAX_TEXT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client asked for in the browser's address, as it came."""

    client_id: str
    redirect_uri: str
    response_type: str = ""
    scope: str = ""
    state: str = ""
    nonce: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    prompt: str = ""
    response_mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A sound request: by whom, for what, and whether the person has agreed to as much before."""

    client: OAuthClient
    scopes: list[str]
    is_agreed: bool


class Faulty(Exception):
    """Sent back to the client as `error`."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


def judge(actor: Actor, asked: Asked) -> Judged:
    """Raises Invalid for what must not be sent to the redirect URI, Faulty for what must."""
    _require_person(actor)
    client = OAuthClient.objects.filter(
        client_id=asked.client_id[:40], organisation_id=actor.organisation_id
    ).first()
    if client is None:
        raise Invalid("unknown_client", "This program is not known to your organisation.")
    if not oauth_clients.uri_fits(client, asked.redirect_uri):
        raise Invalid("bad_redirect_uri", "The program asks to be answered at an address it may not name.")
    _check_form(asked)
    scopes = _scopes(client, asked.scope)
    grant = OAuthGrant.objects.filter(user_id=actor.user_id, client=client).first()
    is_agreed = grant is not None and set(scopes) <= set(grant.scopes.split())
    if asked.prompt == "none" and not is_agreed:
        raise Faulty("consent_required", "The person has not agreed yet.")
    return Judged(client=client, scopes=scopes, is_agreed=is_agreed and asked.prompt != "consent")


def _check_form(asked: Asked) -> None:
    if asked.response_type != "code":
        raise Faulty("unsupported_response_type", "Only code is given.")
    if asked.response_mode not in ("", "query"):
        raise Faulty("invalid_request", "Answers come in the query only.")
    if asked.code_challenge_method != "S256" or not _CHALLENGE.match(asked.code_challenge):
        raise Faulty("invalid_request", "PKCE with S256 is required.")
    if len(asked.state) > MAX_TEXT or len(asked.nonce) > MAX_TEXT:
        raise Faulty("invalid_request", "state and nonce have 500 characters at most.")


def _scopes(client: OAuthClient, text: str) -> list[str]:
    wanted = list(dict.fromkeys(text.split()))
    if not wanted or any(scope not in client.scopes.split() for scope in wanted):
        raise Faulty("invalid_scope", "The client may not ask for this.")
    return wanted


def approve(actor: Actor, asked: Asked) -> str:
    """The person agrees: where to send the browser, with a code. Raises as `judge`.

    What opens more than who they are asks for step-up the first time: the program stays when the session has ended.
    """
    judged = judge(actor, asked)
    if not judged.is_agreed and not oauth_clients.IDENTITY_SCOPES.keys() >= set(judged.scopes):
        step_up.require(actor)
    code = secrets.token_urlsafe(32)
    _keep(actor, judged, asked, sha256(code.encode()).hexdigest())
    return answer(asked, {"code": code})


@db.action
def _keep(actor: Actor, judged: Judged, asked: Asked, code_hash: str) -> None:
    grant, _ = OAuthGrant.objects.get_or_create(
        user_id=actor.user_id, client=judged.client, defaults={"scopes": " ".join(judged.scopes)}
    )
    together = sorted({*grant.scopes.split(), *judged.scopes})
    OAuthGrant.objects.filter(id=grant.id).update(scopes=" ".join(together))
    facts: dict[str, Fact] = {"client_id": judged.client.client_id, "scopes": judged.scopes}
    record(actor, Act.APPLICATION_ALLOWED, kind="application", object_id=grant.id, facts=facts)
    proved_at = Session.objects.values_list("proved_at", flat=True).get(id=actor.session_id or 0)
    OAuthCode.objects.create(
        code_hash=code_hash,
        grant=grant,
        redirect_uri=asked.redirect_uri,
        scopes=" ".join(judged.scopes),
        nonce=asked.nonce,
        challenge=asked.code_challenge,
        authenticated_at=proved_at or clock.now(),
        expires_at=clock.from_ms(clock.now_ms() + CODE_SECONDS * 1000),
    )


def answer(asked: Asked, values: dict[str, str]) -> str:
    """The redirect URI with our values in its query."""
    parts = urlsplit(asked.redirect_uri)
    query = parse_qsl(parts.query, keep_blank_values=True) + list(values.items())
    if asked.state:
        query.append(("state", asked.state[:MAX_TEXT]))
    query.append(("iss", issuer()))
    return parts._replace(query=urlencode(query)).geturl()


def issuer() -> str:
    """Who we are to other programs: where browsers find us."""
    found: tuple[str, ...] = settings.PASSKEY_ORIGINS
    return found[0] if found else f"https://{settings.PASSKEY_RP_ID}"


def _require_person(actor: Actor) -> None:
    if actor.session_id is None or actor.scopes is not None:
        raise Denied("no_session", "Only a person with a session can let a program in.")


def grants_of(actor: Actor) -> list[OAuthGrant]:
    return list(OAuthGrant.objects.filter(user_id=actor.user_id).select_related("client").order_by("-id"))


@db.action
def revoke_grant(actor: Actor, grant_id: int) -> None:
    """The program is out: its tokens open nothing, and what they have open ends. Raises Missing."""
    if not OAuthGrant.objects.filter(id=grant_id, user_id=actor.user_id).exists():
        raise Missing()
    _revoke(actor, [grant_id])


@db.action
def revoke_all_grants(actor: Actor) -> None:
    _revoke(actor, list(OAuthGrant.objects.filter(user_id=actor.user_id).values_list("id", flat=True)))


def _revoke(actor: Actor, ids: list[int]) -> None:
    OAuthToken.objects.filter(grant_id__in=ids).delete()
    OAuthGrant.objects.filter(id__in=ids).delete()
    for grant_id in ids:
        ended(actor, grant_id, reason="revoked")


def ended(by: Who, grant_id: int, *, reason: str) -> None:
    """Inside an action that took a program's tokens: what they have open ends, and it goes on record."""
    live_sessions.topic_ended(live_sessions.grant_topic(grant_id))
    facts: dict[str, Fact] = {"reason": reason}
    record(by, Act.APPLICATION_ENDED, kind="application", object_id=grant_id, facts=facts)
