from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from posthouse.identity.push_devices import Keeper


class NotificationsConfig(AppConfig):
    name = "posthouse.notifications"
    label = "notifications"

    def ready(self) -> None:
        from posthouse.identity import push_devices
        from posthouse.notifications import given, said

        push_devices.kept_by(_endpoints)
        said.listen()
        given.listen()


def _endpoints() -> Keeper:
    from posthouse.notifications import endpoints  # brings the cipher, which a door does not want

    return endpoints
