"""The trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Keeps the trail, postings, and what `verify` recomputes."""

    name = "duban.audit"
    label = "audit"

    def ready(self) -> None:
        """Take over the rows that identity leaves."""
        from duban.audit.commands import record  # noqa: PLC0415 - models are known only now
        from duban.identity import journal  # noqa: PLC0415 - models are known only now

        journal.register(record)
