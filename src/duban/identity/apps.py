"""The identity context."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """People, units, appointments, and row security."""

    name = "duban.identity"
    label = "identity"
