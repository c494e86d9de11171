"""Organisations, people and what they hold, as operators see them at /admin/. Never a secret, nor its hash."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from posthouse.base import clock
from posthouse.base.admin import (
    HouseAdmin,
    act,
    among,
    elsewhere,
    link,
    moment,
    shown,
    since,
    text,
)
from posthouse.base.errors import Invalid
from posthouse.identity import aliases, groups, operating, operators, organisations, people, roles, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.admin_forms import (
    AddAddress,
    AddDomain,
    AddOrganisation,
    AddPerson,
    ChangeDomain,
    ChangeOrganisation,
    ChangePerson,
    OrganisationFilter,
    of,
)
from posthouse.identity.models import (
    AccessToken,
    Address,
    AppPassword,
    Domain,
    Group,
    Organisation,
    Role,
    Session,
    User,
)
from posthouse.identity.operators import acting_in, acting_on
from posthouse.identity.passwords import hash_new_password
from posthouse.identity.people import Settle

# --- organisations --------------------------------------------------------------------------------


@shown(Organisation)
class OrganisationPage(HouseAdmin):
    icon, name = "apartment", "name"
    columns = (
        "name",
        moment("created_at"),
        "sign_up",
        "requires_mfa",
        elsewhere("people", User, "organisation"),
    )
    facts = (
        "id",
        moment("created_at"),
        text("default_domain.name", "default domain"),
        elsewhere("people", User, "organisation"),
        elsewhere("domains", Domain, "organisation"),
        elsewhere("groups", Group, "organisation"),
    )
    joined = ("default_domain",)
    search_fields = ("name", "=id")
    list_filter = ("sign_up", "requires_mfa", since("created_at", "made"))
    sortable_by = ("name",)
    add_form, change_form = AddOrganisation, ChangeOrganisation

    def add(self, operator: Actor, given: dict[str, Any]) -> int:
        return operating.create_organisation(operator, name=given["name"], domain=given["domain"])

    def change(self, operator: Actor, row: Organisation, given: dict[str, Any]) -> None:
        operating.change_organisation(operator, row.id, given)


@shown(Domain)
class DomainPage(HouseAdmin):
    icon, name = "dns", "name"
    columns = (
        "name",
        link("organisation", "name"),
        moment("created_at"),
        text("catch_all.email", "catch-all"),
    )
    facts = ("id", "name", link("organisation", "name"), moment("created_at"))
    joined = ("organisation", "catch_all")
    search_fields = ("name", "=id")
    list_filter = (
        OrganisationFilter,
        among("catch_all", "catch-all", {"yes": ("Has one", Q(catch_all__isnull=False))}),
    )
    sortable_by = ("name",)
    add_form, change_form, can_delete = AddDomain, ChangeDomain, True

    def add(self, operator: Actor, given: dict[str, Any]) -> int:
        return operating.add_domain(operator, given["organisation"], given["name"])

    def change(self, operator: Actor, row: Domain, given: dict[str, Any]) -> None:
        acting = acting_in(operator, row.organisation_id)
        organisations.set_catch_all(acting, row.id, given["catch_all"].strip() or None)

    def delete(self, operator: Actor, row: Domain) -> None:
        step_up.require(operator)
        organisations.remove_domain(acting_in(operator, row.organisation_id), row.id)


# --- people ---------------------------------------------------------------------------------------


@shown(User)
class PersonPage(HouseAdmin):
    """`settle` is what other rooms give a new person; the site hands it in (config/admin_site.py)."""

    settle: Settle

    icon, name, words = "person", "email", ("person", "people")
    columns = (
        "email",
        "name",
        link("organisation", "name"),
        "role",
        "is_active",
        "is_operator",
        moment("created_at"),
    )
    facts = (
        "id",
        "email",
        link("organisation", "name"),
        text("custom_role.name", "role of its own"),
        "kind",
        "is_operator",
        moment("created_at"),
        moment("deleted_at"),
        elsewhere("sessions", Session, "user"),
        elsewhere("tokens", AccessToken, "user"),
        elsewhere("app passwords", AppPassword, "user"),
        elsewhere("addresses", Address, "user"),
    )
    joined = ("organisation", "custom_role")
    search_fields = ("email", "name", "=id")
    list_filter = (
        "is_active",
        "role",
        "kind",
        "is_operator",
        OrganisationFilter,
        among("deleted", "deleted", {"yes": ("Deleted", Q(deleted_at__isnull=False))}),
        since("created_at", "made"),
    )
    sortable_by = ("email",)
    add_form, change_form, can_delete = AddPerson, ChangePerson, True
    delete_words = "The person is switched off, and forgotten in two weeks unless restored."
    actions = (
        "switch_off",
        "switch_on",
        "restore",
        "end_sessions",
        "remove_factors",
        "make_operator",
        "unmake_operator",
    )

    def add(self, operator: Actor, given: dict[str, Any]) -> int:
        step_up.require(operator)
        email, name = given["email"].strip(), given["name"].strip()
        domain = Domain.objects.filter(name=email.rpartition("@")[2].lower()).first()
        if domain is None:
            raise Invalid("no_such_domain", "This domain is not here; add it first.", pointer="/email")
        hashed = hash_new_password(
            given["password"], name=name, email=email, organisation_id=domain.organisation_id
        )
        made = operating.create_person(
            operator,
            email=email,
            name=name,
            password_hash=hashed,
            role=given["role"],
            settle=type(self).settle,
        )
        return made.id

    def change(self, operator: Actor, row: User, given: dict[str, Any]) -> None:
        acting, user = acting_on(operator, row.id)
        if given["role"] != roles.key_of(user.role, user.custom_role_id):
            step_up.require(acting)
        people.change_user(
            acting,
            user.id,
            name=None if given["name"] == user.name else given["name"],
            role=given["role"],
            is_active=given["is_active"],
        )

    def delete(self, operator: Actor, row: User) -> None:
        step_up.require(operator)
        people.delete_user(acting_in(operator, row.organisation_id), row.id)

    @act("Switch off", when=lambda row: row.is_active)
    def switch_off(self, operator: Actor, row: User) -> None:
        people.change_user(acting_in(operator, row.organisation_id), row.id, is_active=False)

    @act("Switch on", when=lambda row: not row.is_active and row.deleted_at is None)
    def switch_on(self, operator: Actor, row: User) -> None:
        people.change_user(acting_in(operator, row.organisation_id), row.id, is_active=True)

    @act("Restore", when=lambda row: row.deleted_at is not None)
    def restore(self, operator: Actor, row: User) -> None:
        people.restore_user(acting_in(operator, row.organisation_id), row.id)

    @act("End all sessions")
    def end_sessions(self, operator: Actor, row: User) -> None:
        operating.end_sessions(operator, row.id)

    @act("Remove the second factor")
    def remove_factors(self, operator: Actor, row: User) -> None:
        operating.remove_factors(operator, row.id)

    @act("Make an operator", when=lambda row: not row.is_operator)
    def make_operator(self, operator: Actor, row: User) -> None:
        operators.appoint(row.email, is_operator=True, by=operator)

    @act("Make no operator any more", when=lambda row: row.is_operator)
    def unmake_operator(self, operator: Actor, row: User) -> None:
        operators.appoint(row.email, is_operator=False, by=operator)


@shown(Address)
class AddressPage(HouseAdmin):
    icon, name, words = "alternate_email", "email", ("address", "addresses")
    columns = ("email", link("user", "email", "person"), link("group", "name"), link("domain", "name"))
    joined = ("user", "group", "domain")
    search_fields = ("email", "user__email", "=id")
    list_filter = (
        among(
            "whose",
            "whose",
            {"person": ("A person's", Q(user__isnull=False)), "group": ("A group's", Q(group__isnull=False))},
        ),
        of("domain__organisation_id"),
    )
    sortable_by = ("email",)
    add_form, can_delete = AddAddress, True

    def add(self, operator: Actor, given: dict[str, Any]) -> int:
        acting, user = acting_on(operator, given["person"])
        return int(aliases.add_alias(acting, user.id, given["email"])["id"])

    def delete(self, operator: Actor, row: Address) -> None:
        acting = acting_in(operator, row.domain.organisation_id)
        if row.group is not None:
            groups.update_group(acting, row.group.id, {"email": None})
        elif row.user is not None:
            aliases.remove_alias(acting, row.user.id, row.id)


@shown(Group)
class GroupPage(HouseAdmin):
    icon, name = "groups", "name"
    columns = ("name", link("organisation", "name"), "posting", moment("created_at"))
    facts = ("id", "name", "about", link("organisation", "name"), "posting", moment("created_at"))
    joined = ("organisation",)
    search_fields = ("name", "=id")
    list_filter = ("posting", OrganisationFilter)
    sortable_by = ("name",)
    can_delete = True

    def delete(self, operator: Actor, row: Group) -> None:
        step_up.require(operator)
        groups.delete_group(acting_in(operator, row.organisation_id), row.id)


@shown(Role)
class RolePage(HouseAdmin):
    icon, name = "badge", "name"
    columns = ("name", link("organisation", "name"), moment("created_at"))
    facts = ("id", "name", link("organisation", "name"), "permissions", moment("created_at"))
    joined = ("organisation",)
    search_fields = ("name", "=id")
    list_filter = (OrganisationFilter, since("created_at", "made"))
    can_delete = True

    def delete(self, operator: Actor, row: Role) -> None:
        roles.delete_role(acting_in(operator, row.organisation_id), row.id)


def counts() -> dict[str, int]:
    """For the first page; tables that stay small."""
    week = clock.from_ms(clock.now_ms() - 7 * 86_400_000)
    persons = User.objects.filter(kind=User.Kind.PERSON, deleted_at=None)
    return {
        "Organisations": Organisation.objects.count(),
        "Domains": Domain.objects.count(),
        "People": persons.count(),
        "Switched off": persons.filter(is_active=False).count(),
        "Seen this week": persons.filter(lastseen__at__gte=week).count(),
        "Operators": persons.filter(is_operator=True).count(),
    }
