"""Who comes in at /admin/, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.admin.operator import Visitor, operator, visit

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

PATHS = ("/admin/", "/admin/identity/user/", "/admin/nothing/like/this/", "/admin/login/", "/admin/jsi18n/")


def test_the_way_in_is_found_without_its_slash(house: RunningHouse, cast: Cast) -> None:
    alice = operator(house, cast.alice)
    page = alice.ask("GET", "/admin")
    assert (page.status, page.place) == (302, "/admin/")
    assert alice.ask("POST", "/admin", {"x": "y"}).status == 404


@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_sent_to_our_log_in(house: RunningHouse, path: str) -> None:
    page = Visitor(house.http).ask("GET", f"{path}?q=1")
    assert page.status == 302
    assert page.place.startswith("/operator?next=%2Fadmin%2F")


def test_an_owner_who_is_no_operator_finds_nothing_whatever_the_path(house: RunningHouse, cast: Cast) -> None:
    alice = visit(house, cast.alice)
    answers = [alice.ask("GET", path) for path in PATHS]
    assert {page.status for page in answers} == {404}
    bodies = {page.text.replace(page.headers["x-request-id"], "") for page in answers}
    assert len(bodies) == 1, "a path that is there looks like one that is not"


def test_an_operator_comes_in_and_goes_with_the_session(house: RunningHouse, cast: Cast) -> None:
    alice = operator(house, cast.alice)
    assert alice.see("/admin/").headers["cache-control"] == "no-store"
    page = alice.cookies["posthouse_page"]
    alice.ask("DELETE", "/api/v1/auth/session/", **{"X-Posthouse-Client": "web"})
    alice.cookies["posthouse_page"] = page
    assert alice.ask("GET", "/admin/").status == 302


def test_an_operator_unmade_finds_nothing_at_once(house: RunningHouse, cast: Cast) -> None:
    from posthouse.identity import operators

    alice = operator(house, cast.alice)
    alice.see("/admin/")
    operators.appoint(cast.alice.email, is_operator=False)
    assert alice.ask("GET", "/admin/").status == 404


def test_the_cookie_of_the_pages_opens_nothing_of_the_api(house: RunningHouse, cast: Cast) -> None:
    alice = operator(house, cast.alice)
    page = alice.cookies["posthouse_page"]
    asked = Visitor(house.http, {"posthouse_login": page, "posthouse_session": page})
    assert asked.ask("GET", "/api/v1/users/me/").status == 401
    assert asked.ask("POST", "/api/v1/auth/session/refresh/", **{"X-Posthouse-Client": "web"}).status == 401
    assert asked.ask("GET", "/api/v1/users/me/", Authorization=f"Bearer {page}").status == 401


@pytest.mark.parametrize("cookie", ["", "phg_", "phg_AAAA", "phs_AAAA", "x" * 5000, "phg_" + "A" * 64])
def test_a_made_up_cookie_is_nobody(house: RunningHouse, cookie: str) -> None:
    assert Visitor(house.http, {"posthouse_page": cookie}).ask("GET", "/admin/").status == 302


def test_the_api_s_own_cookie_is_no_cookie_of_the_pages(house: RunningHouse, cast: Cast) -> None:
    from posthouse.identity import operators, sessions

    operators.appoint(cast.alice.email, is_operator=True)
    pair = sessions.open_session(cast.alice.actor, client="", ip="", kind="cookie")
    assert Visitor(house.http, {"posthouse_page": pair.refresh}).ask("GET", "/admin/").status == 302


def test_nothing_is_changed_without_the_token_of_this_session(house: RunningHouse, cast: Cast) -> None:
    from posthouse.identity.queries import actor_of

    alice, mallory = operator(house, cast.alice), operator(house, cast.mallory)
    bob = cast.bob.actor.user_id
    wanted = {"action": "switch_off", "index": "0", "_selected_action": str(bob)}
    foreign = mallory.see("/admin/identity/user/").token
    for token in ("", "x.y", foreign):
        given = {**wanted, "csrfmiddlewaretoken": token}
        assert alice.ask("POST", "/admin/identity/user/", given).status == 404
    own = {**wanted, "csrfmiddlewaretoken": alice.see("/admin/identity/user/").token}
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert alice.ask("POST", "/admin/identity/user/", own, **elsewhere).status == 404
    assert actor_of(cast.bob.email, via="test").user_id == bob
    assert alice.ask("POST", "/admin/identity/user/", own).status == 302


def test_the_policy_allows_nothing_inline_and_no_eval(house: RunningHouse, cast: Cast) -> None:
    page = operator(house, cast.alice).see("/admin/identity/user/")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy and "style-src 'self'" in policy
    assert "<style" not in page.text and " style=" not in page.text and "onclick" not in page.text
    assert all("src=" in tag for tag in page.text.split("<script")[1:]), "a script in the page itself"


def test_no_organisation_gives_itself_an_operator(house: RunningHouse, cast: Cast) -> None:
    """Neither by a role, nor through the person who is one and happens to be its own."""
    from posthouse.base.errors import Denied
    from posthouse.identity import operators, people

    operators.appoint(cast.bob.email, is_operator=True)
    bob = cast.bob.actor.user_id
    with pytest.raises(Denied):
        people.change_user(cast.alice.actor, bob, is_active=False)
    with pytest.raises(Denied):
        people.delete_user(cast.alice.actor, bob)
    assert not cast.alice.actor.is_operator
