"""Addresses of the pages of parties."""

from django.urls import path

from duban.register.views import duplicates, parties, party

app_name = "register"
urlpatterns = [
    path("", parties.parties, name="parties"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/look/", duplicates.look, name="look"),
    path("duplicates/<uuid:first>/<uuid:second>/", duplicates.pair, name="pair"),
    path("<uuid:uid>/", party.party, name="party"),
    path("<uuid:uid>/<slug:name>/", party.enter, name="enter"),
]
