from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "posthouse.identity"
    label = "identity"
