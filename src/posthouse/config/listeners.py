"""The mail doors made of the operator's settings, in the house's process or in one of their own (config/door.py)."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from posthouse.base import tls
from posthouse.base.limits import Rate
from posthouse.base.spool import Spool
from posthouse.config.env import Env
from posthouse.smtpd.checked import Checks, Later
from posthouse.smtpd.gate import Gate, GateSettings
from posthouse.smtpd.handler import Handler
from posthouse.smtpd.mx import Mx
from posthouse.smtpd.peer_rates import DEFAULTS, Counted, PeerRates
from posthouse.smtpd.server import SmtpServer
from posthouse.smtpd.settings import Settings
from posthouse.smtpd.turned_away import TurnedAway
from posthouse.wire.auth.dns import Ask
from posthouse.wire.budget import Budget
from posthouse.wire.smtp.envelope import Service
from posthouse.wire.smtp.limits import Limits

if TYPE_CHECKING:
    from posthouse.delivery.reporting.dmarc import Judged
    from posthouse.imapd.server import ImapServer
    from posthouse.smtpd.scanners import Scanners

MAX_CONNECTIONS = 5000
MAX_CONNECTIONS_PER_IP = 100
INCOMING_BYTES = 512 * 1024 * 1024
"""Of messages that all clients together are sending at one moment; MX, submission and IMAP have so much each, since one
who hands in drafts slowly must not shut the door for the world's mail."""


SPOOL_BYTES = 8 * 1024 * 1024 * 1024
"""Of large messages that all clients of a door are sending, and that are worked on, on disk."""


def tls_context(env: Env) -> ssl.SSLContext:
    """The operator's certificate, or the self-signed one of the data folder, made if it is not there."""
    certificate, key = env.tls_certificate, env.tls_key
    if certificate is None or key is None:
        certificate, key = tls.self_signed(env.data, env.hostname)
    return tls.server_context(certificate, key)


def smtp_server(
    env: Env, name: str, *, context: ssl.SSLContext, budget: Budget, processes: int = 1
) -> SmtpServer:
    """The door called `name` in `Env.listeners`. Where several processes share it, so they do its limits."""
    service = {"mx": Service.MX, "lmtp": Service.LMTP}.get(name, Service.SUBMISSION)
    settings = Settings(
        service=service,
        hostname=env.hostname,
        implicit_tls=name == "submissions",
        allow_plain_login=env.plaintext_login,
        limits=Limits(message_bytes=env.max_message_bytes),
        max_connections=-(-MAX_CONNECTIONS // processes),
        max_connections_per_ip=-(-MAX_CONNECTIONS_PER_IP // processes),
        proxies=() if service is Service.LMTP else env.mail_doors.proxies,
        tarpit_seconds=env.mail_doors.tarpit_seconds if service is Service.MX else 0,
    )
    tls = None if service is Service.LMTP else context
    rates = _peer_rates(env) if service is Service.MX else None
    spool = Spool(env.data / "spool", budget=Budget(SPOOL_BYTES // processes))
    turned_away = None if service is Service.SUBMISSION else TurnedAway()
    judged = _judged(env) if service is Service.MX else None
    handler = _smtp_handler(env, service, judged)
    return SmtpServer(
        settings,
        handler,
        budget=budget,
        tls=tls,
        rates=rates,
        turned_away=turned_away,
        judged=judged,
        spool=spool,
    )


def _judged(env: Env) -> Judged | None:
    if "dmarc" not in env.reporters or not env.senders.is_on:
        return None
    from posthouse.delivery.reporting import dmarc  # few operators want it

    return dmarc.gathering()


def _peer_rates(env: Env) -> PeerRates | None:
    given = env.mail_doors.peer_rates
    if given is None:
        return None
    own = {Counted(name): Rate(*rate) for name, rate in given.items()}
    return PeerRates({**DEFAULTS, **own}, trusted_peers=env.senders.trusted_peers)


def _smtp_handler(env: Env, service: Service, judged: Judged | None) -> Handler:
    if service is Service.MX:
        return Mx(
            hostname=env.hostname,
            senders=_senders(env, judged),
            gate=_gate(env),
            scanners=_scanners(env),
            unjudged_peers=env.senders.unjudged_peers,
            keeps_refused=env.mail_doors.keeps_refused,
        ).handler()
    if service is Service.LMTP:
        lmtp = Mx(hostname=env.hostname, scanners=_scanners(env), keeps_refused=env.mail_doors.keeps_refused)
        return lmtp.lmtp_handler()
    from posthouse.smtpd.submission import Submission  # not for a process that takes the world's mail only

    return Submission(hostname=env.hostname).handler()


def _gate(env: Env) -> Gate | None:
    doors = env.mail_doors
    settings = GateSettings(
        block_lists=doors.block_lists, only_marks=doors.only_marks, greylist_seconds=doors.greylist_seconds
    )
    if settings.is_open:
        return None

    def make_ask() -> Ask:
        from posthouse.base import net
        from posthouse.base.net_dns import Answers

        return Answers(net.policy())

    return Gate(settings, hostname=env.hostname, make_ask=make_ask, trusted_peers=env.senders.trusted_peers)


def _senders(env: Env, judged: Judged | None) -> Later | None:
    if not env.senders.is_on:
        return None

    def make() -> Checks:
        from posthouse.base import net
        from posthouse.smtpd.senders import Obey, Senders

        return Senders(
            hostname=env.hostname,
            policy=net.policy(),
            trusted_peers=env.senders.trusted_peers,
            obey=Obey(env.senders.dmarc),
            arc_trusted=env.senders.arc_trusted,
            judged=judged,
        )

    return Later(make, trusted_peers=env.senders.trusted_peers)


def _scanners(env: Env) -> Scanners | None:
    if env.rspamd is None and env.clamav is None:
        return None
    from posthouse.base import net
    from posthouse.smtpd.scanners import Scanners

    return Scanners(
        rspamd=None if env.rspamd is None else (env.rspamd.host, env.rspamd.port),
        clamav=None if env.clamav is None else (env.clamav.host, env.clamav.port),
        policy=net.policy().for_operator(),
    )


def imap_server(env: Env, name: str, *, context: ssl.SSLContext, budget: Budget) -> ImapServer:
    """The door called `name` in `Env.listeners`."""
    from posthouse.imapd.server import ImapServer  # not for a process that takes mail only
    from posthouse.imapd.settings import Settings as ImapSettings

    settings = ImapSettings(
        hostname=env.hostname,
        implicit_tls=name == "imaps",
        allow_plain_login=env.plaintext_login,
        append_bytes=env.max_message_bytes,
        proxies=env.mail_doors.proxies,
    )
    spool = Spool(env.data / "spool", budget=Budget(SPOOL_BYTES))
    return ImapServer(settings, tls=context, budget=budget, spool=spool)
