from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "posthouse.mail"
    label = "mail"
