"""The page that goes into the mail frame, and the headers that make it harmless whatever it holds."""

from __future__ import annotations

from posthouse.wire.html.quotes import fold_quotes
from posthouse.wire.html.sanitize import SafeHtml

FRAME_CSP = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "form-action 'none'; base-uri 'none'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
FRAME_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": FRAME_CSP,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_FONT = (
    "Inter,system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',Arial,sans-serif,"
    "'Apple Color Emoji','Segoe UI Emoji','Noto Color Emoji'"
)
_LIGHT = "color-scheme:light;--paper:#ffffff;--ink:#201c18;--dim:#6b635a;--line:#e3dcd3;--link:#b4491a"
_DARK = "color-scheme:dark;--paper:#171513;--ink:#efeae3;--dim:#a59c91;--line:#332e29;--link:#f08a5d"
_NOTHING = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_BASE = (
    "html{background:var(--paper)}"
    "body{margin:0;padding:0;background:var(--paper);color:var(--ink);overflow-wrap:anywhere;"
    f"font:14px/1.5 {_FONT}}}"
    # A percentage in a cell would let the column shrink to nothing, so pictures in tables keep their size.
    "img,table{max-width:100%}td img,th img{max-width:none}"
    # Where many columns share a row, breaking inside words would leave each a letter wide: it may scroll instead.
    "tr:has(>:nth-child(5))>*{overflow-wrap:break-word}"
    # A blocked spacer keeps its place without drawing an empty box.
    "img:not([src]):not([alt]),img[alt='']:not([src]){opacity:0}"
    # Any other blocked picture is a quiet field of its size; a browser would draw it as broken.
    f"img:not([src]){{content:url({_NOTHING});background:var(--line);border-radius:4px;min-height:1em}}"
    "pre{white-space:pre-wrap}a:link{color:var(--link)}"
    "blockquote{margin:0 0 0 2px;padding:0 0 0 12px;border-left:2px solid var(--line)}"
    ".ph-text{white-space:pre-wrap;unicode-bidi:plaintext}"
    ".ph-quote{margin:0;color:var(--dim)}"
    "details.ph-quoted>summary{cursor:pointer;color:var(--dim);list-style:none;width:2.4em;text-align:center;"
    "border:1px solid var(--line);border-radius:8px;line-height:1.1;margin:8px 0}"
    "details.ph-quoted>summary::-webkit-details-marker{display:none}"
)


def document(safe: SafeHtml, *, dark: bool = False, fold: bool = True) -> str:
    """The whole HTML page for one sanitised mail; serve it with FRAME_HEADERS.

    `fold` puts the older mail that a reply carries at its end behind a button.

    A mail that brings its own colours is shown on white even in the dark, as its writer saw it: half of a
    palette turned round is unreadable.
    """
    theme = _DARK if dark and not safe.sets_colours else _LIGHT
    body = fold_quotes(safe.html) if fold else safe.html
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><title></title>'
        f"<style>:root{{{theme}}}{_BASE}</style></head><body>{body}</body></html>"
    )
