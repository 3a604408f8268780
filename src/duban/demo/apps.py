"""The demo city."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Makes a city to try things in."""

    name = "duban.demo"
    label = "demo"
