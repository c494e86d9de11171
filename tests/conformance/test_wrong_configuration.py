"""`posthouse serve` with wrong settings: one message that names every fault, an exit code, and no start."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.peers import PeerUnavailable, Posthouse, posthouse
from tests.programs import missing

FAULTS = {
    "POSTHOUSE_HOSTNAME": "not a host name",
    "POSTHOUSE_RELAY": "no-port",
    "POSTHOUSE_ROUTES": "other.test",
    "POSTHOUSE_MAX_MESSAGE_BYTES": "plenty",
    "POSTHOUSE_TLS_CERTIFICATE": "/no/such/certificate.pem",
    "POSTHOUSE_LOG_LEVEL": "chatty",
    "POSTHOUSE_ALLOW_NETS": "everyone",
    "POSTHOUSE_IMAP": "127.0.0.1:70000",
}

pytestmark = pytest.mark.conformance


@pytest.fixture
def server(tmp_path: Path) -> Posthouse:
    try:
        with posthouse(tmp_path, people=[], start=False) as made:
            return made
    except PeerUnavailable as reason:
        missing(reason)


def test_every_fault_is_named_in_one_message(server: Posthouse) -> None:
    server.env.update(FAULTS)

    ended = server.command("serve")

    told = ended.stdout + ended.stderr
    assert ended.returncode not in (0, None)
    assert [name for name in FAULTS if name not in told] == []
    assert "Traceback" not in told
    assert "posthouse: ready" not in told


def test_two_doors_on_one_port_are_refused(server: Posthouse) -> None:
    door = f"127.0.0.1:{server.http_port}"

    ended = server.command("serve", "--imap", door, "--mx", door)

    assert ended.returncode not in (0, None)
    assert door in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("is_file", [True, False])
def test_a_data_folder_that_cannot_be_used_is_named(
    server: Posthouse, tmp_path: Path, *, is_file: bool
) -> None:
    server.data = tmp_path / "elsewhere"
    if is_file:
        server.data.write_text("a file, no folder")
    else:
        (server.data / "lock").mkdir(parents=True)

    ended = server.command("serve")

    assert ended.returncode not in (0, None)
    assert f"POSTHOUSE_DATA={str(server.data)!r} cannot be used" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
