"""The whole schema against the running house: whatever it allows must be answered as it says, and nothing breaks.

A few examples per operation every day; `POSTHOUSE_SCHEMA_EXAMPLES=200` looks longer.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.house import RunningHouse

# Pieces of tus.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
DOCUMENT = Path(__file__).parents[2] / "openapi.json"
PATHS = json.loads(DOCUMENT.read_text())["paths"]
EXAMPLES = int(os.environ.get("POSTHOUSE_SCHEMA_EXAMPLES", "6"))
SCHEMA = schemathesis.openapi.from_path(DOCUMENT)
SHORT = schemathesis.openapi.from_path(DOCUMENT)
for document in (SCHEMA, SHORT):  # tus answers so to a version it does not know
    document.config.checks.negative_data_rejection.expected_statuses.append("412")
    document.config.checks.missing_required_header.expected_statuses.append("412")
SHORT.config.phases.coverage.enabled = EXAMPLES > 100  # nobody is refused before anything is read
BOUNDED = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def token(house: RunningHouse) -> Iterator[str]:
    from posthouse.base import limits
    from tests import make
    from tests.api.client import log_in
    from tests.cast import new_cast

    limits.configure(None)
    alice = new_cast().alice
    for number in range(3):
        make.email(alice, subject=f"No {number}")
    yield log_in(house, alice).headers["Authorization"]
    limits.configure({})


@pytest.fixture(scope="module")
def others_token(house: RunningHouse) -> Callable[[], str]:
    """Of somebody new each time, for what ends sessions."""
    from tests.api.client import log_in
    from tests.cast import new_cast

    return lambda: log_in(house, new_cast().alice).headers["Authorization"]


ENDS_SESSIONS = {"security_revoke_all", "auth_password_change"}


SEMANTIC = {
    "oauth",  # in OAuth's own form
    "one_proof",
    "unknown_scope",
    "wrong_code",
    "bad_password",
    "common_password",
    "guessable_password",
    "bad_issuer",
    "bad_rule",
    "bad_notification_rule",
    "invalid_push_key",
    "no_recovery_address",
    "bad_entry",
    "group_is_private",
    "channel_needs_name",
    "one_person",
    "direct_has_no_settings",
    "guest_stays_guest",
    "empty_message",
    "no_acknowledgement",
    "not_an_emoji",
    "bad_redirect_uri",
    "unknown_client",
    "invalid_parameter",  # of several parameters only some go together
    "invalid_cursor",
    "invalid_recipient",
    "no_recipients",
    "too_many_recipients",
    "invalid_blob",
    "invalid_message",
    "invalid_name",
    "invalid_url",
    "not_a_draft",
    "invalid_address",
    "invalid_domain",
    "no_such_domain",
    "no_such_address",
    "own_domain",
    "not_outside",
    "address_reserved",
    "bad_picture",
    "invalid_role",
    "too_much",
    "invalid_code",
    "invalid_time_zone",
    "user_or_group",
    "owner",
    "may_not_post",
    "ids_or_thread_ids",
    "unknown_field",  # of a bulk verb that has no such field
    "required",
    "null_characters_not_allowed",
    "blank",
    "invalid",
}
"""Refusals of what the schema allows and no schema can say."""


def _judged(case: Any, house: RunningHouse, **headers: str) -> Any:
    if case.query:
        case.query.pop("fields", None)  # answers are then less than their schema, as asked
    response = case.call(base_url=house.http, headers=headers)
    case.validate_response(response, excluded_checks=[positive_data_acceptance])
    assert response.status_code < 500, response.text
    if response.status_code == 400 and case.meta and case.meta.generation.mode is GenerationMode.POSITIVE:
        assert response.json().get("code", "oauth") in SEMANTIC, response.text
    if response.status_code >= 400:
        problem = response.json()
        if case.operation.path.startswith("/oauth/") and "error" in problem:
            return response  # OAuth's own form
        assert problem["type"] == f"/api/v1/problems/{problem['code']}/" and problem["request_id"]
    return response


@SCHEMA.parametrize()
@BOUNDED
def test_as_alice(case: Any, house: RunningHouse, token: str, others_token: Callable[[], str]) -> None:
    ends = case.operation.definition.raw.get("operationId") in ENDS_SESSIONS
    _judged(case, house, Authorization=others_token() if ends else token)


@SHORT.parametrize()
@BOUNDED
def test_as_nobody(case: Any, house: RunningHouse) -> None:
    response = _judged(case, house)
    assert response.status_code in (400, 401, 403, 404, 405, 413, 415) or _is_open(case)


ROLES = ("admin", "member", "guest", "nothing")
FEW = settings(BOUNDED, max_examples=max(1, EXAMPLES // 6))


@pytest.fixture(scope="module")
def tokens(house: RunningHouse, token: str) -> Callable[[str, str], str]:
    """Of somebody with a role, in an organisation of their own; somebody new for what ends sessions."""
    from tests.api.client import log_in
    from tests.cast import new_cast, person, user_id

    known: dict[str, str] = {}

    def made(role: str) -> str:
        cast = new_cast()
        if role != "nothing":
            return log_in(house, person("Ada", cast.domain, role=role)).headers["Authorization"]
        alice = log_in(house, cast.alice)
        own = alice.ok(alice.post("/roles/", {"name": "Nothing", "permissions": []}), 201)
        alice.ok(alice.patch(f"/users/{user_id(cast.bob)}/", {"role": own["id"]}))
        return log_in(house, cast.bob).headers["Authorization"]

    def token_of(role: str, operation: str) -> str:
        if operation in ENDS_SESSIONS:
            return made(role)
        if role not in known:
            known[role] = made(role)
        return known[role]

    return token_of


@pytest.mark.parametrize("role", ROLES)
@SHORT.parametrize()
@FEW
def test_as_each_role(case: Any, house: RunningHouse, role: str, tokens: Callable[[str, str], str]) -> None:
    """Whatever one may do: the answer is as the schema says, and who may nothing changes nothing of anybody else's."""
    operation = case.operation.definition.raw.get("operationId")
    response = _judged(case, house, Authorization=tokens(role, operation))
    is_write = case.method not in ("GET", "HEAD", "OPTIONS")
    if role == "nothing" and is_write and case.operation.path.startswith(OTHERS):
        assert response.status_code >= 400, (operation, response.status_code)


OTHERS = tuple(
    f"/api/v1/{word}/"
    for word in (
        "roles", "groups", "domains", "organisation", "accounts", "invitations", "identity-providers", "emails",
        "mailboxes", "drafts", "send", "webhooks", "oauth/clients",
    )
)  # fmt: skip
"""What is not one's own alone."""


def _is_open(case: Any) -> bool:
    needed = PATHS[case.operation.path][case.method.lower()].get("security", [])
    return not needed or {} in needed
