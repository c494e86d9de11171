"""The list of people costs a page, however many there are."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.mail.test_query_plans import plans_of

pytestmark = pytest.mark.usefixtures("house")

ORDERS = {"name": "user_by_name", "email": "user_by_email", "created_at": "identity_user_organisation"}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("is_later", [False, True])
def test_each_order_walks_an_index(cast: Cast, order: str, sign: str, is_later: bool) -> None:
    from posthouse.identity import people_list
    from posthouse.identity.people_list import Wanted

    actor = cast.bob.actor
    after = ("b", 1) if is_later else None
    plans = plans_of(lambda: people_list.page(actor, Wanted(), sort=f"{sign}{order}", after=after, limit=50))
    steps = next(steps for text, steps in plans.items() if "identity_profile p ON" in text)
    assert not any("TEMP B-TREE" in step or step.startswith("SCAN") for step in steps), steps
    (step,) = (step for step in steps if ORDERS[order] in step)
    assert ("AND" in step) == is_later, (step, "a later page begins where it begins")


def test_a_page_takes_few_questions_however_many_people(cast: Cast) -> None:
    """The permission is with the session; what the viewer hides is asked once."""
    from posthouse.identity import people_list
    from posthouse.identity.people_list import Wanted

    actor = cast.bob.actor
    assert len(plans_of(lambda: people_list.page(actor, Wanted(), limit=50))) <= 2


def test_whose_address_it_is_costs_two_questions(cast: Cast) -> None:
    from posthouse.identity import directory

    directory.forget()
    assert len(plans_of(lambda: directory.lookup(cast.bob.email))) == 2
