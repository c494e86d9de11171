"""What is new in an answer: what its author wrote, without the older mail, the signature and the programs' lines.

Mail clients quote in a hundred ways. Told apart are lines with ">", lines of attribution before them ("On … wrote:"),
header blocks and what follows ("From: … Sent: …", "-----Original Message-----"), the containers that clients put around
quotes in HTML, signatures behind "-- " or in a marked element, and "Sent from my phone". A forward that somebody sends
on is content and stays.

Linear time whatever the mail; never an error. In doubt words stay: a quote too many is a smaller loss than a word.
"""

from __future__ import annotations

import re
from html import unescape

from posthouse.wire.mime import reply_words as words
from posthouse.wire.mime.html_text import MAX_HTML_CHARS, html_to_text
from posthouse.wire.mime.part import Part
from posthouse.wire.mime.text import bodies, decode_text, is_media

FOOTER_MARK = "_ _ _ Posthouse _ _ _"
"""Stands before the footer of what we send to people outside; no answer has words of its own below it."""
MAX_TEXT_CHARS = 1_000_000
MAX_LINE_CHARS = 400
"""Longer lines are nobody's attribution or header block."""
MAX_ATTRIBUTION_LINES = 4
MAX_BLOCK_LINES = 12
MAX_DEVICE_LINES = 2

_QUOTED = "\ue001"
"""Stands where HTML had a quote, until the text is looked through."""


def new_text(text: str) -> str:
    """What is new in plain text."""
    lines = text[:MAX_TEXT_CHARS].replace("\r\n", "\n").replace("\r", "\n").replace(_QUOTED, "").split("\n")
    return _new(lines)


def new_text_of_html(html: str) -> str:
    """What is new in HTML, as plain text."""
    return _new(html_to_text(_without_quotes(html[:MAX_HTML_CHARS].replace(_QUOTED, ""))).split("\n"))


def new_words(root: Part, raw: bytes) -> str:
    """What is new in a message: of its plain text, else of its HTML."""
    texts, htmls = [], []
    chosen = bodies(root)
    for _, part in chosen.text:
        if part.content_type == "text/html":
            htmls.append(new_text_of_html(decode_text(part, raw)))
        elif not is_media(part.content_type):
            texts.append(new_text(decode_text(part, raw)))
    found = "\n\n".join(piece for piece in (*texts, *htmls) if piece)
    if found or htmls:
        return found
    rich = [part for _, part in chosen.html if part.content_type == "text/html"]
    return "\n\n".join(filter(None, (new_text_of_html(decode_text(part, raw)) for part in rich)))


# --- text -----------------------------------------------------------------------------------------


def _new(lines: list[str]) -> str:
    kept: list[str] = []
    has_words = False
    at = 0
    while at < len(lines):
        line = lines[at]
        if _is_quoted(line):
            _drop_attribution(kept)
            at = _after_quote(lines, at)
            kept.append("")
        elif _is_end(lines, at, has_words=has_words):
            break
        else:
            kept.append(line)
            has_words = has_words or bool(line.strip())
            at += 1
    _drop_devices(kept)
    return _tidy(kept)


def _is_end(lines: list[str], at: int, *, has_words: bool) -> bool:
    """Whether nothing new follows: a signature, our footer, or older mail without marks on its lines."""
    line = lines[at].rstrip("\t\xa0")
    if len(line) > MAX_LINE_CHARS:
        return False
    if line.strip(" >") == FOOTER_MARK or words.ORIGINAL.fullmatch(line):
        return True
    if line == "-- " or (has_words and words.SIGNATURE.fullmatch(line)):
        return True
    if words.RULE.fullmatch(line):
        below = _next_line(lines, at + 1)
        return below is not None and _is_header_block(lines, below)
    return _is_header_block(lines, at) or _is_bare_attribution(lines, at)


def _next_line(lines: list[str], at: int) -> int | None:
    for place in range(at, min(at + 3, len(lines))):
        if lines[place].strip():
            return place
    return None


def _is_header_block(lines: list[str], at: int) -> bool:
    """Outlook's and the telephones': who, when and one more, each on its line. A forward's stands below a mark."""
    if not words.SENDER.match(lines[at][:MAX_LINE_CHARS]) or _is_forward(lines, at):
        return False
    below = [line[:MAX_LINE_CHARS] for line in lines[at + 1 : at + MAX_BLOCK_LINES]]
    return any(map(words.SENT.match, below)) and any(map(words.OTHER.match, below))


def _is_forward(lines: list[str], at: int) -> bool:
    """The mark of Gmail, Thunderbird, Apple and ours: "---------- Forwarded message ---------" in any language."""
    for line in reversed(lines[max(0, at - 3) : at]):
        text = line.strip()
        if text:
            is_ruled = text.startswith("---") and text.endswith("---") and len(text.strip("- ")) > 2
            return is_ruled or text.lower().startswith("begin forwarded message")
    return False


def _is_quoted(line: str) -> bool:
    return line.lstrip(" \t\xa0")[:1] == ">" or _QUOTED in line


def _after_quote(lines: list[str], at: int) -> int:
    """Where a block of quoted lines ends. Ends of long lines that a client broke have no mark and are not told."""
    while at < len(lines) and (_is_quoted(lines[at]) or (not lines[at].strip() and _goes_on(lines, at))):
        at += 1
    return at


def _goes_on(lines: list[str], at: int) -> bool:
    return at + 1 < len(lines) and _is_quoted(lines[at + 1])


def _drop_attribution(kept: list[str]) -> None:
    """Take the lines that lead to a quote from the end of what is kept."""
    end = len(kept)
    while end and not kept[end - 1].strip() and len(kept) - end < 3:
        end -= 1
    for count in range(1, MAX_ATTRIBUTION_LINES + 1):
        start = end - count
        if start < 0 or not kept[start].strip() or len(kept[start]) > MAX_LINE_CHARS:
            return
        if _is_attribution(" ".join(kept[start:end])):
            while count < MAX_ATTRIBUTION_LINES and start > 0 and _begins_above(kept, start, end):
                start, count = start - 1, count + 1
            del kept[start:]
            return


def _begins_above(kept: list[str], start: int, end: int) -> bool:
    """Whether the line above is the beginning of the same attribution, which the client has broken."""
    above = kept[start - 1]
    if not above.strip() or len(above) > MAX_LINE_CHARS or words.OPENING.match(kept[start]):
        return False
    return bool(words.OPENING.match(above)) and bool(words.DATE.search(above) or words.TIME.search(above))


def _is_attribution(line: str) -> bool:
    text = line.strip(" \t\xa0*_")
    if not text.endswith((":", "：", "-", "...")) and not words.WROTE.search(text[-40:]):
        return False
    has_date = bool(words.DATE.search(text) and words.TIME.search(text))
    if words.WROTE.search(text):
        return bool(has_date or words.ADDRESS.search(text) or words.OPENING.match(text) or len(text) < 80)
    return has_date or bool("<" in text and words.ADDRESS.search(text))


def _is_bare_attribution(lines: list[str], at: int) -> bool:
    """An attribution below which the older mail stands unmarked: only one that is whole and nobody's own sentence."""
    if not words.OPENING.match(lines[at][:MAX_LINE_CHARS]):
        return False
    joined = ""
    for line in lines[at : at + MAX_ATTRIBUTION_LINES]:
        if not line.strip() or len(line) > MAX_LINE_CHARS:
            return False
        joined = f"{joined} {line.strip()}"
        if joined.rstrip(" *_").endswith((":", "：")):
            break
    else:
        return False
    if any(map(_is_quoted, lines[at : at + MAX_ATTRIBUTION_LINES + 3])):
        return False  # it leads to a quote, behind which there may be more
    has_wrote, has_date = words.WROTE.search(joined), words.DATE.search(joined)
    return bool(has_wrote and has_date and (words.ADDRESS.search(joined) or words.TIME.search(joined)))


def _drop_devices(kept: list[str]) -> None:
    """ "Sent from my phone" at the end, where there are words before it or nothing else."""
    for _ in range(MAX_DEVICE_LINES):
        while kept and not kept[-1].strip():
            kept.pop()
        if not kept or len(kept[-1]) > MAX_LINE_CHARS or not words.DEVICE.fullmatch(kept[-1].strip()):
            return
        kept.pop()


def _tidy(kept: list[str]) -> str:
    """No more than one empty line between, none around."""
    out: list[str] = []
    for line in kept:
        text = line.rstrip().replace("\xa0", " ")
        if text or (out and out[-1]):
            out.append(text)
    return "\n".join(out).strip("\n").rstrip()


# --- HTML -----------------------------------------------------------------------------------------

_TAG = re.compile(
    r"""<!--(?:.*?-->|.*)
    |<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,15}+)(?P<rest>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""",
    re.VERBOSE | re.DOTALL,
)
_CLASS = r"""\bclass\s*=\s*["']?[^"'<>]{0,200}?(?<![\w-])(?:x_)?(?:%s)(?![\w-])"""
_QUOTE_BLOCK = re.compile(
    r"""\btype\s*=\s*["']?cite\b|"""
    + _CLASS
    % "gmail_quote|protonmail_quote|tutanota_quote|yahoo_quoted|ph-quote|iosymail|front-blockquote|sh-quoted-content",
    re.IGNORECASE,
)
_QUOTE_CONTAINER = re.compile(
    _CLASS
    % "gmail_attr|moz-cite-prefix|yahoo_quoted|zmail_extra|OutlookMessageHeader|sh-quoted-content"
    + r"""|\bid\s*=\s*["']?(?:yahoo_quoted_\w+|zimbra_quoted_text|isForwardContent)\b|\b__QUOTED_TEXT__"""
    r"""|\bname\s*=\s*["']?messageReplySection\b""",
    re.IGNORECASE,
)
_ANSWER = re.compile(_CLASS % "gmail_quote|protonmail_quote|tutanota_quote|posthouse-reply", re.IGNORECASE)
"""A container in which each blockquote is a quote, also between the lines of an answer."""
_REST = re.compile(
    r"""\bid\s*=\s*["']?(?:x_)*(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|stopSpelling"""
    r"""|OLK_SRC_BODY_SECTION|reply-intro)\b""",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    _CLASS
    % (
        "gmail_signature(?:_prefix)?|moz-signature|protonmail_signature_block(?:-user|-proton)?|posthouse-signature"
        "|posthouse-footer|tutanota_signature|ms-outlook-mobile-signature|zmail_signature"
    )
    + r"""|\bid\s*=\s*["']?(?:x_)*(?:Signature|AppleMailSignature|ms-outlook-mobile-signature|composer_signature"""
    r"""|ms-outlook-mobile-body-separator-line|yahoo_signature|lineBreakAtBeginningOfSignature)\b""",
    re.IGNORECASE,
)
_VOID = frozenset({"br", "hr", "img", "wbr", "col", "input", "meta", "link", "area", "base"})
_ANY_TAG = re.compile(r"<[^<>]*+>")
_LOOK_BACK = 400
_LOOK_AHEAD = 80
MAX_ATTRIBUTES_CHARS = 2_000


def _without_quotes(html: str) -> str:
    """HTML with a mark for each quote, without marked signatures and without what follows Outlook's separator."""
    kept: list[str] = []
    at = 0
    dropping, depth, is_answer = "", 0, False
    for tag in _TAG.finditer(html):
        name = (tag["name"] or "").lower()
        if dropping:
            if name == dropping and not tag["rest"].endswith("/"):
                depth += -1 if tag["close"] else 1
            if depth == 0:
                dropping, at = "", tag.end()
            continue
        if not name or name in _VOID:
            continue
        kind = "" if tag["close"] else _kind(tag, html, is_answer=is_answer)
        is_answer = is_answer or bool(_ANSWER.search(tag["rest"][:MAX_ATTRIBUTES_CHARS]))
        if kind or name == "blockquote":
            kept.append(html[at : tag.start()])
            at = tag.end()
        if kind == "rest":
            return "".join([*kept, f"<div>{_QUOTED}</div>"])
        if kind:
            dropping, depth = name, 1
            kept.append(f"<div>{_QUOTED}</div>" if kind == "quote" else "")
        elif name == "blockquote":  # somebody's own indenting, and no quote
            kept.append("</div>" if tag["close"] else "<div>")
    return "".join(kept) if dropping else "".join([*kept, html[at:]])


def _kind(tag: re.Match[str], html: str, *, is_answer: bool) -> str:
    attributes, is_block = tag["rest"][:MAX_ATTRIBUTES_CHARS], tag["name"].lower() == "blockquote"
    if attributes:
        if _REST.search(attributes):
            return "rest"
        if is_block and _QUOTE_BLOCK.search(attributes):
            return "quote"
        if _QUOTE_CONTAINER.search(attributes):
            return "" if "-----" in html[tag.end() : tag.end() + _LOOK_AHEAD] else "quote"
        if _SIGNED.search(attributes):
            return "signature"
    if is_block and is_answer:
        return "quote"
    return "quote" if is_block and _leads_to_quote(html, tag.start()) else ""


def _leads_to_quote(html: str, at: int) -> bool:
    before = _ANY_TAG.sub("\n", html[max(0, at - _LOOK_BACK) : at]).strip()
    return _is_attribution(unescape(before.rpartition("\n")[2]))
