from django.apps import AppConfig


class BridgeConfig(AppConfig):
    name = "posthouse.bridge"
    label = "bridge"
