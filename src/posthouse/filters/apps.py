from django.apps import AppConfig


class FiltersConfig(AppConfig):
    name = "posthouse.filters"
    label = "filters"
