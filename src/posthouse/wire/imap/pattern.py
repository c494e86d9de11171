"""LIST patterns: `*` matches anything, `%` anything but the separator (RFC 9051 §6.3.9).

All states of the match are bits of one number, so the time is the length of the name whatever the pattern: the
obvious backtracking matcher can be driven to take hours.
"""

from __future__ import annotations

from collections.abc import Callable

SEPARATOR = "/"
_INBOX = "INBOX"


def matcher(pattern: str) -> Callable[[str], bool]:
    """A function that says whether a whole mailbox name matches; INBOX as first level matches in any case."""
    exact: dict[str, int] = {}
    stars = percents = 0
    position = 0
    for character in pattern:
        bit = 1 << position
        if character == "*":
            stars |= bit
        elif character == "%":
            percents |= bit
        else:
            exact[character] = exact.get(character, 0) | bit
            position += 1
    end = 1 << position

    def matches(name: str) -> bool:
        first, _, _ = name.partition(SEPARATOR)
        folded = len(_INBOX) if first == _INBOX else 0
        states = 1
        for index, character in enumerate(name):
            steps = exact.get(character, 0)
            if index < folded:
                steps |= exact.get(character.lower(), 0)
            stays = stars if character == SEPARATOR else stars | percents
            states = (states & stays) | ((states & steps) << 1)
            if not states:
                return False
        return bool(states & end)

    return matches
