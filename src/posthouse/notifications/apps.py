from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "posthouse.notifications"
    label = "notifications"

    def ready(self) -> None:
        from posthouse.notifications import endpoints, said

        endpoints.show_on_security_page()
        said.listen()
