"""The register of parties."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Keeps who owes and who is owed."""

    name = "duban.register"
    label = "register"

    def ready(self) -> None:
        """Make the sheet of this context known."""
        from duban.register.sheet import PARTIES  # noqa: PLC0415 - as models are
        from duban.workbook import registry  # noqa: PLC0415 - as models are

        registry.register(PARTIES)
