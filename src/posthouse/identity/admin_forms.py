"""What operators are asked on the pages of organisations and people, and the filters that these share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter
from django.db.models import Q
from django.http import HttpRequest
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from posthouse.base.admin import ActForm
from posthouse.identity import roles
from posthouse.identity.models import Address, Domain, Organisation, Role, User

MOST_LISTED = 100
"""How many organisations a filter offers; those of larger servers are found by their own page."""


class OrganisationFilter(SimpleListFilter):
    title = "organisation"
    parameter_name = "organisation"
    path = "organisation_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        first = list(Organisation.objects.order_by("name").values_list("id", "name")[:MOST_LISTED])
        chosen = self.used_parameters.get(self.parameter_name)
        if chosen and chosen not in {str(one) for one, _ in first} and str(chosen).isdigit():
            first += Organisation.objects.filter(id=chosen).values_list("id", "name")
        return [(str(one), name) for one, name in first]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value()
        return queryset.filter(**{self.path: chosen}) if chosen and chosen.isdigit() else queryset


def of(path: str) -> type[OrganisationFilter]:
    """The filter for a table that knows its organisation by another one."""
    return type("OrganisationOf", (OrganisationFilter,), {"path": path})


def _text(label: str, *, required: bool = True, help_text: str = "", most: int = 320) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget,
    )


def _choice(label: str, choices: Any, usual: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, initial=usual, widget=UnfoldAdminSelectWidget)


def _switch(label: str, help_text: str = "") -> forms.BooleanField:
    return forms.BooleanField(
        label=label, required=False, help_text=help_text, widget=UnfoldBooleanSwitchWidget
    )


class AddOrganisation(ActForm):
    name = _text("Name", most=200)
    domain = _text(
        "First domain", most=253, help_text="Mail for it is received here; nobody is asked to prove it."
    )

    class Meta:
        model = Organisation
        fields = ()


class ChangeOrganisation(ActForm):
    name = _text("Name", most=200)
    sign_up = _choice("Sign-up", Organisation.SignUp.choices)
    min_password = forms.IntegerField(
        label="Shortest password", min_value=8, max_value=128, widget=UnfoldAdminTextInputWidget
    )
    requires_mfa = _switch("Second factor for everybody")

    class Meta:
        model = Organisation
        fields = ()

    def held(self, row: Organisation) -> dict[str, Any]:
        return {name: getattr(row, name) for name in self.base_fields}


class AddDomain(ActForm):
    organisation = _text("Organisation", most=200, help_text="Its name, or its number.")
    name = _text("Domain", most=253)

    class Meta:
        model = Domain
        fields = ()

    def clean_organisation(self) -> int:
        wanted = self.cleaned_data["organisation"].strip()
        found = Organisation.objects.filter(Q(name=wanted) | Q(id=wanted if wanted.isdigit() else 0))
        ids = list(found.values_list("id", flat=True)[:2])
        if len(ids) != 1:
            raise forms.ValidationError("There is no organisation of this name or number, or several.")
        return ids[0]


class ChangeDomain(ActForm):
    catch_all = _text(
        "Catch-all", required=False, help_text="The address that gets what is for nobody; none refuses it."
    )

    class Meta:
        model = Domain
        fields = ()

    def held(self, row: Domain) -> dict[str, Any]:
        return {"catch_all": "" if row.catch_all is None else row.catch_all.email}


class AddPerson(ActForm):
    email = _text("Address", help_text="In a domain that is here; its organisation is the person's.")
    name = _text("Name", required=False, most=200)
    password = forms.CharField(
        label="Password", max_length=256, strip=False, widget=UnfoldAdminPasswordWidget(render_value=False)
    )
    role = _choice("Role", User.Role.choices, User.Role.MEMBER)

    class Meta:
        model = User
        fields = ()


class ChangePerson(ActForm):
    name = _text("Name", required=False, most=200)
    role = _choice("Role", ())
    is_active = _switch("Switched on", "Off: no log-in, no mail, and every session ends.")

    class Meta:
        model = User
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            own = Role.objects.filter(organisation_id=self.instance.organisation_id).order_by("name")
            choices = [*User.Role.choices, *((str(role.id), role.name) for role in own)]
            self.fields["role"].choices = choices  # type: ignore[attr-defined]

    def held(self, row: User) -> dict[str, Any]:
        return {
            "name": row.name,
            "role": roles.key_of(row.role, row.custom_role_id),
            "is_active": row.is_active,
        }


class AddAddress(ActForm):
    email = _text("Address")
    person = _text("Whose", help_text="The address by which the person logs in.")

    class Meta:
        model = Address
        fields = ()

    def clean_person(self) -> int:
        found = User.objects.filter(email=self.cleaned_data["person"].strip().lower()).first()
        if found is None:
            raise forms.ValidationError("There is no such person.")
        return found.id
