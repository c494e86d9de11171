"""What our own composer wrote, made fit to send: simple formatting, inline styles, images by cid or https.

The composer is a browser and its content may be a paste from anywhere, so it is cleaned like a stranger's.
Links keep no `target`, which receiving clients set themselves; style sheets go, since most receivers drop
them.
"""

from __future__ import annotations

from dataclasses import dataclass

from posthouse.wire.html.resources import BLOCK_REMOTE, Resources
from posthouse.wire.html.sanitize import MAX_HTML_CHARS, Cleaner
from posthouse.wire.html.soup import balance


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingHtml:
    """`html` is a fragment; `cids` are the inline parts it needs."""

    html: str
    cids: frozenset[str]


def sanitize_outgoing(html: str) -> OutgoingHtml:
    """Clean composer HTML for sending. Never raises; linear in the length of `html`."""
    resources = Resources(cid=lambda _: None, remote=BLOCK_REMOTE, keep_remote=True, keep_cid=True)
    cleaner = Cleaner(resources, link_attributes={})
    cleaned = cleaner.clean(balance(html[:MAX_HTML_CHARS]).html)
    return OutgoingHtml(html=cleaned, cids=frozenset(resources.cids))
