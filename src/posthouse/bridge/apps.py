from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from posthouse.identity.actor import Actor


class BridgeConfig(AppConfig):
    name = "posthouse.bridge"
    label = "bridge"

    def ready(self) -> None:
        from posthouse.conversations import keepers, storage
        from posthouse.mail import joined

        keepers.kept_by(_Keeper())
        joined.on_joined(_join)
        storage.counted_by(_fits_beside_mail)


class _Keeper:
    """Brings its module when it is asked: a door that takes mail never does."""

    def is_admin_in(self, actor: Actor, conversation_id: int) -> bool | None:
        from posthouse.bridge import keeper

        return keeper.is_admin_in(actor, conversation_id)

    def readable(self, actor: Actor, conversation_ids: Collection[int]) -> set[int]:
        from posthouse.bridge import keeper

        return keeper.readable(actor, conversation_ids)

    def readers(self, conversation_id: int, user_ids: Collection[int]) -> set[int]:
        from posthouse.bridge import keeper

        return keeper.readers(conversation_id, user_ids)


def _join(account_id: int, into: int, others: Sequence[int]) -> None:
    from posthouse.bridge import joining  # the same

    joining.join(account_id, into, others)


def _fits_beside_mail(user_id: int, kept: Callable[[], int]) -> None:
    """A person has one storage: files of conversations are let in while they fit beside the mail."""
    from posthouse.mail import storing  # after the start, since it brings tables

    storing.check_room_beside(user_id, kept)
