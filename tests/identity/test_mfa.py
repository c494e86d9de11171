"""The second factor: asked for by every door, taken once, and not to be guessed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse
from tests.identity.factors import Move, add_totp, code, credentials, finish, half_in, with_token

WEB = {"X-Posthouse-Client": "web"}


def test_an_app_is_enrolled_and_asked_for(house: RunningHouse, cast: Cast, alice: Client, move: Move) -> None:
    made = alice.ok(alice.post("/security/totp/"))
    assert made["uri"].startswith(
        f"otpauth://totp/Posthouse%3Aalice%40{cast.domain}?secret={made['secret']}&"
    )
    assert log_in(house, cast.alice), "not before it is confirmed"
    wrong = alice.post("/security/totp/confirm/", {"code": "000000"})
    assert (wrong.status, wrong.json["code"]) == (400, "wrong_code")
    codes = alice.ok(alice.post("/security/totp/confirm/", {"code": code(made["secret"])}))["recovery_codes"]
    assert len(set(codes)) == 10
    asked = half_in(house, cast.alice)
    assert asked["methods"] == ["totp", "recovery_code"]
    move(30)
    pair = finish(house, asked["challenge"], totp=code(made["secret"])).json
    assert with_token(house, pair["access"]).get("/me/").json["email"] == cast.alice.email
    assert alice.get("/security/").json["mfa"] == {"is_on": True, "has_totp": True, "recovery_codes_left": 10}
    again = alice.post("/security/totp/")
    assert (again.status, again.json["code"]) == (409, "totp_exists")


def test_a_code_works_once_and_only_in_its_time(
    house: RunningHouse, cast: Cast, alice: Client, move: Move
) -> None:
    secret, _ = add_totp(alice)
    replayed = finish(house, half_in(house, cast.alice)["challenge"], totp=code(secret))
    assert (replayed.status, replayed.json["code"]) == (401, "invalid_code"), "used up by the enrolment"
    move(60)
    used = code(secret)
    challenge = half_in(house, cast.alice)["challenge"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: finish(house, challenge, totp=used).status, range(4)))
    assert sorted(answers) == [200, 401, 401, 401]
    assert finish(house, half_in(house, cast.alice)["challenge"], totp=used).status == 401
    move(120)
    for steps, status in ((-2, 401), (2, 401), (-1, 200), (1, 200)):
        answer = finish(house, half_in(house, cast.alice)["challenge"], totp=code(secret, steps=steps))
        assert answer.status == status, steps


def test_a_recovery_code_works_once(house: RunningHouse, cast: Cast, alice: Client) -> None:
    _, codes = add_totp(alice)
    spoken = codes[0].upper().replace("-", " ")
    assert finish(house, half_in(house, cast.alice)["challenge"], recovery_code=spoken).status == 200
    assert finish(house, half_in(house, cast.alice)["challenge"], recovery_code=codes[0]).status == 401
    assert alice.get("/security/").json["mfa"]["recovery_codes_left"] == 9
    fresh = alice.ok(alice.post("/security/recovery-codes/"))["recovery_codes"]
    assert not set(fresh) & set(codes)
    assert finish(house, half_in(house, cast.alice)["challenge"], recovery_code=codes[1]).status == 401
    assert finish(house, half_in(house, cast.alice)["challenge"], recovery_code=fresh[1]).status == 200


def test_one_persons_codes_are_nobody_elses(
    house: RunningHouse, cast: Cast, alice: Client, move: Move
) -> None:
    secret, codes = add_totp(alice)
    mallory = log_in(house, cast.mallory)
    add_totp(mallory)
    move(60)
    for proof in ({"recovery_code": codes[0]}, {"totp": code(secret)}):
        assert finish(house, half_in(house, cast.mallory)["challenge"], **proof).status == 401


def test_a_challenge_ends_is_not_made_up_and_dies_with_the_password(
    house: RunningHouse, cast: Cast, alice: Client, move: Move
) -> None:
    _, codes = add_totp(alice)
    challenge = half_in(house, cast.alice)["challenge"]
    for made_up in ("x", challenge[:-6] + "AAAAAA", "phr_" + challenge):
        answer = finish(house, made_up, recovery_code=codes[0])
        assert (answer.status, answer.json["code"]) == (401, "invalid_challenge")
    alice.ok(
        alice.post(
            "/auth/password/change/",
            {"current_password": cast.alice.password, "new_password": "slow train, purple ink"},
        ),
        204,
    )
    assert finish(house, challenge, recovery_code=codes[0]).json["code"] == "invalid_challenge"
    body = {"email": cast.alice.email, "password": "slow train, purple ink"}
    late = Client(house.http).post("/auth/token/", body).json["challenge"]
    move(301)
    assert finish(house, late, recovery_code=codes[0]).json["code"] == "invalid_challenge"


def test_guessing_the_second_factor_is_slowed_down(
    house: RunningHouse, cast: Cast, alice: Client, move: Move
) -> None:
    """A right password between the guesses does not clear their count."""
    secret, _ = add_totp(alice)
    move(60)
    answers = [
        finish(house, half_in(house, cast.alice)["challenge"], totp=f"{n:06d}").status for n in range(11)
    ]
    assert answers == [401] * 10 + [429]
    assert finish(house, half_in(house, cast.alice)["challenge"], totp=code(secret)).status == 429
    assert log_in(house, cast.bob)


@pytest.mark.parametrize(
    "proof", [{}, {"totp": "123456", "recovery_code": "abcde-fghjk"}, {"password": "x"}, {"passkey": {}}]
)
def test_nonsense_for_a_proof_is_refused(house: RunningHouse, cast: Cast, alice: Client, proof: dict) -> None:
    add_totp(alice)
    answer = finish(house, half_in(house, cast.alice)["challenge"], **proof)
    assert answer.status in (400, 401), answer.body


def test_no_http_door_lets_the_password_alone_through(house: RunningHouse, cast: Cast, alice: Client) -> None:
    _, codes = add_totp(alice)
    anyone = Client(house.http)
    body = credentials(cast.alice)
    csrf = anyone.get("/api/auth/csrf/")
    plain = {"Cookie": csrf.cookie("csrftoken"), "X-CSRFToken": csrf.json["csrf_token"]}
    doors = [
        ("/auth/token/", {}),
        ("/auth/session/", WEB),
        ("/api/auth/login/", plain),
    ]
    for path, headers in doors:
        answer = anyone.send("POST", path, body, headers)
        assert (answer.status, answer.json["code"]) == (401, "mfa_required"), path
        assert not [line for line in answer.set_cookies if "posthouse_session" in line or "login" in line]
        challenge = answer.json["challenge"]
        assert with_token(house, challenge).get("/me/").status == 401
        assert anyone.post("/auth/token/refresh/", {"refresh": challenge[:200]}).status == 401
        wrong = anyone.send("POST", path, {**body, "password": "wrong"}, headers)
        assert (wrong.status, wrong.json["code"]) == (401, "invalid_credentials")
    finishers = [("/auth/mfa/", {}), ("/auth/session/mfa/", WEB), ("/api/auth/mfa/", plain)]
    for number, (path, headers) in enumerate(finishers):
        challenge = half_in(house, cast.alice)["challenge"]
        proof = {"challenge": challenge, "recovery_code": codes[number]}
        assert anyone.send("POST", path, {**proof, "recovery_code": "wrong"}, headers).status == 401
        assert anyone.send("POST", path, proof, headers).status == 200, path
        assert anyone.send("POST", path, proof, headers).status == 401, "twice"


def test_a_trusted_browser_is_not_asked_again(
    house: RunningHouse, cast: Cast, alice: Client, move: Move
) -> None:
    _, codes = add_totp(alice)
    browser = Client(house.http, headers=WEB)
    asked = browser.post("/auth/session/", credentials(cast.alice)).json
    body = {"challenge": asked["challenge"], "recovery_code": codes[0], "trust_browser": True}
    done = browser.post("/auth/session/mfa/", body)
    trust = next(line for line in done.set_cookies if line.startswith("posthouse_trust_"))
    assert "HttpOnly" in trust and "SameSite=Strict" in trust
    browser.headers["Cookie"] = trust.partition(";")[0]
    assert browser.post("/auth/session/", credentials(cast.alice)).status == 200
    stolen = browser.headers["Cookie"].partition("=")[2]
    mallory = log_in(house, cast.mallory)
    add_totp(mallory)
    import hashlib

    name = "posthouse_trust_" + hashlib.sha256(cast.mallory.email.encode()).hexdigest()[:16]
    answer = Client(house.http, headers={**WEB, "Cookie": f"{name}={stolen}"}).post(
        "/auth/session/", credentials(cast.mallory)
    )
    assert answer.json["code"] == "mfa_required", "trust is the person's, not the browser's"
    assert browser.send("POST", "/auth/session/", {**credentials(cast.alice), "password": "no"}).status == 401
    listed = alice.get("/security/").json["trusted_browsers"]
    assert len(listed) == 1
    alice.ok(alice.delete(f"/security/trusted-browsers/{listed[0]['id']}/"), 204)
    assert browser.post("/auth/session/", credentials(cast.alice)).json["code"] == "mfa_required"
    asked = browser.post("/auth/session/", credentials(cast.alice)).json
    body = {"challenge": asked["challenge"], "recovery_code": codes[1], "trust_browser": True}
    done = browser.post("/auth/session/mfa/", body)
    browser.headers["Cookie"] = next(line for line in done.set_cookies if "trust" in line).partition(";")[0]
    move(31 * 86_400)
    assert browser.post("/auth/session/", credentials(cast.alice)).json["code"] == "mfa_required"


def test_without_a_factor_there_are_no_codes(alice: Client) -> None:
    assert alice.post("/security/recovery-codes/").json["code"] == "mfa_off"
    add_totp(alice)
    alice.ok(alice.delete("/security/totp/"), 204)
    state = alice.get("/security/").json["mfa"]
    assert state == {"is_on": False, "has_totp": False, "recovery_codes_left": 0}


def test_the_operator_can_remove_what_somebody_lost(house: RunningHouse, cast: Cast, alice: Client) -> None:
    from posthouse.base.errors import Missing
    from posthouse.ops.verbs import VERBS

    add_totp(alice)
    add_totp(log_in(house, cast.bob))
    assert "password alone" in next(VERBS["remove_factors"](cast.alice.email))["result"]
    assert log_in(house, cast.alice)
    half_in(house, cast.bob)
    with pytest.raises(Missing):
        next(VERBS["remove_factors"]("nobody@nowhere.test"))
