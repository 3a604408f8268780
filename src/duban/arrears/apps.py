"""The arrears context."""

from django.apps import AppConfig


class ArrearsConfig(AppConfig):
    """Keeps the ledger."""

    name = "duban.arrears"
    label = "arrears"

    def ready(self) -> None:
        """Tell `audit verify` what can be recomputed here."""
        from duban.arrears import checks  # noqa: PLC0415 - models are known only now

        checks.register()
