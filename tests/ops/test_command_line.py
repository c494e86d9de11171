"""The command as people type it: processes of its own, one folder, one server."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509 import DNSName, IPAddress, SubjectAlternativeName, load_pem_x509_certificate

from tests.api.client import Client

COMMAND = Path(sys.executable).parent / "posthouse"
WAIT_SECONDS = 60
PASSWORD = "correct horse battery staple"
DOORS = ("http", "mx", "submission", "submissions", "imap", "imaps")
ENV = {"PATH": "/usr/bin:/bin", "POSTHOUSE_LOG_LEVEL": "error"}

pytestmark = pytest.mark.skipif(not COMMAND.exists(), reason=f"there is no {COMMAND}")


def posthouse(
    *words: str | Path, data: Path, input: str = "", **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *words],
        env=ENV | {"POSTHOUSE_DATA": str(data)} | env,
        input=input,
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
    )


class Server:
    """`posthouse serve` on free ports."""

    def __init__(self, data: Path, **env: str) -> None:
        words = [word for door in DOORS for word in (f"--{door}", "127.0.0.1:0")]
        self.process = subprocess.Popen(
            [COMMAND, "serve", "--data", data, *words],
            env=ENV | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("posthouse: ready"):
                self.ports = dict(word.split("=") for word in line.split()[2:])
                return
        raise AssertionError(f"it did not start: {self.process.communicate()[1]}")

    def health(self) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['http']}/api/v1/health/") as answer:
            return json.load(answer)

    def ask(self, path: str, body: object = None, token: str = "") -> Any:
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports['http']}/api/v1{path}")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
            return json.load(answer)

    def subjects(self, person: str) -> list[str]:
        token = self.ask("/auth/token/", {"email": person, "password": PASSWORD})["access"]
        (inbox,) = (m for m in self.ask("/mailboxes/", token=token)["items"] if m["role"] == "inbox")
        return [item["subject"] for item in self.ask(f"/emails/?mailbox={inbox['id']}", token=token)["items"]]

    def stop(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=WAIT_SECONDS)
        return self.process.returncode, out, err

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate(timeout=WAIT_SECONDS)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose path is too long for a UNIX socket's address (107 bytes)."""
    return tmp_path_factory.mktemp("command") / ("a-long-name-" * 8) / "data"


@pytest.fixture(scope="module")
def server(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With one domain and alice, who were there before it started."""
    made = posthouse("domain", "add", "Example.TEST", data=data)
    assert (made.returncode, made.stderr) == (0, "")
    made = posthouse(
        "user", "add", "alice@example.test", "--name", "Alice", "--password-stdin", data=data, input=PASSWORD
    )
    assert (made.returncode, made.stderr) == (0, "")
    running = Server(data)
    yield running
    running.end()


@pytest.mark.parametrize(
    ("words", "named"),
    [((), ("serve", "import", "check", "domain", "user", "manage")), (("import",), ("--to",))],
)
def test_help_names_what_there_is(tmp_path: Path, words: tuple[str, ...], named: tuple[str, ...]) -> None:
    told = posthouse(*words, "--help", data=tmp_path / "untouched")
    assert (told.returncode, told.stderr) == (0, "")
    assert [word for word in named if word not in told.stdout] == []
    assert not (tmp_path / "untouched").exists()


@pytest.mark.parametrize(
    "words",
    [("check",), ("import", "mbox", "x.mbox", "--to", "a@b.test"), ("user", "add", "a@b.test")],
    ids=lambda words: words[0],
)
def test_a_mistyped_folder_is_refused_and_not_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    answer = posthouse(*words, data=tmp_path / "typo")
    assert answer.returncode == 2
    assert "there is no Posthouse in" in answer.stderr
    assert not (tmp_path / "typo").exists()


def test_the_first_certificate_is_good_for_the_addresses_that_are_printed(tmp_path: Path) -> None:
    from posthouse.base.tls import self_signed

    certificate, _ = self_signed(tmp_path, "mail.example.org")
    names = load_pem_x509_certificate(certificate.read_bytes()).extensions
    san = names.get_extension_for_class(SubjectAlternativeName).value
    assert san.get_values_for_type(DNSName) == ["mail.example.org", "localhost"]
    assert [str(address) for address in san.get_values_for_type(IPAddress)] == ["127.0.0.1", "::1"]


def test_people_are_added_through_a_running_server(server: Server, data: Path) -> None:
    assert len(str(data)) > 107
    made = posthouse("user", "add", "bob@example.test", "--password-stdin", data=data, input=f"{PASSWORD}\n")
    assert (made.returncode, made.stderr) == (0, "")
    assert "bob@example.test" in made.stdout
    assert server.subjects("bob@example.test") == []
    assert server.health()["status"] == "ok"


def test_the_organisations_rule_holds_for_passwords_typed_here_too(server: Server, data: Path) -> None:
    made = posthouse(
        "user", "add", "ada@example.test", "--admin", "--password-stdin", data=data, input=PASSWORD
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout == "ada@example.test can log in and receive mail, and owns the organisation.\n"
    second = posthouse(
        "user", "add", "eve@example.test", "--admin", "--password-stdin", data=data, input=PASSWORD
    )
    assert second.stdout == "eve@example.test can log in and receive mail, and administer the organisation.\n"
    ada = Client(f"http://127.0.0.1:{server.ports['http']}")
    pair = ada.ok(ada.post("/auth/token/", {"email": "ada@example.test", "password": PASSWORD}))
    ada.headers["Authorization"] = f"Bearer {pair['access']}"
    ada.ok(ada.patch("/organisation/", {"min_password": 20, "name": "Northwind Carriers"}))
    for password, why in (("slow train, ink", "20 to 256"), ("northwind, a slow train", "your organisation")):
        refused = posthouse("user", "add", "zed@example.test", "--password-stdin", data=data, input=password)
        assert (refused.returncode, why in refused.stderr) == (2, True), refused.stderr
        assert password not in refused.stderr + refused.stdout
    assert ada.get("/users/", q="zed").json["items"] == []


def test_an_import_and_a_check_go_through_a_running_server(
    server: Server, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.mbox").write_text(
        "From x@y.test Thu Aug 22 12:36:23 2002\nFrom: x@y.test\nSubject: Old\n\nx\n"
    )
    told = posthouse("import", "mbox", tmp_path / "a.mbox", "--to", "alice@example.test", data=data)
    assert (told.returncode, told.stdout, told.stderr) == (0, "1 e-mails stored\n", "")
    nowhere = posthouse("import", "mbox", tmp_path / "b.mbox", "--to", "alice@example.test", data=data)
    assert nowhere.stderr == f"posthouse: There is no {tmp_path / 'b.mbox'}.\n"
    again = posthouse("import", "mbox", tmp_path / "a.mbox", "--to", "alice@example.test", data=data)
    assert again.stdout == "0 e-mails stored, 1 were here before\n"
    assert server.subjects("alice@example.test") == ["Old"]
    checked = posthouse("check", data=data)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "0 faults" in checked.stdout


@pytest.mark.parametrize(
    ("words", "input", "told"),
    [
        (("domain", "add", "no domain"), "", "is not a domain"),
        (("user", "add", "zoe@example.test", "--password-stdin"), "short", "A password has"),
        (("import", "tar", "x", "--to", "alice@example.test"), "", "is not mbox, maildir or eml"),
        (("import", "mbox", "/no/such/file", "--to", "nobody@example.test"), "", "There is no user"),
        (("serve", "--colour", "red"), "", "No such option"),
    ],
)
def test_wrong_words_get_a_sentence_and_exit_2(
    server: Server, data: Path, words: tuple[str, ...], input: str, told: str
) -> None:
    ended = posthouse(*words, data=data, input=input)
    assert ended.returncode == 2
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_second_server_on_the_folder_is_refused(server: Server, data: Path) -> None:
    ended = posthouse("serve", "--http", "127.0.0.1:0", data=data)
    assert (ended.returncode, "another Posthouse is using" in ended.stderr) == (2, True)
    assert server.health()["status"] == "ok"


def test_ports_in_use_are_named_together(server: Server, tmp_path: Path) -> None:
    taken = [f"127.0.0.1:{server.ports[door]}" for door in ("http", "imap")]
    doors = [word for door in DOORS for word in (f"--{door}", "off")]
    ended = posthouse("serve", *doors, "--mx", taken[0], "--imap", taken[1], data=tmp_path)
    assert ended.returncode == 2
    assert f"mx cannot listen on {taken[0]}" in ended.stderr
    assert f"imap cannot listen on {taken[1]}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_every_fault_of_the_configuration_is_named_at_once(tmp_path: Path) -> None:
    wrong = {
        "POSTHOUSE_HOSTNAME": "not a host",
        "POSTHOUSE_RETRY": "soon",
        "POSTHOUSE_ROUTES": "x=nowhere",
        "POSTHOUSE_DNS": "nowhere:53",
        "POSTHOUSE_ALLOW_NETS": "everyone",
        "POSTHOUSE_DNSSEC": "off",
        "POSTHOUSE_DANE_REQUIRED": "bank.test",
        "POSTHOUSE_NODE": "1024",
        "POSTHOUSE_IMAP": "127.0.0.1:99999",
        "POSTHOUSE_TLS_KEY": "/no/such/key",
        "POSTHOUSE_DATABASE_URL": "mysql://x",
        "SECRET_KEY": "short",
        "DEBUG": "perhaps",
    }
    ended = posthouse("serve", data=tmp_path, **wrong)
    assert ended.returncode == 2
    assert [name for name in wrong if name not in ended.stderr] == []
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTHOUSE_DATABASE_URL", "postgresql://posthouse@db:x/mail"),
        ("POSTHOUSE_DATABASE_URL", "postgresql://posthouse@[db/mail"),
        ("POSTHOUSE_ORIGIN", "https://[mail.example.org"),
    ],
)
def test_an_address_that_cannot_be_read_is_a_fault_as_well(tmp_path: Path, name: str, value: str) -> None:
    ended = posthouse("serve", data=tmp_path, **{name: value})
    assert (ended.returncode, name in ended.stderr, "Traceback" in ended.stderr) == (2, True, False)


def test_a_certificate_that_does_not_go_with_its_key_is_a_fault(tmp_path: Path) -> None:
    from posthouse.base import tls

    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        tls.self_signed(tmp_path / name, "mail.example.test")
    (tmp_path / "words.pem").write_text("no certificate")
    for certificate, words in (
        (tmp_path / "two" / "tls-certificate.pem", "another certificate's"),
        (tmp_path / "words.pem", "not both PEM files"),
    ):
        given = {
            "POSTHOUSE_TLS_CERTIFICATE": str(certificate),
            "POSTHOUSE_TLS_KEY": str(tmp_path / "one" / "tls-key.pem"),
        }
        ended = posthouse("serve", data=tmp_path / "data", **given)
        assert ended.returncode == 2
        assert "POSTHOUSE_TLS_KEY" in ended.stderr and words in ended.stderr
        assert "Traceback" not in ended.stderr


def test_a_file_that_is_no_database_is_said_plainly_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "posthouse.sqlite3").write_bytes(b"my thesis" * 1000)
    ended = posthouse("domain", "add", "x.test", data=tmp_path)
    assert (ended.returncode, "cannot be used" in ended.stderr) == (2, True)
    assert "Traceback" not in ended.stderr
    assert (tmp_path / "posthouse.sqlite3").read_bytes() == b"my thesis" * 1000


def test_an_interrupt_ends_it_cleanly_and_the_next_start_has_everything(
    server: Server, data: Path, tmp_path: Path
) -> None:
    """Last in this file: it stops the server of the others, in the middle of a long import."""
    line = "From x@y.test Thu Aug 22 12:36:23 2002\nFrom: x@y.test\nSubject: Old\n\nx\n\n"
    (tmp_path / "long.mbox").write_text(line * 20_000)
    importing = subprocess.Popen(
        [COMMAND, "import", "mbox", tmp_path / "long.mbox", "--to", "bob@example.test", "--data", data],
        env=ENV,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not server.subjects("bob@example.test"):
        assert importing.poll() is None
    before = server.subjects("alice@example.test")

    code, out, err = server.stop(signal.SIGINT)

    assert (code, err) == (0, "")
    assert "shutting down" in importing.communicate(timeout=WAIT_SECONDS)[1]
    assert importing.returncode == 2
    assert "posthouse: closing" in out
    assert not (data / "control.sock").exists()
    assert (data / "posthouse.sqlite3-wal").exists() is False or (
        (data / "posthouse.sqlite3-wal").stat().st_size == 0
    )
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600
    again = Server(data)
    try:
        assert again.subjects("alice@example.test") == before
        assert again.stop(signal.SIGTERM)[0] == 0
    finally:
        again.end()
