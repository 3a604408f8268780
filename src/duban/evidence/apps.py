"""The evidence store."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Keeps files by the hash of their content."""

    name = "duban.evidence"
    label = "evidence"
