from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "posthouse.audit"
    label = "audit"
