"""Signing in and out, changing appointment and password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from duban.identity import commands, queries
from duban.identity.middleware import Request, address_of
from duban.kernel.errors import DomainError
from duban.ui.pages import page
from duban.web.forms import ChangePasswordForm, SignInForm


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a name and a password; go on to where the person was going."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            token = commands.sign_in(
                **form.cleaned_data,
                address=address_of(request),
                agent=request.headers.get("User-Agent", ""),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            response = redirect(_next(request))
            set_session_cookie(response, token)
            return response
    return page(request, "web/sign_in", {"form": form, "next": _next(request)}, status=422 if form.errors else 200)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and not wanted.startswith("/sign-in") else "/"


def set_session_cookie(response: HttpResponse, token: str) -> None:
    """Give the browser its token: for this site alone, out of reach of scripts, gone when the browser closes."""
    response.set_cookie(
        settings.SESSION_COOKIE, token, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session."""
    commands.sign_out(token=request.token, actor=request.user)
    response = redirect("identity:sign_in")
    response.delete_cookie(settings.SESSION_COOKIE)
    return response


def appointments(request: Request) -> HttpResponse:
    """Show the appointments of this person, and change to one of them."""
    if request.method == "POST":
        try:
            number = int(request.POST.get("appointment", "") or 0)
            commands.change_appointment(token=request.token, appointment_id=number, actor=request.user)
        except (DomainError, ValueError) as refusal:
            messages.error(request, str(refusal if isinstance(refusal, DomainError) else commands.NotYourAppointment()))
        else:
            return redirect("home")
    today = timezone.localdate()
    mine = queries.appointments_of(request.user.person_id, on=today)
    for appointment in mine:
        appointment.unit_name = queries.unit_name(appointment.unit, on=today)
    return page(request, "web/appointments", {"appointments": mine, "heading": _("Change appointment")})


def change_password(request: Request) -> HttpResponse:
    """Set a new password of one's own."""
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            old, new = form.cleaned_data["old"], form.cleaned_data["new"]
            commands.change_password(old=old, new=new, actor=request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The password is changed; every other session of yours has ended."))
            return redirect("home")
    context = {
        "form": form,
        "rule": queries.security_rule(),
        "must": queries.must_change_password(),
        "heading": _("Change password"),
    }
    return page(request, "web/change_password", context, status=422 if form.errors else 200)
