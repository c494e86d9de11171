"""Mail over the wire to other servers: where to, how, and what came of it for each recipient."""

from posthouse.delivery.transport.connecting import Timeouts
from posthouse.delivery.transport.content import form_of, under
from posthouse.delivery.transport.deliver import deliver
from posthouse.delivery.transport.dsn import Wish, Wishes
from posthouse.delivery.transport.lines import Lines
from posthouse.delivery.transport.outcome import Outcome, Verdict
from posthouse.delivery.transport.retry import DEFAULT_SCHEDULE, backoff, lasts_seconds
from posthouse.delivery.transport.routes import Hop, Relay, RouteFailed, Routes, Tls, hops_for
from posthouse.delivery.transport.smtp_client import Mail, Seal, send

__all__ = [
    "DEFAULT_SCHEDULE",
    "Hop",
    "Lines",
    "Mail",
    "Outcome",
    "Relay",
    "RouteFailed",
    "Routes",
    "Seal",
    "Timeouts",
    "Tls",
    "Verdict",
    "Wish",
    "Wishes",
    "backoff",
    "deliver",
    "form_of",
    "hops_for",
    "lasts_seconds",
    "send",
    "under",
]
