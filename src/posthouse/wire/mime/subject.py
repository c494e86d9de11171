"""The subject a thread goes by (RFC 5256 §2.1, with the reply and forward words of other languages)."""

from __future__ import annotations

import re

MAX_SUBJECT_CHARS = 998
MAX_ROUNDS = 50

_MARKERS = (
    "re|fwd?|aw|wg|antw(?:ort)?|sv|vs|vb|ref|rif|res?p?|enc|odp|pd|ynt|ilt|ilet|tr|rv|doorst|i|r|"
    "betr|bls|trs|vá|továbbítás|απ|σχετ|πρθ|ответ|отв|hwl|nawb|pren|atb|"
    "回复|回覆|答复|答覆|转发|轉寄|轉發|返信|転送|답장|회신|전달|رد|إعادة توجيه|תגובה|השב|הועבר"
)
_LEADER = re.compile(
    rf"\s*(?:{_MARKERS})\s*(?:\[[^\[\]]{{0,64}}\]|\(\d{{1,4}}\)|\^\d{{1,4}}|\*\d{{1,4}})?\s*[:：]",
    re.IGNORECASE,
)
_BLOB = re.compile(r"\s*\[[^\[\]]*\]\s*")
_SPACES = re.compile(r"\s+")


def base_subject(subject: str) -> str:
    """What is left of a decoded subject without reply and forward marks, list tags and extra white space.

    Compare with casefold(). "[list]" is kept when nothing else is left, as the RFC says.
    """
    text = _SPACES.sub(" ", subject[:MAX_SUBJECT_CHARS]).strip()
    for _ in range(MAX_ROUNDS):
        before = text
        while text.lower().endswith("(fwd)"):
            text = text[:-5].rstrip()
        text = _without_leader(text)
        if text.lower().startswith("[fwd:") and text.endswith("]"):
            text = text[5:-1].strip()
        if text == before:
            break
    return text


def _without_leader(text: str) -> str:
    while True:
        if found := _LEADER.match(text):
            text = text[found.end() :].lstrip()
            continue
        if text.startswith("[") and (blob := _BLOB.match(text)) and blob.end() < len(text):
            if text[:5].lower() == "[fwd:":
                return text
            text = text[blob.end() :]
            continue
        return text


def is_reply_or_forward(subject: str) -> bool:
    return base_subject(subject) != _SPACES.sub(" ", subject[:MAX_SUBJECT_CHARS]).strip()
