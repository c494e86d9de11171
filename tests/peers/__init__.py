"""Real servers, ours and other people's, started on free ports of 127.0.0.1 in a folder of their own.

The peers are oracles for the conformance tests and the other column of the benchmarks. Each is a context
manager that returns when the server answers and ends exactly the processes it started:

    with dovecot() as d, postfix(lmtp_port=d.lmtp_port) as p: ...
    with posthouse(tmp_path, people=["alice@example.test"]) as h: ...

A peer that is not installed, or needs rights this process has not, raises `PeerUnavailable` with the
reason, which tests turn into a skip, and in CI into a fault (tests/programs.py).
"""

from tests.peers.dovecot import Dovecot, dovecot
from tests.peers.opendkim import OpenDkim, opendkim
from tests.peers.postfix import Postfix, postfix
from tests.peers.postgresql import Postgresql, postgresql
from tests.peers.posthouse import Posthouse, posthouse
from tests.peers.process import PeerUnavailable, free_port, free_ports
from tests.peers.redis import Redis, redis
from tests.peers.rspamd import Rspamd, rspamd
from tests.peers.sink import Sink, sink

__all__ = [
    "Dovecot",
    "OpenDkim",
    "PeerUnavailable",
    "Postfix",
    "Postgresql",
    "Posthouse",
    "Redis",
    "Rspamd",
    "Sink",
    "dovecot",
    "free_port",
    "free_ports",
    "opendkim",
    "postfix",
    "postgresql",
    "posthouse",
    "redis",
    "rspamd",
    "sink",
]
