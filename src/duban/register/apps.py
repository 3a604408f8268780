"""The register of parties."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Keeps who owes and who is owed."""

    name = "duban.register"
    label = "register"
