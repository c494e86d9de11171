"""Who did it, as the log needs to know it.

This room lies below `identity`, so it knows its Actor by shape only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Who(Protocol):
    """An actor of `identity`, or a `By`. `real_user_id` is set where somebody acts in another's name."""

    @property
    def user_id(self) -> int: ...
    @property
    def organisation_id(self) -> int: ...
    @property
    def email(self) -> str: ...
    @property
    def via(self) -> str: ...
    @property
    def ip(self) -> str: ...
    @property
    def client(self) -> str: ...
    @property
    def real_user_id(self) -> int | None: ...


class Reader(Who, Protocol):
    """Who may read everything of an organisation, or their own."""

    def may(self, permission: str) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Whoever has no account here: the command line, a job, somebody who failed to log in.

    Organisation 0 is the house itself: its chain holds what belongs to no organisation.
    """

    organisation_id: int = 0
    via: str = "cli"
    ip: str = ""
    client: str = ""
    user_id: int = 0
    email: str = ""
    real_user_id: int | None = None


THE_COMMAND_LINE = By()
A_JOB = By(via="job")
