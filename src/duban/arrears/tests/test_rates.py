from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from tests import make

from duban.arrears.commands.rates import Loaded, RateKnownOtherwise, RateNotPublished, load_prime_rates
from duban.arrears.models import PrimeRate
from duban.arrears.queries import prime_rates
from duban.arrears.tests import making
from duban.audit import commands as audit
from duban.audit.models import Event
from duban.audit.verify import verify
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.rates import LoanPrimeRate, LoanPrimeRateAfter, LoanPrimeRateMissing

JUNE, JULY = date(2025, 6, 20), date(2025, 7, 21)


def rate(day: date, percent: str = "3.00") -> LoanPrimeRate:
    return LoanPrimeRate(day, Decimal(percent) / 100)


def load(who: Appointment, *rates: LoanPrimeRate, reason: str = "") -> Loaded:
    with make.acting(who) as actor:
        return load_prime_rates(rates, today=making.today(), actor=actor, reason=reason)


@pytest.fixture
def city(database: str) -> Appointment:
    return making.office("City")


def test_what_is_loaded_goes_on_from_what_is_shipped(city: Appointment) -> None:
    assert load(city, rate(JUNE), rate(JULY)) == Loaded(added=2, corrected=0, known=0)
    with make.acting(city):
        assert prime_rates().in_force(date(2025, 8, 1)) == rate(JULY)
        with pytest.raises(LoanPrimeRateAfter):
            prime_rates().in_force(date(2025, 9, 1))
        event = Event.objects.get(action="arrears.prime_rates")
        assert (event.values["count"], event.values["first"], event.values["last"]) == ("2", "2025-06-20", "2025-07-21")


def test_the_same_file_again_changes_nothing(city: Appointment) -> None:
    load(city, rate(JUNE))
    assert load(city, rate(date(2025, 5, 20)), rate(JUNE)) == Loaded(added=0, corrected=0, known=2)
    with make.acting(city):
        assert PrimeRate.objects.count() == 1


def test_another_rate_of_a_known_day_needs_a_reason_and_is_a_further_version(city: Appointment) -> None:
    load(city, rate(JUNE))
    with pytest.raises(RateKnownOtherwise, match=r"2025-06-20 the rate 3\.00 % is known, and the file says 3\.10 %"):
        load(city, rate(JUNE, "3.10"))
    assert load(city, rate(JUNE, "3.10"), reason="抄错") == Loaded(added=0, corrected=1, known=0)
    with make.acting(city):
        assert prime_rates().in_force(JUNE) == rate(JUNE, "3.10")
        assert list(PrimeRate.objects.order_by("n").values_list("n", "one_year")) == [
            (1, Decimal("0.03")), (2, Decimal("0.031")),
        ]  # fmt: skip


def test_a_rate_that_was_shipped_can_be_corrected(city: Appointment) -> None:
    load(city, rate(date(2025, 5, 20), "3.05"), reason="抄错")
    with make.acting(city):
        assert prime_rates().in_force(date(2025, 5, 21)) == rate(date(2025, 5, 20), "3.05")


def test_a_gap_and_a_day_to_come_are_refused_and_nothing_is_loaded(city: Appointment) -> None:
    with pytest.raises(LoanPrimeRateMissing, match="2025-05-20"):
        load(city, rate(JULY))
    ahead = [rate(date(2025 + month // 12, month % 12 + 1, 20)) for month in range(5, 30)]
    with pytest.raises(RateNotPublished, match="today is"):
        load(city, *ahead)
    with make.acting(city):
        assert not PrimeRate.objects.exists()


def test_rates_are_loaded_for_the_whole_city_by_its_office_alone(city: Appointment) -> None:
    county = making.office("East", under="City")
    finance = make.appointment(Role.FINANCE, of="City")
    for stranger in (county, finance):
        with pytest.raises(PermissionDenied):
            load(stranger, rate(JUNE))
    with make.operator() as operator:
        assert load_prime_rates([rate(JUNE)], today=making.today(), actor=operator).added == 1


def test_the_database_keeps_out_a_county_and_changes_no_rate(city: Appointment) -> None:
    load(city, rate(JUNE))
    county = making.office("East", under="City")
    with make.acting(county) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.prime_rates", scope_id=scope_of(actor.unit_id, None))
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            PrimeRate.objects.create(published_on=JULY, n=1, one_year=Decimal("0.5"), posting=posting)
    with make.acting(city):
        for change in ("UPDATE arrears_primerate SET one_year = 0.5", "DELETE FROM arrears_primerate"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(change)
    with pytest.raises(DatabaseError, match="only ever added"):
        make.as_owner("UPDATE arrears_primerate SET one_year = 0.5 RETURNING 1")


def test_two_who_load_the_same_day_at_once_add_it_once(city: Appointment) -> None:
    with make.threads(2) as start:
        both = [start(lambda: load(city, rate(JUNE))) for _ in range(2)]
        assert sorted(one.result().added for one in both) == [0, 1]


def test_the_books_with_rates_are_sound(city: Appointment) -> None:
    load(city, rate(JUNE))
    with make.operator():
        assert verify().first is None
