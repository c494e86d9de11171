from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "posthouse.search"
    label = "search"
