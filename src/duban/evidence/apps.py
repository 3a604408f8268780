"""The evidence store."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Keeps files by the hash of their content."""

    name = "duban.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Tell `audit verify` what can be recomputed here."""
        from duban.evidence import checks  # noqa: PLC0415 - models are known only now

        checks.register()
