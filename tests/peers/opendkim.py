"""OpenDKIM as Postfix's milter: signs for one domain, verifies everybody else, by a key file and not by the DNS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.process import Process, free_port, own_folder, program

_CONFIG = """\
Syslog no
Mode {mode}
Canonicalization {canon}
Socket inet:{port}@127.0.0.1
Background no
UserID root
RequireSafeKeys no
InternalHosts {internal}
ExternalIgnoreList {internal}
AlwaysAddARHeader yes
AuthservID opendkim.test
TestPublicKeys {public}
On-BadSignature accept
On-NoSignature accept
On-KeyNotFound accept
On-InternalError tempfail
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDkim:
    process: Process
    port: int
    public: Path
    """Keys by the names that the DNS has for others: `name record` on a line; read anew for each message."""

    @property
    def settings(self) -> Mapping[str, str]:
        """What Postfix has to be told."""
        return {
            "smtpd_milters": f"inet:127.0.0.1:{self.port}",
            "milter_default_action": "tempfail",
            "milter_protocol": "6",
        }


@contextmanager
def opendkim(
    *,
    signs_for: str = "",
    selector: str = "key",
    private: bytes = b"",
    public: Mapping[str, str] | None = None,
    canon: str = "relaxed/simple",
) -> Iterator[OpenDkim]:
    """`private` is the signing key in PEM; what comes from loopback is signed when there is one, else verified."""
    binary = program("opendkim")
    with ExitStack() as stack:
        home = stack.enter_context(own_folder("opendkim"))
        port, keys = free_port(), home / "keys"
        keys.write_text("".join(f"{name} {record}\n" for name, record in (public or {}).items()))
        internal = home / "internal"
        internal.write_text("127.0.0.1\n" if signs_for else "192.0.2.1\n")
        text = _CONFIG.format(
            mode="s" if signs_for else "v", canon=canon, port=port, internal=internal, public=keys
        )
        if signs_for:
            (home / "private.pem").write_bytes(private)
            text += f"Domain {signs_for}\nSelector {selector}\nKeyFile {home / 'private.pem'}\n"
        config = home / "opendkim.conf"
        config.write_text(text)
        process = Process([binary, "-f", "-x", str(config)], log=home / "console.log")
        stack.callback(process.stop)
        process.wait_for_port(port)
        yield OpenDkim(process=process, port=port, public=keys)
