"""The command's verbs for a postmaster: what waits, the keys, and what we would make of an e-mail."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posthouse.wire.auth.dkim_sign import ED25519, SigningKey, new_private, sign
from tests import make
from tests.api.client import Client
from tests.base.fake_dns import FakeDns, fake_dns
from tests.delivery.outside import until
from tests.ops.test_command_line import COMMAND, PASSWORD, Server, posthouse

pytestmark = pytest.mark.skipif(not COMMAND.exists(), reason=f"there is no {COMMAND}")
ALICE = "alice@example.test"
NOBODY_LISTENS = "127.0.0.1:1"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("postmaster") / "data"


@pytest.fixture(scope="module")
def alice(data: Path) -> Iterator[Client]:
    """She owns the organisation of a server that runs; what she writes to the outside waits."""
    running = Server(data, POSTHOUSE_ROUTES=f"*={NOBODY_LISTENS}")
    for words in (("domain", "add", "example.test"), ("user", "add", ALICE, "--admin", "--password-stdin")):
        assert posthouse(*words, data=data, input=PASSWORD).returncode == 0
    client = Client(f"http://127.0.0.1:{running.ports['http']}")
    pair = client.ok(client.post("/auth/token/", {"email": ALICE, "password": PASSWORD}))
    client.headers["Authorization"] = f"Bearer {pair['access']}"
    yield client
    running.end()


def write(alice: Client, to: str) -> None:
    alice.ok(alice.post("/send/", {"to": [{"email": to}], "subject": "Waits", "text": "x"}), 202)


def listed(data: Path, *words: str) -> list[dict[str, Any]]:
    told = posthouse("queue", "list", "--json", *words, data=data)
    assert (told.returncode, told.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(told.stdout)
    return found


def retrying(data: Path, domain: str, count: int = 1) -> list[dict[str, Any]]:
    """What waits for a domain, when all of it was tried."""

    def look() -> list[dict[str, Any]]:
        found = listed(data, "--destination", domain)
        return found if [one["state"] for one in found] == ["retrying"] * count else []

    return until(look, seconds=30)


def test_what_waits_is_listed_held_released_and_given_up(alice: Client, data: Path) -> None:
    write(alice, "zoe@slow.test")
    (row,) = retrying(data, "slow.test")
    told = posthouse("queue", "list", data=data).stdout
    assert f"{row['id']}  retrying  {ALICE} -> zoe@slow.test\n" in told and "451 4.4.1" in told
    assert listed(data, "--sender", "bob@example.test") == [] == listed(data, "--state", "held")

    assert posthouse("queue", "hold", row["id"], data=data).stdout == "1 done\n"
    assert [one["held_by"] for one in listed(data, "--state", "held")] == ["admin"]
    again = posthouse("queue", "hold", row["id"], data=data)
    assert (again.returncode, again.stdout.startswith(f"0 done\nnot {row['id']}: ")) == (1, True)
    assert posthouse("queue", "release", "--destination", "slow.test", data=data).stdout == "1 done\n"
    assert retrying(data, "slow.test")[0]["attempts"] > row["attempts"]

    assert posthouse("queue", "give-up", "--sender", ALICE, data=data).stdout == "1 done\n"
    assert listed(data) == []
    (inbox,) = (one for one in alice.get("/mailboxes/").json["items"] if one["role"] == "inbox")
    assert [one["subject"] for one in alice.get("/emails/", mailbox=inbox["id"]).json["items"]] == [
        "Not delivered: Waits"
    ]
    log = alice.ok(alice.get("/audit/", object_kind="recipient"))["items"]
    done = {one["act"]: one["via"] for one in log}
    assert done == {"message.held": "cli", "message.released": "cli", "message.given_up": "cli"}


def test_nothing_is_done_to_everybodys_mail(alice: Client, data: Path) -> None:
    write(alice, "zoe@wait.test")
    retrying(data, "wait.test")
    refused = posthouse("queue", "give-up", data=data)
    assert (refused.returncode, "Name the mail" in refused.stderr) == (2, True)
    unknown = posthouse("queue", "retry", "4711", data=data)
    assert (unknown.returncode, unknown.stdout.startswith("0 done\nnot 4711")) == (1, True)
    for words in (("retry", "9" * 30), ("retry", "0"), ("list", "--state", "delivered")):
        wrong = posthouse("queue", *words, data=data)
        assert (wrong.returncode, "Traceback" in wrong.stderr) == (2, False), words
    assert len(listed(data, "--destination", "wait.test")) == 1


def test_keys_are_made_and_their_records_told(alice: Client, data: Path) -> None:
    none = posthouse("domain", "keys", "example.test", data=data)
    assert (none.returncode, none.stdout, "--make makes a pair" in none.stderr) == (0, "", True)
    made = posthouse("domain", "keys", "example.test", "--make", data=data)
    assert (made.returncode, made.stderr) == (0, "")
    records = [line for line in made.stdout.splitlines() if not line.startswith(";")]
    assert len(records) == 2 and all("  TXT  v=DKIM1; " in line for line in records)
    assert posthouse("domain", "keys", "example.test", data=data).stdout == made.stdout
    (domain,) = alice.get("/domains/").json["items"]
    shown = {one["name"]: one["value"] for one in domain["records"] if "._domainkey." in one["name"]}
    assert {line.partition("  TXT  ")[0]: line.partition("  TXT  ")[2] for line in records} == shown
    assert posthouse("domain", "keys", "elsewhere.test", data=data).returncode == 2


def test_the_junk_filter_tells_what_it_would_say(alice: Client, data: Path, tmp_path: Path) -> None:
    for name, raw in (
        ("plain", make.message(to=ALICE)),
        (
            "odd",
            make.message(to=ALICE, subject="CHEAP WATCHES BUY NOW", sender="", headers="Date: never\r\n"),
        ),
    ):
        (tmp_path / name).write_bytes(raw)
    scores = {}
    for name in ("plain", "odd"):
        told = posthouse("inspect", "spam", tmp_path / name, "--user", ALICE, data=data)
        assert (told.returncode, told.stderr) == (0, "")
        scores[name] = float(told.stdout.split()[1])
    assert scores["plain"] < scores["odd"]
    assert len(told.stdout.splitlines()) > 1, "each sign has its line"
    by_input = posthouse(
        "inspect", "spam", "-", "--user", ALICE, data=data, input=make.message(to=ALICE).decode()
    )
    assert by_input.stdout.split()[1] == f"{scores['plain']:.1f}"
    assert posthouse("inspect", "spam", tmp_path / "gone", "--user", ALICE, data=data).returncode == 2


# --- without a server and without a folder ----------------------------------------------------------


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    with fake_dns() as server:
        yield server


def inspect(dns: FakeDns, *words: str | Path, data: Path, **given: str) -> str:
    told = posthouse("inspect", *words, data=data, POSTHOUSE_DNS=":".join(map(str, dns.address)), **given)
    assert (told.returncode, told.stderr) == (0, "")
    assert not data.exists(), "nothing is kept"
    return told.stdout


def test_an_e_mail_is_taken_apart(dns: FakeDns, tmp_path: Path) -> None:
    raw = (
        "From: =?utf-8?q?Zo=C3=AB?= <zoe@outside.test>\nTo: alice@example.test\nSubject: Two\n"
        "Auto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nHello\n--b\nContent-Type: image/png; name=x.png\n\nx\n"
    )
    told = inspect(dns, "message", "-", data=tmp_path / "none", input=raw)
    for line in (
        "from         Zoë <zoe@outside.test>",
        "subject      Two",
        "part 1       text/plain 7bit 5 bytes",
        "automatic    no program answers it",
        "defect       open_multipart",
    ):
        assert line in told.splitlines(), told
    assert "'x.png'" in told


def test_a_sender_is_asked_about(dns: FakeDns, tmp_path: Path) -> None:
    dns.zone["outside.test", "TXT"] = ['"v=spf1 ip4:192.0.2.0/24 -all"']
    for ip, said in (("192.0.2.7", "pass  outside.test"), ("198.51.100.7", "fail  outside.test")):
        told = inspect(dns, "spf", "--ip", ip, "--from", "zoe@outside.test", data=tmp_path / "none")
        assert told.startswith(said), told
    assert posthouse("inspect", "spf", "--ip", "here", data=tmp_path / "none").returncode == 2
    for resolver in ("localhost:53", "127.0.0.1", "127.0.0.1:99999"):
        wrong = posthouse("inspect", "spf", "--ip", "::1", "--dns", resolver, data=tmp_path / "none")
        assert (wrong.returncode, "Traceback" in wrong.stderr) == (2, False), resolver


def test_signatures_are_verified(dns: FakeDns, tmp_path: Path) -> None:
    key = SigningKey(domain="outside.test", selector="s1", private=new_private(ED25519))
    raw = make.message()
    signed = sign(raw, [key], now=int(time.time()))
    dns.zone["s1._domainkey.outside.test", "TXT"] = [f'"{key.record}"']
    for name, content, said in (
        ("good", signed, "dkim pass  outside.test s1 ed25519-sha256"),
        ("changed", signed.replace(b"Good morning", b"Bad morning"), "dkim fail  outside.test s1"),
        ("unsigned", raw, "dkim none"),
    ):
        (tmp_path / name).write_bytes(content)
        assert inspect(dns, "dkim", tmp_path / name, data=tmp_path / "none").startswith(said)
    assert posthouse("inspect", "dkim", tmp_path / "gone", data=tmp_path / "none").returncode == 2


def test_html_comes_out_safe(dns: FakeDns, tmp_path: Path) -> None:
    page = '<p onclick="x()">Hi<script>y()</script><img src="https://a.test/x.png"></p>'
    told = inspect(dns, "html", data=tmp_path / "none", input=page)
    assert "<p>" in told and "Hi" in told
    assert not any(word in told for word in ("onclick", "script", "https://a.test"))
    latin = subprocess.run(
        [COMMAND, "inspect", "html"], input=b"<p>Gr\xfc\xdfe</p>", capture_output=True, timeout=60
    )
    assert (latin.returncode, latin.stderr) == (0, b"")
    assert latin.stdout.decode() == "<p>Gr\ufffd\ufffde</p>"
