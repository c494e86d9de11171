from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "posthouse.base"
    label = "base"

    def ready(self) -> None:
        from django.urls import register_converter

        from posthouse.base.paths import IdConverter

        register_converter(IdConverter, "id")
