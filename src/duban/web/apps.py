"""The web application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Joins the contexts into one site."""

    name = "duban.web"
    label = "web"
