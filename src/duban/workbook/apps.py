"""The workbook machinery."""

from django.apps import AppConfig


class WorkbookConfig(AppConfig):
    """Excel in and out."""

    name = "duban.workbook"
    label = "workbook"
