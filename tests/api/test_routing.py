"""Paths are found as Django's own `include` finds them."""

from __future__ import annotations

import re

import pytest
from django.urls import Resolver404, URLResolver, get_resolver, include, path

from tests.house import RunningHouse


@pytest.mark.usefixtures("house")
def test_every_path_is_found_as_by_include(house: RunningHouse) -> None:
    from posthouse.config.urls import api

    ours, plain = get_resolver(), path("api/v1/", include(api))
    assert isinstance(plain, URLResolver)
    for pattern in api:
        asked = "api/v1/" + re.sub(r"<(?:\w+:)?\w+>", "1234567", str(pattern.pattern))
        found, wanted = ours.resolve("/" + asked), plain.resolve(asked)
        assert (found.func, found.kwargs, found.route) == (
            wanted.func,
            wanted.kwargs,
            "api/v1/" + wanted.route,
        )


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    "asked", ["api/v1/", "api/v1/thread/", "api/v1/threads", "api/v1//", "api/v1/users/x/y/"]
)
def test_what_is_no_path_falls_to_the_one_that_says_so(asked: str) -> None:
    from posthouse.config.urls import api, nothing_here

    assert get_resolver().resolve("/" + asked).func is nothing_here
    plain = path("api/v1/", include(api))
    with pytest.raises(Resolver404):
        plain.resolve(asked)


@pytest.mark.usefixtures("house")
def test_a_pattern_without_a_first_word_is_refused() -> None:
    from posthouse.base.api.routing import Routes

    with pytest.raises(ValueError, match="begins with a parameter"):
        Routes("x/", [path("<int:number>/", lambda request, number: None)])
