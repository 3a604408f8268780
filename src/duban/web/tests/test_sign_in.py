"""Signing in, as a browser does it. Times are moved in the rows of the database, not in a clock of ours."""

from http.cookies import Morsel

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from tests import make

from duban.identity.models import Appointment
from duban.identity.rules import Role

SIGN_IN = "/sign-in/"
HOME = "/appointments/"
"""A page that everybody who signed in may see."""
NEW = "Quite-New-2026"


@pytest.fixture
def li(database: str) -> Appointment:
    """Li of the office of East, with a password."""
    make.units(make.row("City"), make.row("East", under="City"), make.row("Roads", under="East"))
    appointment = make.appointment(of="East", name="Li")
    make.password(appointment.person)
    return appointment


def browser() -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def sign_in(client: Client, name: str = "Li", password: str = make.PASSWORD, to: str = "") -> HttpResponse:
    answer = client.post(SIGN_IN, {"name": name, "password": password, "next": to})
    assert isinstance(answer, HttpResponse)
    return answer


def signed_in(name: str = "Li", password: str = make.PASSWORD) -> Client:
    client = browser()
    assert sign_in(client, name, password).status_code == 302
    return client


def is_in(client: Client) -> bool:
    answer = client.get(HOME)
    assert answer.status_code == 200 or answer.headers["Location"] == f"{SIGN_IN}?next={HOME}"
    return bool(answer.status_code == 200)


def said(answer: object) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


def events(action: str) -> int:
    return int(make.as_owner("SELECT count(*) FROM audit_event WHERE action = %s", action)[0][0])


def earlier(table: str, column: str, interval: str) -> None:
    """Let time pass: what happened, happened that much earlier."""
    make.as_owner(f"UPDATE {table} SET {column} = {column} - interval '{interval}'")


def cookie(client: Client) -> "Morsel[str]":
    return client.cookies[settings.SESSION_COOKIE]


# -- In and out -------------------------------------------------------------------------------------------------------


def test_a_name_and_its_password_open_a_session_and_leave_a_row(li: Appointment) -> None:
    client = browser()
    answer = sign_in(client, to="/appointments/?a=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/appointments/?a=1")
    assert is_in(client)
    assert events("identity.signed_in") == 1


def test_a_page_asked_for_without_signing_in_comes_back_afterwards(li: Appointment) -> None:
    client = browser()
    asked = client.get("/appointments/?a=1")
    assert asked.headers["Location"] == f"{SIGN_IN}?next=/appointments/%3Fa%3D1"
    form = client.get(asked.headers["Location"])
    assert 'name="next" value="/appointments/?a=1"' in said(form)


def test_a_password_is_kept_as_an_argon2_hash_and_a_token_as_its_digest(li: Appointment) -> None:
    client = signed_in()
    [(stored,)] = make.as_owner("SELECT password FROM identity_credential")
    assert stored.startswith("argon2$argon2id$")
    assert make.PASSWORD not in stored
    token = cookie(client).value
    assert make.as_owner(
        "SELECT count(*) FROM identity_session WHERE token_hash = sha256(convert_to(%s, 'UTF8'))", token
    ) == [(1,)]
    for table in ("identity_session", "audit_event"):
        assert make.as_owner(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", f"%{token}%") == [(0,)]


def test_the_token_is_out_of_reach_of_scripts_and_other_sites(li: Appointment) -> None:
    morsel = cookie(signed_in())
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/")
    assert (morsel["max-age"], morsel["expires"], morsel["secure"]) == ("", "", "")


def test_behind_tls_the_token_travels_encrypted_only(li: Appointment) -> None:
    with override_settings(SESSION_COOKIE_SECURE=True):
        assert cookie(signed_in())["secure"] is True


def test_every_sign_in_gives_another_token(li: Appointment) -> None:
    client = signed_in()
    first = cookie(client).value
    sign_in(client)
    assert cookie(client).value != first


def test_signing_out_ends_the_session_for_whoever_copied_the_token(li: Appointment) -> None:
    client, thief = signed_in(), browser()
    thief.cookies[settings.SESSION_COOKIE] = cookie(client).value
    assert is_in(thief)
    client.post("/sign-out/")
    assert not is_in(client)
    assert not is_in(thief)
    assert events("identity.signed_out") == 1


def test_signing_out_takes_more_than_a_link(li: Appointment) -> None:
    client = signed_in()
    assert client.get("/sign-out/").status_code == 405
    assert is_in(client)


def test_a_form_of_another_site_signs_nobody_in_or_out(li: Appointment) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403
    client.cookies[settings.SESSION_COOKIE] = make.session(li)
    assert client.post("/sign-out/").status_code == 403
    assert is_in(client)


def test_nobody_is_sent_to_another_site_after_signing_in(li: Appointment) -> None:
    for elsewhere in (
        "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "https:evil.example",
        "http://testserver@evil.example/", "/sign-in/?next=/", "\thttps://evil.example",
    ):  # fmt: skip
        assert (elsewhere, sign_in(browser(), to=elsewhere).headers["Location"]) == (elsewhere, "/")


# -- Refusals ---------------------------------------------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_name_are_refused_in_the_same_words(li: Appointment) -> None:
    client = browser()
    wrong, unknown = sign_in(client, password="Wrong-2026"), sign_in(client, name="Nobody")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    words = "The name or the password is not right. Check both and try again; 4 more tries before a pause."
    assert words in said(wrong)
    assert words in said(unknown)
    assert settings.SESSION_COOKIE not in client.cookies
    assert events("identity.sign_in_refused") == 2


def fail(times: int, name: str = "Li") -> HttpResponse:
    client = browser()
    for _ in range(times):
        answer = sign_in(client, name, password="Wrong-2026")
    return answer


def test_five_wrong_passwords_lock_the_name_even_for_the_right_one(li: Appointment) -> None:
    assert "locked until" not in said(fail(4))
    assert "Too many wrong passwords: this name is locked until" in said(fail(1))
    answer = sign_in(browser())
    assert answer.status_code == 422
    assert "Too many wrong passwords: this name is locked until" in said(answer)
    assert events("identity.sign_in_refused") == 6


def test_a_name_that_nobody_has_is_locked_too_so_a_lock_tells_nothing(li: Appointment) -> None:
    assert "this name is locked until" in said(fail(5, name="Nobody"))
    assert sign_in(browser()).status_code == 302


def test_a_lock_ends_fifteen_minutes_after_the_last_refusal(li: Appointment) -> None:
    fail(4)
    earlier("identity_refused_sign_in", "at", "14 minutes")
    fail(1)
    earlier("identity_refused_sign_in", "at", "14 minutes")
    assert sign_in(browser()).status_code == 422
    earlier("identity_refused_sign_in", "at", "1 minute")
    assert sign_in(browser()).status_code == 302


def test_a_right_password_starts_the_count_again(li: Appointment) -> None:
    fail(4)
    signed_in()
    fail(4)
    assert sign_in(browser()).status_code == 302


def test_guesses_that_come_at_once_are_counted_one_by_one(li: Appointment) -> None:
    with make.threads(8) as start:
        guesses = [start(lambda: said(fail(1))) for _ in range(8)]
        answers = [guess.result(timeout=2 * make.PATIENCE_S) for guess in guesses]
    assert sum("this name is locked until" in answer for answer in answers) == 4
    assert make.as_owner("SELECT count(*) FROM identity_refused_sign_in") == [(5,)]


class CountedHasher(Argon2PasswordHasher):
    """Argon2 that notes how often it worked."""

    worked = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).worked += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        type(self).worked += 1
        return super().verify(password, encoded)


def test_an_unknown_name_costs_as_much_hashing_as_a_wrong_password(li: Appointment) -> None:
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.CountedHasher"]):
        costs = []
        for name in ("Li", "Nobody", "local operator"):
            CountedHasher.worked = 0
            sign_in(browser(), name=name, password="Wrong-2026")
            costs.append(CountedHasher.worked)
    assert costs == [1, 1, 1]


def test_somebody_without_an_appointment_today_is_told_so_and_it_leaves_a_row(li: Appointment) -> None:
    make.as_owner("UPDATE identity_appointment SET valid_to = current_date - 1 WHERE id = %s", li.pk)
    answer = sign_in(browser())
    assert "Li holds no appointment in force today. Ask the security administrator" in said(answer)
    assert events("identity.sign_in_refused") == 1


def test_a_deactivated_person_is_refused_like_an_unknown_one(li: Appointment) -> None:
    make.as_owner("UPDATE identity_person SET active = false WHERE id = %s", li.person_id)
    assert "The name or the password is not right." in said(sign_in(browser()))


def test_the_local_operator_never_signs_in_on_a_page(li: Appointment) -> None:
    with make.operator() as actor, pytest.raises(Exception, match="changed by nobody"):
        make.password(actor.person)
    assert sign_in(browser(), name="local operator").status_code == 422


# -- How long a session lasts -----------------------------------------------------------------------------------------


def test_a_session_ends_after_half_an_hour_without_a_page(li: Appointment) -> None:
    client = signed_in()
    earlier("identity_session_seen", "at", "29 minutes")
    assert is_in(client)
    earlier("identity_session_seen", "at", "29 minutes")
    assert is_in(client)
    earlier("identity_session_seen", "at", "31 minutes")
    assert not is_in(client)


def test_what_an_open_page_asks_by_itself_does_not_keep_its_session(li: Appointment) -> None:
    client = signed_in()
    earlier("identity_session_seen", "at", "29 minutes")
    assert client.get(HOME, headers={"X-Duban-Poll": "1"}).status_code == 200
    earlier("identity_session_seen", "at", "2 minutes")
    assert not is_in(client)


def test_a_session_ends_after_twelve_hours_of_work(li: Appointment) -> None:
    client = signed_in()
    earlier("identity_session", "ends_at", "11 hours 59 minutes")
    assert is_in(client)
    earlier("identity_session", "ends_at", "1 minute")
    assert not is_in(client)


def test_a_part_of_a_page_sends_the_whole_browser_to_sign_in(database: str) -> None:
    answer = browser().get(HOME, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, SIGN_IN)


# -- Passwords --------------------------------------------------------------------------------------------------------


def change_password(client: Client, new: str = NEW, old: str = make.PASSWORD, again: str = "") -> HttpResponse:
    answer = client.post("/password/", {"old": old, "new": new, "again": again or new})
    assert isinstance(answer, HttpResponse)
    return answer


def must_change(client: Client) -> bool:
    answer = client.get(HOME)
    return answer.status_code == 302 and answer.headers["Location"] == reverse("identity:change_password")


def test_a_first_password_opens_nothing_but_the_page_to_change_it(li: Appointment) -> None:
    make.password(li.person, must_change=True)
    client = signed_in()
    assert must_change(client)
    assert client.get("/password/").status_code == 200
    assert change_password(client).status_code == 302
    assert is_in(client)


def test_a_password_is_changed_every_ninety_days(li: Appointment) -> None:
    client = signed_in()
    earlier("identity_credential", "changed_at", "89 days")
    assert not must_change(client)
    earlier("identity_credential", "changed_at", "1 day")
    assert must_change(client)


def test_changing_the_password_ends_every_other_session_and_leaves_a_row(li: Appointment) -> None:
    here, there = signed_in(), signed_in()
    assert change_password(here).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert events("identity.password_changed") == 1
    assert sign_in(browser()).status_code == 422
    assert sign_in(browser(), password=NEW).status_code == 302


def test_a_weak_password_is_refused_with_the_rule(li: Appointment) -> None:
    client = signed_in()
    for weak in ("Short-1", "all-small-letters", "ONLY2026CAPITALS", make.PASSWORD, "li-Has-2026-her-name"):
        answer = change_password(client, new=weak)
        assert (weak, answer.status_code) == (weak, 422)
        assert "needs at least 8 characters of at least 3 kinds" in said(answer)
    assert sign_in(browser()).status_code == 302


def test_two_new_passwords_that_differ_are_refused(li: Appointment) -> None:
    answer = change_password(signed_in(), again="Quite-New-2027")
    assert "The two new passwords differ." in said(answer)
    assert sign_in(browser()).status_code == 302


def test_guessing_the_present_password_in_somebodys_session_counts_like_at_the_door(li: Appointment) -> None:
    client = signed_in()
    for _ in range(4):
        assert "The name or the password is not right." in said(change_password(client, old="Wrong-2026"))
    assert "this name is locked until" in said(change_password(client, old="Wrong-2026"))
    assert "this name is locked until" in said(change_password(client))
    assert sign_in(browser(), password=NEW).status_code == 422


# -- Appointments -----------------------------------------------------------------------------------------------------


@pytest.fixture
def second(li: Appointment) -> Appointment:
    """Li leads Roads too."""
    return make.appointment(Role.LEADER, of="Roads", name="Li")


def acts_at(client: Client) -> str:
    [(unit,)] = make.as_owner(
        "SELECT u.code FROM identity_session s JOIN identity_appointment a ON a.id = s.appointment_id"
        " JOIN identity_unit u ON u.id = a.unit_id WHERE token_hash = sha256(convert_to(%s, 'UTF8'))",
        cookie(client).value,
    )
    return str(unit)


def test_a_person_changes_to_another_of_their_appointments(li: Appointment, second: Appointment) -> None:
    client = signed_in()
    assert acts_at(client) == "East"
    assert client.post(HOME, {"appointment": second.pk}).status_code == 302
    assert acts_at(client) == "Roads"
    assert events("identity.appointment_changed") == 1


def revoked(appointment: Appointment) -> None:
    make.as_owner("UPDATE identity_appointment SET revoked_at = now() WHERE id = %s", appointment.pk)


def of_yesterday(appointment: Appointment) -> None:
    make.as_owner("UPDATE identity_appointment SET valid_to = current_date - 1 WHERE id = %s", appointment.pk)


def of_next_week(appointment: Appointment) -> None:
    make.as_owner("UPDATE identity_appointment SET valid_from = current_date + 7 WHERE id = %s", appointment.pk)


def of_somebody_else(appointment: Appointment) -> None:
    make.as_owner("UPDATE identity_appointment SET person_id = (SELECT min(id) FROM identity_person) WHERE id = %s",
                  appointment.pk)  # fmt: skip


def test_nobody_changes_to_an_appointment_that_is_not_theirs_or_not_in_force(li: Appointment) -> None:
    client = signed_in()
    for spoil in (revoked, of_yesterday, of_next_week, of_somebody_else):
        second = make.appointment(Role.LEADER, of="Roads", name="Li")
        spoil(second)
        answer = client.post(HOME, {"appointment": second.pk})
        assert "That appointment is not yours or no longer in force." in said(answer), spoil
        assert acts_at(client) == "East"
    assert events("identity.appointment_changed") == 0


def test_an_odd_appointment_is_refused_with_a_sentence(li: Appointment) -> None:
    client = signed_in()
    for odd in ("", "x", "99999999", "-1", "9" * 30):
        answer = client.post(HOME, {"appointment": odd})
        assert (odd, answer.status_code) == (odd, 200)
        assert "That appointment is not yours" in said(answer)
    assert acts_at(client) == "East"
