from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "posthouse.delivery"
    label = "delivery"
