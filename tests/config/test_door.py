"""The process that takes mail from the world stays small: what it does not use is not in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LOADED = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "posthouse.config.door_settings"
from posthouse.config import start
env = start.set_up_django(process=1)
from posthouse.config.listeners import smtp_server, tls_context
from posthouse.wire.budget import Budget
smtp_server(env, "mx", context=tls_context(env), budget=Budget(1_000_000), processes=1)
print(*sorted(sys.modules))
"""
HEAVY = {
    "cryptography.hazmat.bindings._rust",
    "argon2",
    "fido2",
    "nh3",
    "PIL",
    "rest_framework",
    "posthouse.identity.passwords",
    "posthouse.imapd.server",
    "posthouse.smtpd.senders",
}


def test_a_door_loads_nothing_that_it_does_not_use(tmp_path: Path) -> None:
    _make_certificate(tmp_path)
    env = {**os.environ, "POSTHOUSE_DATA": str(tmp_path), "POSTHOUSE_HOSTNAME": "mail.posthouse.test"}
    ran = subprocess.run(
        [sys.executable, "-P", "-c", LOADED], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    loaded = set(ran.stdout.split())
    assert "posthouse.smtpd.mx" in loaded and loaded & HEAVY == set()


def _make_certificate(folder: Path) -> None:
    """As the house has made it before it starts a door: making one reads certificates."""
    from posthouse.base.tls import self_signed

    self_signed(folder, "mail.posthouse.test")
