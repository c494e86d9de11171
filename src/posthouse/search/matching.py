"""What the index would say of one document, said without it: for e-mails that it has not reached yet.

It is also the plain meaning that the back ends are tested against.
"""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.search.index import FIELDS_ASKED, Document
from posthouse.search.tokens import Wanted, wanted
from posthouse.search.tree import And, Node, Not, Or, Words


def is_text(node: Node) -> bool:
    """Whether the words of an e-mail alone decide."""
    match node:
        case Words():
            return True
        case And(parts) | Or(parts):
            return all(map(is_text, parts))
        case Not(part):
            return is_text(part)
    return False


def says_nothing(words: Words) -> bool:
    """A text without a letter or digit: everything fits it."""
    return not wanted(words.text, is_prefix=False).tokens


def fits(document: Document, node: Node) -> bool:
    """For a tree of texts."""
    match node:
        case And(parts):
            return all(fits(document, part) for part in parts)
        case Or(parts):
            return any(fits(document, part) for part in parts)
        case Not(part):
            return not fits(document, part)
        case Words(text=text, field=field):
            look_for = wanted(text, is_prefix=node.is_prefix)
            return any(_stands_in(document.fields.get(name, ()), look_for) for name in FIELDS_ASKED[field])
    raise TypeError(node)


def _stands_in(have: Sequence[str], look_for: Wanted) -> bool:
    count = len(look_for.tokens)
    return any(_is_here(have[at : at + count], look_for) for at in range(len(have) - count + 1))


def _is_here(have: Sequence[str], look_for: Wanted) -> bool:
    *before, last = look_for.tokens
    if list(have[:-1]) != before:
        return False
    return have[-1].startswith(last) if look_for.is_open else have[-1] == last
