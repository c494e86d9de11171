"""Querysets written once give what Django gives, and refuse values in another order than they are asked with."""

from __future__ import annotations

import pytest
from django.db import models

from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("house")


def _columns(row: models.Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_and_those_fetched_along_are_as_django_gives_them(cast: Cast) -> None:
    from posthouse.base import timing
    from posthouse.base.prepared import Prepared
    from posthouse.identity import people, roles
    from posthouse.identity.models import User

    made = roles.create_role(cast.alice.actor, name="Reader", permissions=["mail.read"])
    asked = User.objects.select_related("organisation", "custom_role")
    by_email = Prepared(lambda email: asked.filter(email=email), ["a"])
    for has_role, person in ((False, cast.alice), (True, cast.bob)):
        if has_role:
            people.change_user(cast.alice.actor, person.actor.user_id, role=str(made.id))
        found, wanted = by_email.first(person.email), asked.get(email=person.email)
        assert found is not None
        assert _columns(found) == _columns(wanted)
        before = timing.tally.queries
        assert _columns(found.organisation) == _columns(wanted.organisation)
        assert (found.custom_role is not None) is has_role
        assert found.custom_role is None or _columns(found.custom_role) == _columns(wanted.custom_role)
        assert timing.tally.queries == before
    assert by_email.first("nobody@example.test") is None


def test_values_in_another_order_than_the_statement_has_them_are_refused(cast: Cast) -> None:
    from posthouse.base.prepared import Prepared
    from posthouse.identity.models import User

    mixed = Prepared(lambda email, role: User.objects.filter(role=role).filter(email=email), ["a", "member"])
    with pytest.raises(TypeError):
        mixed.first(cast.alice.email, "owner")
