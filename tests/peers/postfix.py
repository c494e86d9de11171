"""Postfix that takes mail for one domain by SMTP and hands it on by LMTP or SMTP, with a queue of its own."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.process import PeerUnavailable, Process, free_port, own_folder, program

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.{domain}
mydestination =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
virtual_mailbox_domains = {domain}
virtual_mailbox_maps =
alias_maps =
alias_database =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_peername_lookup = no
smtpd_client_event_limit_exceptions = 127.0.0.0/8
smtp_host_lookup = native
disable_dns_lookups = yes
message_size_limit = 60000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
biff = no
"""

_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postfix:
    process: Process
    folder: Path
    smtp_port: int
    domain: str
    log: Path


def _main(home: Path, domain: str, lmtp_port: int | None, settings: Mapping[str, str]) -> str:
    lines = [line.partition(" =")[::2] for line in _MAIN.format(folder=home, domain=domain).splitlines()]
    by_lmtp = {} if lmtp_port is None else {"virtual_transport": f"lmtp:inet:127.0.0.1:{lmtp_port}"}
    whole = dict(lines) | by_lmtp | settings
    return "".join(f"{name} = {value.strip()}\n" for name, value in whole.items())


@contextmanager
def postfix(
    folder: Path | None = None,
    *,
    lmtp_port: int | None = None,
    domain: str = "example.test",
    settings: Mapping[str, str] | None = None,
) -> Iterator[Postfix]:
    """Start Postfix with Debian's defaults otherwise (it syncs each message before its 250). Needs root.

    `settings` are main.cf's, in place of those here.
    """
    if os.geteuid() != 0:
        raise PeerUnavailable("Postfix starts only for root")
    command = program("postfix")
    master = program("master", "/usr/lib/postfix/sbin")
    with ExitStack() as stack:
        home = folder or stack.enter_context(own_folder("postfix"))
        port = free_port()
        config = home / "etc"
        config.mkdir()
        (config / "main.cf").write_text(_main(home, domain, lmtp_port, settings or {}))
        (config / "master.cf").write_text(_MASTER.format(port=port))
        for name in ("queue", "data"):
            (home / name).mkdir()
        os.chown(home / "data", pwd.getpwnam("postfix").pw_uid, -1)
        checked = subprocess.run(
            [command, "-c", str(config), "check"], capture_output=True, text=True, check=False
        )
        if checked.returncode != 0:
            raise RuntimeError(f"postfix check: {checked.stderr}")
        process = Process([master, "-c", str(config), "-d"], log=home / "console.log")
        stack.callback(process.stop)
        process.wait_for_port(port)
        yield Postfix(process=process, folder=home, smtp_port=port, domain=domain, log=home / "mail.log")
