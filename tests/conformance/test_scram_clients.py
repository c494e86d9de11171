"""Programs that log in by SCRAM: msmtp sends, gsasl talks IMAP and SMTP. Both are GNU SASL's, and check our answer."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import make
from tests.api.client import log_in
from tests.identity.test_mail_clients import app_password
from tests.imapd.client import Client
from tests.programs import need

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.conformance

PRIORITIES = {"1.2": "NORMAL:-VERS-ALL:+VERS-TLS1.2", "1.3": "NORMAL:-VERS-ALL:+VERS-TLS1.3"}


@pytest.fixture
def password(house: RunningHouse, cast: Cast) -> str:
    return app_password(log_in(house, cast.alice))["password"]


def has_come(house: RunningHouse, cast: Cast, subject: bytes) -> bool:
    client = Client(house.ports["imap"])
    client.log_in(cast.bob.email, cast.bob.password)
    client.ok(b"SELECT INBOX")
    found = client.ok(b"SEARCH SUBJECT " + subject).untagged[0]
    client.close()
    return found == b"* SEARCH 1"


@pytest.mark.parametrize("wanted", ["scram-sha-256", "on"])
def test_msmtp_sends(tmp_path: Path, house: RunningHouse, cast: Cast, password: str, wanted: str) -> None:
    need("msmtp")
    config = tmp_path / "msmtprc"
    config.write_text(
        f"""\
account default
host 127.0.0.1
port {house.ports["submissions"]}
tls on
tls_starttls off
tls_trust_file {house.data}/tls-certificate.pem
auth {wanted}
user {cast.alice.email}
password {password}
from {cast.alice.email}
"""
    )
    config.chmod(0o600)
    done = subprocess.run(
        ["msmtp", "-d", "-C", str(config), cast.bob.email],
        input=make.message(sender=cast.alice.email, to=cast.bob.email, subject="proven"),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert b"AUTH SCRAM-SHA-256 " in done.stdout
    assert has_come(house, cast, b"proven")


@pytest.mark.parametrize("version", PRIORITIES)
@pytest.mark.parametrize("protocol", ["imap", "smtp"])
def test_gsasl_takes_the_best_that_is_offered(
    house: RunningHouse, cast: Cast, password: str, protocol: str, version: str
) -> None:
    """With TLS 1.2 that is SCRAM-SHA-256-PLUS over tls-unique, with 1.3 SCRAM-SHA-256 (gsasl 2.2 only when told)."""
    need("gsasl")
    port = house.ports["imap" if protocol == "imap" else "submission"]
    mechanism = "SCRAM-SHA-256-PLUS" if version == "1.2" else "SCRAM-SHA-256"
    done = subprocess.run(
        [
            "gsasl", f"--{protocol}", f"--connect=127.0.0.1:{port}", "--verbose", "--no-client-first",
            f"--authentication-id={cast.alice.email}", f"--password={password}",
            f"--priority={PRIORITIES[version]}", f"--x509-ca-file={house.data}/tls-certificate.pem",
            f"--mechanism={mechanism}", *(["--no-cb"] if version == "1.3" else []),
        ],
        input=b"",
        capture_output=True,
        timeout=30,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 0, said.decode(errors="replace")
    assert b" OK [CAPABILITY" in said if protocol == "imap" else b"\n235 " in said, said
    offers = next(
        line for line in reversed(said.splitlines()) if b"SCRAM-SHA-256" in line and b"PLAIN" in line
    )
    assert (b"SCRAM-SHA-256-PLUS" in offers) is (version == "1.2")
