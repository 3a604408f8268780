"""Addresses of the pages that look at workbooks."""

from django.urls import path

from duban.intake.views import giving, look, looks, tables

app_name = "intake"
urlpatterns = [
    path("", looks.looks, name="looks"),
    path("<uuid:uid>/", look.look, name="look"),
    path("<uuid:uid>/progress/", look.progress, name="progress"),
    path("<uuid:uid>/rows/", tables.rows, name="rows"),
    path("<uuid:uid>/findings/", tables.findings, name="findings"),
    path("<uuid:uid>/findings.json", giving.as_json, name="json"),
    path("<uuid:uid>/annotated/", giving.annotated, name="annotated"),
    path("<uuid:uid>/again/", looks.again, name="again"),
    path("<uuid:uid>/meanings/", look.explain, name="explain"),
    path("<uuid:uid>/meanings/<int:meaning>/forget/", look.forget, name="forget"),
]
