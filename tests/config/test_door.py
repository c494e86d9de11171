"""The processes that serve stay small: what they do not use is not in them."""

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
HOUSE = """
import sys
import posthouse.config.opening
from posthouse.config import start
start.set_up_django()
import posthouse.config.asgi, posthouse.config.serve
print(*sorted(name for name, module in sys.modules.items() if module is not None))
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


def test_a_house_on_sqlite_has_no_driver_of_another_database(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("DB_")}
    ran = subprocess.run(
        [sys.executable, "-P", "-c", HOUSE],
        env={**env, "POSTHOUSE_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    loaded = set(ran.stdout.split())
    assert "rest_framework.compat" in loaded and loaded & {"psycopg", "requests", "rich"} == set()


def _make_certificate(folder: Path) -> None:
    """As the house has made it before it starts a door: making one reads certificates."""
    from posthouse.base.tls import self_signed

    self_signed(folder, "mail.posthouse.test")
