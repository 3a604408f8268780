"""Tells the kernel, once, how a sentence is looked up in the reader's language."""

from django.apps import AppConfig
from django.utils.translation import gettext

from duban.kernel.words import use_translator


class UiConfig(AppConfig):
    """The house's look and its words."""

    name = "duban.ui"

    def ready(self) -> None:
        """Sentences made by rules are translated with Django's catalogue from here on."""
        use_translator(gettext)
