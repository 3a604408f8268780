"""The addresses of the site. Each context names its own pages; here they get their place."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from duban.web import api, sign_in, trail, views

signing_in = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("appointments/", sign_in.appointments, name="appointments"),
    path("password/", sign_in.change_password, name="change_password"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include((signing_in, "identity"))),
    path("workbooks/", include("duban.intake.urls")),
    path("parties/", include("duban.register.urls")),
    path("arrears/", include("duban.arrears.urls")),
    path("api/", api.addresses()),
    path("trail/", trail.trail, name="trail"),
]
