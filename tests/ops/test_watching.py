"""How the house does: health, numbers for Prometheus, slow statements."""

from __future__ import annotations

import imaplib
import os
import signal
import smtplib
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.api.client import Answer, Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse
from tests.peers.posthouse import Posthouse, posthouse

PERSON = "carol@example.test"
ADMIN_TOKEN, METRICS_TOKEN = "watching-health-0123456789", "watching-metrics-0123456789"
SECONDS = 30.0


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


# --- health -------------------------------------------------------------------------------------


def test_the_basic_answer_says_no_more_than_whether(house: RunningHouse) -> None:
    answer = Client(house.http).get("/health/")
    assert answer.status == 200
    assert answer.json == {"status": "ok", "listeners": house.ports}


def operator(house: RunningHouse, cast: Cast) -> Client:
    from posthouse.identity import operators

    operators.appoint(cast.alice.email, is_operator=True)
    return log_in(house, cast.alice)


def test_details_are_for_operators(house: RunningHouse, cast: Cast) -> None:
    """An owner of one organisation learns nothing of the others' mail by them."""
    assert Client(house.http).get("/health/detailed/").status == 401
    assert log_in(house, cast.bob).get("/health/detailed/").status == 403
    wrong = Client(house.http, headers={"Authorization": f"Bearer {ADMIN_TOKEN}"})
    assert wrong.get("/health/detailed/").status == 401
    for owner in (cast.alice, cast.mallory):
        assert log_in(house, owner).get("/health/detailed/").json["code"] == "permission_denied"
    alice = operator(house, cast)
    found = alice.ok(alice.get("/health/detailed/"))
    assert found["status"] == "ok" and found["uptime_seconds"] >= 0
    assert {"posthouse", "python", "django", "sqlite"} <= set(found["versions"])
    checks = found["checks"]
    assert {"database", "write_lane", "disk", "outgoing", "jobs", "listeners"} <= set(checks)
    assert checks["database"]["size_bytes"] > 0 and checks["database"]["schema"]["audit"] >= "0002"
    assert checks["write_lane"]["commits"] > 0 and checks["disk"]["free_bytes"] > 0
    assert checks["listeners"]["ports"] == house.ports


@pytest.mark.parametrize(("is_essential", "status", "word"), [(True, 503, "down"), (False, 200, "degraded")])
@pytest.mark.parametrize("breaks", [True, False])
def test_what_is_ill_is_told(
    house: RunningHouse, cast: Cast, is_essential: bool, status: int, word: str, breaks: bool
) -> None:
    from posthouse.base.health import Report, add_check

    def check() -> Report:
        if breaks:
            raise OSError("/secret/path")
        return Report(is_well=False, facts={"lag_seconds": 99})

    alice, forget = operator(house, cast), add_check("index", check, is_essential=is_essential)
    try:
        answer = alice.get("/health/detailed/")
        assert (answer.status, answer.json["status"]) == (status, word)
        told = {"error": "OSError"} if breaks else {"lag_seconds": 99}
        assert answer.json["checks"]["index"] == {"status": "failing", **told}
        basic = Client(house.http).get("/health/")
        assert basic.status == status and basic.json["status"] == ("down" if is_essential else "ok")
        assert "index" not in basic.body.decode()
    finally:
        forget()


def test_a_queue_that_does_not_move_is_told(house: RunningHouse, cast: Cast) -> None:
    from posthouse.base import clock, db, jobs, sql

    alice = operator(house, cast)
    db.run(jobs.enqueue, ("nobody runs this",), {"due_at_ms": clock.now_ms() - 3_600_000})
    found = alice.get("/health/detailed/").json["checks"]["jobs"]
    assert found["status"] == "failing" and found["lag_seconds"] >= 3_600
    db.run(sql.run, ("DELETE FROM base_job WHERE kind = %s", ["nobody runs this"]), {})


# --- slow statements ----------------------------------------------------------------------------


@pytest.mark.parametrize("by_orm", [True, False])
@pytest.mark.parametrize("in_lane", [True, False])
@pytest.mark.usefixtures("house")
def test_a_slow_statement_is_logged_without_its_values(by_orm: bool, in_lane: bool) -> None:
    from django.db import connection

    from posthouse.base import db, sql, timing

    statement = (
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < %s)"
        " SELECT count(*), max(%s) FROM c WHERE x NOT IN (%s, %s, %s)"
    )
    values = [200_000, "canary", 1, 2, 3]

    def slow() -> None:
        if not by_orm:
            sql.row(statement, values)
            return
        with connection.execute_wrapper(timing.watched), connection.cursor() as cursor:
            cursor.execute(statement, values)

    timing.configure(slow_query_ms=5)
    try:
        with capture_logs() as logs:
            db.run(slow, (), {}) if in_lane else slow()
    finally:
        timing.configure(slow_query_ms=100)
    found = [line for line in logs if line["event"] == "query.slow" and "RECURSIVE" in line["sql"]]
    assert found and found[0]["ms"] >= 5
    assert found[0]["sql"].startswith("WITH RECURSIVE") and found[0]["sql"].endswith("NOT IN (…)")
    assert (found[0]["thread"] == "write-lane") is in_lane
    assert "canary" not in str(logs) and "200000" not in str(logs)


# --- numbers ------------------------------------------------------------------------------------


def test_there_are_no_numbers_without_a_token(house: RunningHouse) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {METRICS_TOKEN}"}):
        answer = Client(house.http, headers=headers).request("GET", "/metrics")
        assert (answer.status, answer.json["code"]) == (404, "not_found"), "below /api/v1"
        assert _raw(house.http, headers).status == 404


def _raw(http: str, headers: dict[str, str]) -> Answer:
    from tests.config.test_frame import plain

    return plain(http, "/metrics", headers)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Posthouse]:
    """A server with a process of its own for mail from the world."""
    env = {
        "POSTHOUSE_METRICS_TOKEN": METRICS_TOKEN,
        "POSTHOUSE_HEALTH_TOKEN": ADMIN_TOKEN,
        "POSTHOUSE_MX_PROCESSES": "1",
    }
    with posthouse(tmp_path_factory.mktemp("watched"), people=(PERSON,), env=env) as server:
        yield server


def numbers(server: Posthouse) -> dict[str, float]:
    from prometheus_client.parser import text_string_to_metric_families

    answer = _raw(f"http://127.0.0.1:{server.http_port}", {"Authorization": f"Bearer {METRICS_TOKEN}"})
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def details(server: Posthouse) -> Any:
    client = Client(
        f"http://127.0.0.1:{server.http_port}", headers={"Authorization": f"Bearer {ADMIN_TOKEN}"}
    )
    return client.ok(client.get("/health/detailed/"))


def send(server: Posthouse, *, to: str = PERSON) -> None:
    with smtplib.SMTP("127.0.0.1", server.mx_port, timeout=10) as smtp:
        smtp.sendmail("zoe@out.test", [to], "Subject: Hello\r\n\r\nHello\r\n")


MX = "posthouse_smtp_messages_total{door=mx,outcome=accepted}"


def test_what_every_door_does_is_counted(watched: Posthouse) -> None:
    send(watched)
    with imaplib.IMAP4("127.0.0.1", watched.imap_port) as imap:
        imap.login(PERSON, watched.password)
        imap.select()
    client = Client(f"http://127.0.0.1:{watched.http_port}")
    for password in (watched.password, "wrong wrong"):
        client.post("/auth/token/", {"email": PERSON, "password": password})
    client.get("/emails/12345678901/")
    client.get("/no/such/path/")
    until(lambda: numbers(watched).get(MX, 0) == 1)
    found = numbers(watched)
    assert found["posthouse_imap_commands_total{command=LOGIN}"] == 1
    assert found["posthouse_imap_commands_total{command=SELECT}"] == 1
    assert found["posthouse_connections_total{door=imap}"] >= 1
    assert found["posthouse_logins_total{door=imap,outcome=ok}"] == 1
    assert found["posthouse_logins_total{door=http,outcome=refused}"] == 1
    route = "route=/api/v1/emails/<id:email_id>/"
    assert found[f"posthouse_http_requests_total{{method=GET,{route},status=401}}"] == 1
    assert found[f"posthouse_http_request_seconds_count{{{route}}}"] == 1
    assert found["posthouse_lane_commit_seconds_count"] >= 1
    assert found["posthouse_lane_queued"] >= 0 and found["posthouse_outgoing_due"] == 0
    assert found["process_resident_memory_bytes"] > 0
    assert not any("12345678901" in name or "such" in name or PERSON in name for name in found)


def test_what_a_door_counted_outlives_it(watched: Posthouse) -> None:
    before = numbers(watched).get(MX, 0)
    send(watched)
    until(lambda: numbers(watched).get(MX, 0) == before + 1)
    door = details(watched)["checks"]["door_processes"]["doors"][0]
    os.kill(door["process"], signal.SIGKILL)
    until(
        lambda: (
            details(watched)["checks"]["door_processes"]["doors"][0]["process"] not in (None, door["process"])
        )
    )
    assert numbers(watched)[MX] == before + 1
    send(watched)
    until(lambda: numbers(watched)[MX] == before + 2)
    assert details(watched)["checks"]["door_processes"]["doors"][0]["starts"] == door["starts"] + 1


@pytest.mark.parametrize("given", ["short", "with blanks in it, and long", "ünïcode-and-long-enough"])
@pytest.mark.parametrize("name", ["POSTHOUSE_METRICS_TOKEN", "POSTHOUSE_HEALTH_TOKEN"])
def test_a_word_that_could_be_guessed_is_refused_at_start(name: str, given: str) -> None:
    from posthouse.config.env import Misconfigured, load

    with pytest.raises(Misconfigured, match=name):
        load({name: given, "SECRET_KEY": "k" * 40})
