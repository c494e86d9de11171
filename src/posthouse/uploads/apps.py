from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "posthouse.uploads"
    label = "uploads"
