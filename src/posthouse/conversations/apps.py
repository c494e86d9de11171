from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "posthouse.conversations"
    label = "conversations"
