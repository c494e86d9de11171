"""Dovecot (IMAP and LMTP) with fsync on, any user of any domain, one password."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.process import Process, free_ports, own_folder, program

_CONFIG = """\
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/mail.log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = {driver}:{folder}/mail/%u
mail_fsync = {fsync}
mail_uid = {mail_user}
mail_gid = {mail_group}
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 10000
default_client_limit = 20000
default_process_limit = 4000
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={folder}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    special_use = \\Drafts
    auto = create
  }}
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = create
  }}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  process_limit = 4000
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service imap {{
  process_limit = 4000
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth_port}
  }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dovecot:
    process: Process
    folder: Path
    imap_port: int
    lmtp_port: int
    auth_port: int
    """Where Postfix asks whether a log-in is right (`smtpd_sasl_type = dovecot`)."""
    user: str
    password: str
    log: Path


@contextmanager
def dovecot(
    folder: Path | None = None,
    *,
    driver: str = "maildir",
    fsync: str = "optimized",
    user: str = "alice@example.test",
) -> Iterator[Dovecot]:
    """Start Dovecot; `driver` is maildir, sdbox or mdbox, `fsync` Dovecot's mail_fsync.

    `optimized` (Dovecot's own default) syncs each delivery before it is answered and leaves out index files;
    `always` syncs those too. A given folder must be one that the users dovecot and dovenull can enter.
    """
    binary = program("dovecot")
    with ExitStack() as stack:
        home = folder or stack.enter_context(own_folder("dovecot"))
        imap_port, lmtp_port, auth_port = free_ports(3)
        password = "a-password-for-tests"
        config = home / "dovecot.conf"
        config.write_text(
            _CONFIG.format(
                folder=home,
                driver=driver,
                fsync=fsync,
                password=password,
                imap_port=imap_port,
                lmtp_port=lmtp_port,
                auth_port=auth_port,
                **_owners(home),
            )
        )
        process = Process([binary, "-F", "-c", str(config)], log=home / "console.log")
        stack.callback(process.stop)
        process.wait_for_port(imap_port)
        process.wait_for_port(lmtp_port)
        yield Dovecot(
            process=process,
            folder=home,
            imap_port=imap_port,
            lmtp_port=lmtp_port,
            auth_port=auth_port,
            user=user,
            password=password,
            log=home / "mail.log",
        )


def _owners(home: Path) -> dict[str, str]:
    """Root hands the mail to `nobody` as a real site would; anyone else runs all of it as himself."""
    mail = home / "mail"
    mail.mkdir(exist_ok=True)
    me = pwd.getpwuid(os.geteuid())
    group = str(os.getegid())
    if me.pw_uid != 0:
        return {
            "mail_user": me.pw_name,
            "mail_group": group,
            "internal_user": me.pw_name,
            "internal_group": group,
            "login_user": me.pw_name,
        }
    nobody = pwd.getpwnam("nobody")
    os.chown(mail, nobody.pw_uid, nobody.pw_gid)
    return {
        "mail_user": "nobody",
        "mail_group": "nogroup",
        "internal_user": "dovecot",
        "internal_group": "dovecot",
        "login_user": "dovenull",
    }
