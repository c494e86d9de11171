"""Our rights on accounts as the letters of RFC 4314 §2.1, and back.

| right | letters | means |
|---|---|---|
| read | l r | list, select, read |
| draft | l r, in Drafts also s w i t e | write drafts |
| write | l r s w i k x t e | flag, file, delete, make mailboxes |
| admin | all of these and a | who else may |

A right is on a whole account, so all its mailboxes show the same letters but Drafts; and the letters of a level come
together. `p` is nobody's: mail goes to an address, not to a mailbox. A mailbox with a task has no `x`.
"""

from __future__ import annotations

from posthouse.mail.access import Right

READING, CHANGING, ADMINISTERING = "lr", "swikxte", "a"
_DRAFTING = "swite"
_OLD = {"c": "kx", "d": "xte"}
"""RFC 4314 §2.1.1."""


def letters(right: Right, role: str = "") -> str:
    """What a right comes to in a mailbox with a role."""
    if right < Right.DRAFT or (right is Right.DRAFT and role != "drafts"):
        return READING
    if right is Right.DRAFT:
        return READING + _DRAFTING
    found = READING + CHANGING + (ADMINISTERING if right is Right.ADMIN else "")
    return found.replace("x", "") if role else found


def changed(have: str, mode: str, named: str) -> str:
    """The letters after a change, in their order; the two old ones stand for those that took their place."""
    wanted = set("".join(_OLD.get(letter, letter) for letter in named))
    before = set() if mode == "replace" else set(have)
    after = before - wanted if mode == "remove" else before | wanted
    return "".join(sorted(after))


def right_of(wanted: str) -> Right | None:
    """The right that has just these letters, None for none at all; raises ValueError where none has."""
    if not wanted:
        return None
    for right in (Right.READ, Right.WRITE, Right.ADMIN):
        if set(wanted) == set(letters(right)):
            return right
    raise ValueError(wanted)
