"""Rspamd as Postfix's milter, with Debian's rules; what it would ask of others on the Internet is left out.

It asks one DNS server, the test's own, so nothing leaves the machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.process import Process, free_ports, own_folder, program

_WORKERS = {
    "worker-proxy.inc": (
        'bind_socket = "127.0.0.1:{proxy}";\ncount = 2;\n'
        'upstream "local" {{ default = yes; self_scan = yes; }}\n'
    ),
    "worker-normal.inc": "enabled = false;\n",
    "worker-controller.inc": 'bind_socket = "127.0.0.1:{controller}";\n',
    "logging.inc": 'level = "warning";\n',
    "options.inc": 'dns {{ nameserver = ["{dns_host}:{dns_port}"]; }}\n',
    "spf.conf": "check_local = true;\n",
    "dkim.conf": "check_local = true;\n",
    "dmarc.conf": "check_local = true;\n",
    "actions.conf": "reject = 999;\nadd_header = 6;\ngreylist = 999;\n",
    "milter_headers.conf": 'use = ["authentication-results", "x-spamd-bar"];\nskip_local = false;\n',
}
_LEFT_OUT = (
    "rbl", "surbl", "fuzzy_check", "asn", "mx_check", "url_redirector", "rspamd_update", "phishing", "neural"
)  # fmt: skip
START_SECONDS = 120.0
"""It compiles its rules first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rspamd:
    process: Process
    port: int

    @property
    def settings(self) -> Mapping[str, str]:
        """What Postfix has to be told."""
        return {
            "smtpd_milters": f"inet:127.0.0.1:{self.port}",
            "milter_default_action": "tempfail",
            "milter_protocol": "6",
        }


@contextmanager
def rspamd(*, dns: tuple[str, int]) -> Iterator[Rspamd]:
    binary = program("rspamd")
    with ExitStack() as stack:
        home = stack.enter_context(own_folder("rspamd"))
        proxy, controller = free_ports(2)
        _configure(home, proxy=proxy, controller=controller, dns=dns)
        places = {"LOCAL_CONFDIR": home, "DBDIR": home / "db", "RUNDIR": home, "LOGDIR": home}
        variables = [word for name, place in places.items() for word in ("--var", f"{name}={place}")]
        command = [binary, "-f", "--insecure", *variables, "-c", "/etc/rspamd/rspamd.conf"]
        process = Process(command, log=home / "console.log")
        stack.callback(process.stop)
        process.wait_for_port(proxy, seconds=START_SECONDS)
        yield Rspamd(process=process, port=proxy)


def _configure(home: Path, *, proxy: int, controller: int, dns: tuple[str, int]) -> None:
    (home / "db").mkdir()
    (home / "override.d").mkdir()
    (home / "override.d" / "options.inc").write_text('local_addrs = ["192.0.2.1"];\n')
    local = home / "local.d"
    local.mkdir()
    facts = {"proxy": proxy, "controller": controller, "dns_host": dns[0], "dns_port": dns[1]}
    for name, text in _WORKERS.items():
        (local / name).write_text(text.format(**facts))
    for name in _LEFT_OUT:
        (local / f"{name}.conf").write_text("enabled = false;\n")
