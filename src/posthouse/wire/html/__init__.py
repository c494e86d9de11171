"""HTML of strangers made safe to show, and ours made safe to send.

Three passes, each enough on its own against the commonest attack: `soup` tokenises and balances (so depth and
work are bounded), nh3 parses as a browser does and keeps an allow-list, `css` keeps an allow-list of
properties. The result is meant for a sandboxed frame with `FRAME_CSP`, which would hold even if all three
failed.
"""

from posthouse.wire.html.document import FRAME_CSP, FRAME_HEADERS, document
from posthouse.wire.html.outgoing import OutgoingHtml, sanitize_outgoing
from posthouse.wire.html.quotes import fold_quotes
from posthouse.wire.html.resources import BLOCK_REMOTE, RemotePolicy
from posthouse.wire.html.sanitize import SafeHtml, sanitize
from posthouse.wire.html.text import text_to_html

__all__ = [
    "BLOCK_REMOTE",
    "FRAME_CSP",
    "FRAME_HEADERS",
    "OutgoingHtml",
    "RemotePolicy",
    "SafeHtml",
    "document",
    "fold_quotes",
    "sanitize",
    "sanitize_outgoing",
    "text_to_html",
]
