"""Bodies of the log-in endpoints."""

from __future__ import annotations

from rest_framework import serializers

from posthouse.base.api import StrictSerializer


class CredentialsSerializer(StrictSerializer):
    email = serializers.CharField(max_length=320)
    password = serializers.CharField(max_length=1_000, trim_whitespace=False, write_only=True)


class RefreshSerializer(StrictSerializer):
    refresh = serializers.CharField(max_length=200)


class PairSerializer(StrictSerializer):
    access = serializers.CharField()
    refresh = serializers.CharField()


class TicketSerializer(StrictSerializer):
    ticket = serializers.CharField()
    expires_in_seconds = serializers.IntegerField()
