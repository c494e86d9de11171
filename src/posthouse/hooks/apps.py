from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "posthouse.hooks"
    label = "hooks"
