"""Charsets and encoded words: bytes of any origin to text, without ever failing, and text to encoded words.

RFC 2047. Mail lies about its charset, so labels are mapped to the superset that people mean (as browsers do),
and what does not decode falls back to UTF-8, then Windows-1252. Codecs that are no charsets (`idna`,
`unicode_escape`, `zlib`, …) are refused: some are quadratic or inflate.
"""

from __future__ import annotations

import binascii
import codecs
import re
from functools import lru_cache
from itertools import islice

from posthouse.wire.mime.headers import without_controls

MAX_ENCODED_WORDS = 1_000
"""Further encoded words of one value stay as they are."""

MAX_WORD_CHARS = 64
"""The length of one encoded word that we write, so that it and the field's name fit in 76 (RFC 2047 §2)."""

_WORD = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?([^?]*)\?=")
_UNKNOWN = frozenset(
    {"", "unknown-8bit", "unknown", "x-unknown", "default", "none", "binary", "8bit", "ascii-8bit", "charset",
     "x-user-defined", "us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us", "utf-8", "utf8", "unicode"}
)  # fmt: skip
_MEANT = {
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb18030": "gb18030",
    "euc-cn": "gb18030", "cp936": "gb18030", "hz-gb-2312": "hz",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-big5": "big5hkscs", "cn-big5": "big5hkscs",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "ksc_5601": "cp949",
    "euc-kr": "cp949", "korean": "cp949", "windows-949": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext", "iso-2022-jp-ms": "iso2022_jp_ext", "x-euc-jp": "euc_jp",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252",
    "latin-1": "cp1252", "iso-8859-8-i": "iso8859_8", "iso-8859-8-e": "iso8859_8", "logical": "iso8859_8",
    "iso-8859-6-i": "iso8859_6",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "koi8-ru": "koi8_u",
    "koi8r": "koi8_r", "unicode-1-1-utf-7": "utf_7", "utf-16": "utf_16", "x-windows-1251": "cp1251",
    "cp-850": "cp850", "win-1251": "cp1251", "win1251": "cp1251", "win1252": "cp1252",
}  # fmt: skip
_REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})


@lru_cache(maxsize=512)
def codec_for(label: str) -> str | None:
    """Python's codec for a charset label, or None where the label says nothing (then UTF-8 is tried)."""
    name = label.strip(" \t'\";").lower()
    if name in _UNKNOWN or len(name) > 40 or not name.isascii():
        return None
    try:
        found = codecs.lookup(_MEANT.get(name, name))
    except (LookupError, ValueError):
        return _windows_codec(name)
    if (
        found.name.replace("-", "_") in _REFUSED
        or not getattr(found, "_is_text_encoding", True)
        or found.name == "utf-8"
    ):
        return None
    return found.name


def _windows_codec(name: str) -> str | None:
    digits = name.rpartition("-")[2]
    if name.startswith(("windows-", "x-windows-", "x-cp")) and digits.isdigit():
        try:
            return codecs.lookup("cp" + digits).name
        except LookupError:
            return None
    return None


def decode(data: bytes, charset: str | None) -> str:
    """Text of `data`, U+FFFD where the charset has none. Never fails, never gives lone surrogates."""
    codec = codec_for(charset) if charset else None
    if codec is None:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            # A label that claims UTF-8 and mostly is so loses only its bad bytes.
            if charset and charset.lower() in ("utf-8", "utf8"):
                text = data.decode("utf-8", "replace")
                if text.count("\ufffd") * 20 <= len(text):
                    return text
            return data.decode("cp1252", "replace")
    text = data.decode(codec, "replace")
    if codec != "cp1252":
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return text


def base64_bytes(data: bytes) -> bytes:
    """Decode what base64 there is: foreign characters are skipped, a cut last group is completed."""
    try:
        return binascii.a2b_base64(data + b"==")
    except binascii.Error:
        pass
    kept = re.sub(rb"[^A-Za-z0-9+/]+", b"", data)
    return binascii.a2b_base64(kept[: len(kept) - (len(kept) % 4 == 1)] + b"==")


def decode_words(text: str) -> str:
    """Decode the encoded words of an unfolded header value (RFC 2047 §6), with no control characters left.

    White space between two encoded words goes; neighbours of one charset are joined before decoding, because
    senders cut characters in half. Words in quoted strings are decoded too.
    """
    if "=?" not in text:
        return text if text.isprintable() else without_controls(text)
    pieces: list[str] = []
    charset, pending = "", b""
    position = 0
    for word in islice(_WORD.finditer(text), MAX_ENCODED_WORDS):
        gap = text[position : word.start()]
        label = word[1].partition("*")[0].lower()
        is_apart = bool(gap.strip()) or (not pending and not pieces and bool(gap))
        if pending and (is_apart or label != charset):
            pieces.append(decode(pending, charset))
            pending = b""
        if is_apart:
            pieces.append(gap)
        charset = label
        pending += _word_bytes(word[2], word[3])
        position = word.end()
    if pending:
        pieces.append(decode(pending, charset))
    pieces.append(text[position:])
    result = "".join(pieces)
    return result if result.isprintable() else without_controls(result)


def _word_bytes(encoding: str, content: str) -> bytes:
    data = content.encode("utf-8", "replace")
    if encoding in "bB":
        return base64_bytes(data)
    return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


_PLAIN_IN_WORD = re.compile(r"[A-Za-z0-9!*+/-]")
_WORD_ROOM = MAX_WORD_CHARS - len("=?utf-8?q??=")
_BASE64_ROOM = _WORD_ROOM // 4 * 3


def encoded_words(text: str) -> list[str]:
    """Text as UTF-8 encoded words of at most 64 characters, to be written with one space between them.

    No character is cut in half. Mostly ASCII text is written in the readable encoding.
    """
    is_readable = sum(map(str.isascii, text)) * 3 >= len(text) * 2
    room = _WORD_ROOM if is_readable else _BASE64_ROOM
    words: list[str] = []
    pieces: list[str] = []
    size = 0
    for character in text:
        piece = _quoted_character(character) if is_readable else character
        length = len(piece) if is_readable else len(character.encode("utf-8", "replace"))
        if size + length > room:
            words.append(_encoded_word("".join(pieces), is_readable=is_readable))
            pieces, size = [], 0
        pieces.append(piece)
        size += length
    words.append(_encoded_word("".join(pieces), is_readable=is_readable))
    return words


def _quoted_character(character: str) -> str:
    if _PLAIN_IN_WORD.match(character):
        return character
    if character == " ":
        return "_"
    return "".join(f"={byte:02X}" for byte in character.encode("utf-8", "replace"))


def _encoded_word(content: str, *, is_readable: bool) -> str:
    if is_readable:
        return f"=?utf-8?q?{content}?="
    data = binascii.b2a_base64(content.encode("utf-8", "replace"), newline=False).decode()
    return f"=?utf-8?b?{data}?="
