"""The intake of workbooks."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Lets people look at workbooks, and remembers what their headings mean."""

    name = "duban.intake"
    label = "intake"
