"""What people come in with, as operators see it at /admin/. Never a secret, nor its hash."""

from __future__ import annotations

from django.db.models import Q

from posthouse.base.admin import HouseAdmin, act, among, link, moment, shown, since
from posthouse.identity import operating
from posthouse.identity.actor import Actor
from posthouse.identity.admin_forms import OrganisationFilter, of
from posthouse.identity.models import AccessToken, AppPassword, Invitation, Session

PERSON = link("user", "email", "person")


@shown(Session)
class SessionPage(HouseAdmin):
    joined = ("user",)
    icon, name = "devices", "id"
    columns = (
        "id",
        PERSON,
        "kind",
        "has_second_factor",
        moment("created_at"),
        moment("last_used_at"),
        "ip",
        moment("revoked_at", "ended"),
    )
    facts = (
        "id",
        PERSON,
        "kind",
        "has_second_factor",
        moment("created_at"),
        moment("last_used_at"),
        moment("proved_at"),
        moment("expires_at"),
        moment("revoked_at", "ended"),
        "ip",
        "client",
    )
    search_fields = ("user__email", "=ip", "=id")
    list_filter = (
        among(
            "state",
            "state",
            {
                "open": ("Open", Q(revoked_at__isnull=True)),
                "ended": ("Ended", Q(revoked_at__isnull=False)),
            },
        ),
        among("kind", "kind", {kind: (label, Q(kind=kind)) for kind, label in Session.Kind.choices}),
        "has_second_factor",
        of("user__organisation_id"),
        since("last_used_at", "last used"),
    )
    actions = ("end",)

    @act("End", when=lambda row: row.revoked_at is None)
    def end(self, operator: Actor, row: Session) -> None:
        operating.end_session(operator, row.id)


class _HeldPage(HouseAdmin):
    """What somebody made to come in with, until it is revoked."""

    joined = ("user",)
    search_fields = ("user__email", "name", "=last_ip", "=id")
    list_filter = (
        of("user__organisation_id"),
        since("last_used_at", "last used"),
        since("created_at", "made"),
    )
    actions = ("revoke",)


HELD = ("name", PERSON, "scopes", moment("created_at"), moment("expires_at"), moment("last_used_at"))


@shown(AccessToken)
class TokenPage(_HeldPage):
    icon, name = "key", "name"
    columns = (*HELD, "last_ip")
    facts = ("id", *HELD, "last_ip", "last_client")

    @act("Revoke")
    def revoke(self, operator: Actor, row: AccessToken) -> None:
        operating.revoke_token(operator, row.id)


@shown(AppPassword)
class AppPasswordPage(_HeldPage):
    icon, name = "password", "name"
    columns = (*HELD, "last_protocol", "last_ip")

    @act("Revoke")
    def revoke(self, operator: Actor, row: AppPassword) -> None:
        operating.revoke_app_password(operator, row.id)


@shown(Invitation)
class InvitationPage(HouseAdmin):
    icon, name = "mail", "email"
    columns = (
        "email",
        link("organisation", "name"),
        "role",
        link("invited_by", "email"),
        moment("created_at"),
        moment("expires_at"),
        moment("accepted_at"),
    )
    joined = ("organisation", "invited_by")
    search_fields = ("email", "=id")
    list_filter = (
        among(
            "state",
            "state",
            {
                "waiting": ("Waiting", Q(accepted_at__isnull=True)),
                "accepted": ("Accepted", Q(accepted_at__isnull=False)),
            },
        ),
        OrganisationFilter,
        since("created_at", "made"),
    )
    actions = ("revoke",)

    @act("Revoke", when=lambda row: row.accepted_at is None)
    def revoke(self, operator: Actor, row: Invitation) -> None:
        operating.revoke_invitation(operator, row.id)
