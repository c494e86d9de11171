"""TLS-Required: No is understood as RFC 8689 §5 writes it, and nothing else is."""

from __future__ import annotations

import pytest

from posthouse.wire.mime.tls_required import waives_tls


@pytest.mark.parametrize(
    ("header", "waived"),
    [
        (b"TLS-Required: No\r\n", True),
        (b"tls-required:no\r\n", True),
        (b"TLS-Required:\r\n No\r\n", True),
        (b"TLS-Required: Yes\r\n", False),
        (b"TLS-Required: No, really\r\n", False),
        (b"TLS-Required:\r\n", False),
        (b"TLS-Required: No\r\nTLS-Required: No\r\n", False),
        (b"X-TLS-Required: No\r\n", False),
        (b"", False),
    ],
)
def test_only_the_one_word_once(header: bytes, waived: bool) -> None:
    assert waives_tls(b"From: a@b.test\r\n" + header + b"\r\nTLS-Required: No\r\n") is waived
