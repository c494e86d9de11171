"""The log tells what happened and never what was said."""

from __future__ import annotations

import json
import smtplib
from pathlib import Path

from tests.api.client import Client
from tests.peers.posthouse import posthouse

PERSON = "carol@example.test"


def test_no_mail_no_password_and_no_token_is_logged(tmp_path: Path) -> None:
    with posthouse(tmp_path, people=(PERSON,), env={"POSTHOUSE_LOG_LEVEL": "debug"}) as server:
        client = Client(f"http://127.0.0.1:{server.http_port}")
        pair = client.post("/auth/token/", {"email": PERSON, "password": server.password}).json
        client.post("/auth/token/", {"email": PERSON, "password": "canary-wrong-password"})
        client.headers["Authorization"] = f"Bearer {pair['access']}"
        ticket = client.post("/auth/ticket/").json["ticket"]
        body = {"to": [{"email": PERSON}], "subject": "canary-subject", "html": "<p>canary-body</p>"}
        sent = client.ok(client.post("/send/", body), 202)
        client.get("/threads/", q="canary-search")
        client.ok(client.get(f"/emails/{sent['email_id']}/"))
        client.post("/emails/update/", {"ids": ["canary-id"]})
        with smtplib.SMTP("127.0.0.1", server.mx_port) as smtp:
            smtp.sendmail("z@out.test", [PERSON], "Subject: canary-subject\r\n\r\ncanary-body\r\n")
        server.stop()
        log = server.log.read_text()
    for secret in ("canary", server.password, pair["access"], pair["refresh"], ticket):
        assert secret not in log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line.get("event") == "request"]
    assert {"/api/v1/send/", "/api/v1/threads/"} <= {line["path"] for line in requests}
    assert all({"request_id", "method", "status", "ms"} <= set(line) for line in requests)
