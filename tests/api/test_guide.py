"""The guide to the API: its examples are run as they stand, against the house."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests import make
from tests.api.test_webhooks import sink as sink  # a place that is told
from tests.cast import Cast
from tests.hooks_sink import Sink
from tests.house import RunningHouse
from tests.programs import need

GUIDE = (Path(__file__).parents[2] / "docs" / "use" / "api.md").read_text()
BLOCKS = re.findall(r"^```(bash|python)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
FAILS_LOUDLY = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n'


def test_the_commands_do_what_they_say(house: RunningHouse, cast: Cast, sink: Sink, tmp_path: Path) -> None:
    need("jq")
    need("curl")
    make.email(cast.alice, subject="First")
    make.email(cast.alice, subject="Second")
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.4 a plan")
    script = FAILS_LOUDLY + "".join(text for kind, text in BLOCKS if kind == "bash")
    for theirs, ours in (
        ("http://127.0.0.1:8000", house.http),
        ("alice-at-the-posthouse", cast.alice.password),
        ("alice@posthouse.test", cast.alice.email),
        ("bob@posthouse.test", cast.bob.email),
        ("https://example.org/mail", sink.url),
    ):
        assert theirs in script
        script = script.replace(theirs, ours)
    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout[-2_000:] + ran.stderr[-2_000:]
    told = [line for line in ran.stdout.splitlines() if '"webhook_id":"msg_' in line]
    assert told, "the script ran to its webhooks"


def test_the_signatures_check_is_right() -> None:
    from posthouse.hooks import signing

    scope: dict[str, object] = {}
    (code,) = [text for kind, text in BLOCKS if kind == "python" and "is_ours" in text]
    exec(code, scope)
    secret, body = signing.new_secret(), b'{"type":"webhook.test"}'
    headers = signing.headers(
        [signing.new_secret(), secret], message_id="msg_1", at_s=1_700_000_000, body=body
    )
    is_ours = scope["is_ours"]
    assert callable(is_ours)
    assert is_ours(secret, headers, body)
    assert not is_ours(secret, headers, body + b" ")
    assert not is_ours(secret, headers | {"webhook-timestamp": "1700000001"}, body)
    assert not is_ours(signing.new_secret(), headers, body)


def test_the_python_examples_are_python() -> None:
    for kind, text in BLOCKS:
        if kind == "python":
            compile(text, "guide", "exec")
