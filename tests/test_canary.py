"""A canary in everything private, sent through every door: it sings nowhere but where its owner looks."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import imaplib
import json
import smtplib
import sqlite3
import time
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.api.client import Answer, Client
from tests.config.test_frame import plain
from tests.peers.posthouse import Posthouse, posthouse

PERSON, OTHER = "carol@example.test", "dave@example.test"
TOKEN = "watching-metrics-0123456789"
CANARY = "canary7f3a"


class Ears(Client):
    """A client that remembers every answer which is an error."""

    def request(self, method: str, path: str, **given: Any) -> Answer:
        answer = Client.request(self, method, path, **given)
        if answer.status >= 400:
            HEARD.append(f"{method} {path.partition('?')[0]} {answer.headers} {answer.body.decode()}")
        return answer


HEARD: list[str] = []
SECRETS: list[str] = []


def message(to: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = PERSON, to, f"{CANARY} subject"
    made.set_content(f"{CANARY} body")
    made.add_attachment(f"{CANARY} content".encode(), "text", "plain", filename=f"{CANARY}.txt")
    return made


def by_http(server: Posthouse) -> None:
    client = Ears(f"http://127.0.0.1:{server.http_port}")
    for path in ("/auth/token/", "/auth/session/"):
        for body in (
            {"email": PERSON, "password": f"{CANARY} password"},
            {"email": f"{CANARY}-typed-here", "password": "x"},
            {"email": PERSON, "password": f"{CANARY}", "odd_field": CANARY},
        ):
            client.post(path, body, X_Posthouse_Client="web")
    client.post("/auth/token/refresh/", {"refresh": f"phr_{CANARY}"})
    client.headers["Authorization"] = f"Bearer {CANARY}.{CANARY}.{CANARY}"
    client.get("/me/")
    client.headers.pop("Authorization")
    pair = client.ok(client.post("/auth/token/", {"email": PERSON, "password": server.password}))
    pair = client.ok(client.post("/auth/token/refresh/", {"refresh": pair["refresh"]}))
    client.headers["Authorization"] = f"Bearer {pair['access']}"
    ticket = client.ok(client.post("/auth/ticket/"))["ticket"]
    SECRETS.extend([server.password, pair["access"], pair["refresh"], ticket])
    asyncio.run(by_stream(server, ticket))
    client.patch("/me/", {"name": f"{CANARY} name", "preferences": {"a": CANARY}})
    identity = client.get("/me/").json["identities"][0]["id"]
    client.patch(f"/identities/{identity}/", {"signature_html": f"<p>{CANARY}</p>"})
    made = client.ok(client.post("/mailboxes/", {"name": f"{CANARY} box"}), 201)
    client.patch(f"/mailboxes/{made['id']}/", {"name": f"{CANARY} chest"})
    client.post("/mailboxes/", {"name": f"{CANARY} chest", "parent_id": "1"})
    client.delete(f"/mailboxes/{made['id']}/")
    body = {"to": [{"email": OTHER}], "subject": f"{CANARY} subject", "html": f"<p>{CANARY} body</p>"}
    for to in ([{"email": OTHER}], [{"email": "zoe@nowhere.invalid"}]):
        sent = client.ok(client.post("/send/", {**body, "to": to, "hold_seconds": 0}), 202)
    email = client.get(f"/emails/{sent['email_id']}/").json
    client.get(f"/emails/{email['id']}/raw/")
    client.post("/drafts/", {**body, "identity_id": "1"})
    client.post("/drafts/", {**body, "blob": CANARY})
    client.request("POST", "/drafts/", body=f'{{"subject": "{CANARY}"'.encode())
    client.get("/threads/", q=f"{CANARY} from:", mailbox="1")
    client.get("/threads/", q=f'"{CANARY}')
    client.get("/threads/", cursor=CANARY, mailbox="1")
    client.post("/emails/destroy/", {"ids": [email["id"]]})
    client.get("/audit/", act=CANARY, ip=CANARY)
    client.get("/audit/export/")
    client.post("/uploads/", {"x": CANARY})


def code_of(secret: str) -> str:
    """As an authenticator app reckons it (RFC 6238); the server is another process, whose code is not at hand."""
    mark = hmac.digest(base64.b32decode(secret), (int(time.time()) // 30).to_bytes(8, "big"), "sha1")
    start = mark[-1] & 15
    return f"{(int.from_bytes(mark[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def by_what_one_gets_in_with(server: Posthouse) -> None:
    """dave's token, app password, authenticator app and recovery codes: made, used, used wrongly."""
    client = Ears(f"http://127.0.0.1:{server.http_port}")
    pair = client.ok(client.post("/auth/token/", {"email": OTHER, "password": server.password}))
    client.headers["Authorization"] = f"Bearer {pair['access']}"
    scopes = ["mail:read", "mail:write", "mail:send"]
    token = client.ok(
        client.post("/security/tokens/", {"name": CANARY, "scopes": scopes, "expires_in_days": 1}), 201
    )["token"]
    both = {"name": CANARY, "scopes": ["imap", "smtp"]}
    app_password = client.ok(client.post("/security/app-passwords/", both), 201)["password"]
    hook = {"url": f"https://hooks.example.org/{CANARY}", "events": ["email.deleted"], "description": CANARY}
    signing = client.ok(client.post("/webhooks/", hook), 201)["secret"]
    client.post("/webhooks/", {**hook, "url": f"gopher://{CANARY}"})
    bearer = Ears(client.http, headers={"Authorization": f"Bearer {token}"})
    bearer.get("/mailboxes/")
    bearer.get("/security/")
    Ears(client.http, headers={"Authorization": f"Bearer php_{CANARY}"}).get("/mailboxes/")
    for secret in (app_password, token, f"{CANARY}-{CANARY}"):
        imap = imaplib.IMAP4("127.0.0.1", server.imap_port)
        with contextlib.suppress(imaplib.IMAP4.error):
            imap.login(OTHER, secret)
        imap.shutdown()
        with smtplib.SMTP("127.0.0.1", server.submission_port) as smtp:
            smtp.ehlo()
            given = base64.b64encode(f"\0{OTHER}\0{secret}".encode()).decode()
            HEARD.append(str(smtp.docmd("AUTH PLAIN", given)))
    with smtplib.SMTP("127.0.0.1", server.submission_port) as smtp:
        smtp.ehlo()
        given = base64.b64encode(f"n,,\x01auth=Bearer {token}\x01\x01".encode()).decode()
        HEARD.append(str(smtp.docmd("AUTH OAUTHBEARER", given)))
    secret = client.ok(client.post("/security/totp/"))["secret"]
    client.post("/security/totp/confirm/", {"code": CANARY})
    codes = client.ok(client.post("/security/totp/confirm/", {"code": code_of(secret)}))["recovery_codes"]
    credentials = {"email": OTHER, "password": server.password}
    half_in = Client(client.http).post("/auth/token/", credentials)  # an error that hands out what it should
    asked = half_in.json["challenge"]
    client.post("/auth/mfa/", {"challenge": asked, "recovery_code": f"{CANARY}"})
    client.post("/auth/mfa/", {"challenge": f"{CANARY}", "recovery_code": codes[0]})
    entered = client.ok(client.post("/auth/mfa/", {"challenge": asked, "recovery_code": codes[1]}))
    SECRETS.extend([token, app_password, app_password.replace("-", ""), signing, secret, *codes])
    SECRETS.extend([asked, entered["refresh"]])


async def by_stream(server: Posthouse, ticket: str) -> None:
    import websockets

    url = f"ws://127.0.0.1:{server.http_port}/api/v1/stream/"
    for word in (CANARY, ticket):
        protocols: Any = ["posthouse.v1", f"ticket.{word}"]
        with contextlib.suppress(websockets.ConnectionClosed):
            async with websockets.connect(url, subprotocols=protocols) as stream:
                await stream.send(json.dumps({"type": "subscribe", "account": CANARY}))
                HEARD.append(str(await stream.recv()))


def by_imap(server: Posthouse) -> None:
    imap = imaplib.IMAP4("127.0.0.1", server.imap_port)
    for password in (f"{CANARY} password", server.password):
        with contextlib.suppress(imaplib.IMAP4.error):
            imap.login(PERSON, password)
    for command in ("SELECT", "DELETE"):
        HEARD.append(str(imap._simple_command(command, f'"{CANARY.upper()} nowhere"')[1]))
    imap.create(f"{CANARY}-box")
    imap.append("INBOX", "", "", message(PERSON).as_bytes())  # type: ignore[arg-type]
    imap.select()
    imap.search(None, "SUBJECT", f'"{CANARY}"')
    with contextlib.suppress(imaplib.IMAP4.error):
        imap.search(None, "NONSENSE", f'"{CANARY}"')
    imap.fetch("1", "(RFC822)")
    imap.store("1", "+FLAGS", "\\Deleted")
    imap.expunge()
    imap.logout()


def by_smtp(server: Posthouse) -> None:
    with smtplib.SMTP("127.0.0.1", server.submission_port) as smtp:
        smtp.ehlo()
        for text in (f"\0{PERSON}\0{CANARY} password", f"\0{CANARY}\0{CANARY}"):
            HEARD.append(str(smtp.docmd("AUTH PLAIN " + base64.b64encode(text.encode()).decode())))
    with smtplib.SMTP("127.0.0.1", server.submission_port) as smtp:
        smtp.login(PERSON, server.password)
        smtp.send_message(message(OTHER), PERSON, [OTHER, "zoe@nowhere.invalid"])
        foreign = message(OTHER)
        foreign.replace_header("From", "mallory@evil.test")
        with contextlib.suppress(smtplib.SMTPDataError):
            smtp.send_message(foreign, PERSON, [OTHER])
    with smtplib.SMTP("127.0.0.1", server.mx_port) as smtp:
        smtp.send_message(message(PERSON), "zoe@out.test", [PERSON])


def planted(server: Posthouse) -> int:
    """How often it lies where it should: a canary that never was in the house proves nothing."""
    with contextlib.closing(sqlite3.connect(server.data / "posthouse.sqlite3")) as database:
        found: int = database.execute(
            "SELECT (SELECT count(*) FROM mail_email WHERE subject LIKE ?) + (SELECT count(*) FROM identity_user"
            " WHERE name LIKE ?)",
            [f"%{CANARY}%", f"%{CANARY}%"],
        ).fetchone()[0]
        return found


def rows(server: Posthouse) -> list[str]:
    """Every row of the audit log and of the jobs, as text."""
    with contextlib.closing(sqlite3.connect(server.data / "posthouse.sqlite3")) as database:
        found = []
        for table in ("audit_entry", "audit_chain", "audit_fold", "base_job"):
            found += [repr(row) for row in database.execute(f"SELECT * FROM {table}")]
        return found


def test_a_canary_sings_nowhere(tmp_path: Path) -> None:
    env = {
        "POSTHOUSE_LOG_LEVEL": "debug",
        "POSTHOUSE_METRICS_TOKEN": TOKEN,
        "POSTHOUSE_SLOW_QUERY_MS": "1",
        "POSTHOUSE_SLOW_REQUEST_MS": "1",
        "POSTHOUSE_DNS": "127.0.0.1:9",
    }
    with posthouse(tmp_path, people=(PERSON, OTHER), env=env) as server:
        archive = tmp_path / "old.mbox"
        archive.write_bytes(b"From a Sat Nov 21 08:00:00 2026\n" + message(PERSON).as_bytes() + b"\n")
        for door in (by_http, by_imap, by_smtp, by_what_one_gets_in_with):
            door(server)
        imported = server.command("import", "mbox", str(archive), "--to", PERSON)
        checked = server.command("check")
        wrong = server.command(
            "user", "add", "eve@nowhere.test", "--password-stdin", text=f"{CANARY} password\n"
        )
        assert (imported.returncode, checked.returncode, wrong.returncode) == (0, 0, 2)
        numbers = plain(
            f"http://127.0.0.1:{server.http_port}", "/metrics", {"Authorization": f"Bearer {TOKEN}"}
        )
        assert numbers.status == 200
        server.stop()
        written = {
            "log": server.log.read_text(),
            "errors": "\n".join(HEARD),
            "numbers": numbers.body.decode(),
            "rows": "\n".join(rows(server)),
            "command line": "".join(run.stdout + run.stderr for run in (imported, checked, wrong)),
        }
    assert planted(server) >= 5
    assert len(HEARD) >= 15 and len(written["rows"]) > 1_000 and "query.slow" in written["log"]
    for where, text in written.items():
        for secret in (CANARY, *SECRETS):
            found = text.lower().find(secret.lower())
            assert found < 0, (where, text[max(0, found - 200) : found + 100])
