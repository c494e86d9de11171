from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "posthouse.base"
    label = "base"
