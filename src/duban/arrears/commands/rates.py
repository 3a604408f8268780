"""Loading the loan prime rates that were published since those shipped."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from duban.arrears import queries
from duban.arrears.models import PrimeRate
from duban.audit import commands as audit
from duban.identity import access
from duban.identity import queries as units
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import Permission, PermissionDenied, Role
from duban.kernel.errors import DomainError
from duban.kernel.rates import LoanPrimeRate
from duban.kernel.words import N_, Sentence

LOCK = 7_030_204
"""The advisory lock under which rates are loaded, one file at a time."""


class RateNotPublished(DomainError):
    """A rate is of a day that has not come."""

    text = N_("A loan prime rate of {day} cannot have been published; today is {today}. Correct its day.")

    def __init__(self, *, day: date, today: date) -> None:
        super().__init__(day=day, today=today)


class RateKnownOtherwise(DomainError):
    """A file says another rate of a day than is known, and nobody said why."""

    text = N_(
        "Of {day} the rate {known} % is known, and the file says {said} %. Correct the file, "
        "or give the reason why the known one is wrong."
    )

    def __init__(self, *, day: date, known: LoanPrimeRate, said: LoanPrimeRate) -> None:
        super().__init__(day=day, known=known.shown, said=said.shown)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rates of a file were new, were corrected, and were known as they are."""

    added: int
    corrected: int
    known: int


@transaction.atomic
def load_prime_rates(rates: Iterable[LoanPrimeRate], *, today: date, actor: Appointment, reason: str = "") -> Loaded:
    """Add what is not known yet; what is known as it stands is left alone, so the same file again changes nothing.

    Args:
        reason: why known rates are corrected; not needed while none is.

    Raises:
        PermissionDenied: `actor` is neither the office of the whole city nor the local operator.
        RateNotPublished: a day has not come.
        RateKnownOtherwise: a known rate would change, and there is no reason.
        LoanPrimeRateMissing: a month would be left out.
    """
    scope_id = _require_whole_city(actor, today)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    known, given = queries.prime_rates(), list(rates)
    fresh = [rate for rate in given if rate not in known]
    known.corrected(given)  # a gap would be refused here
    corrected = [rate for rate in fresh if known.published(rate.published_on) is not None]
    for rate in given:
        if rate.published_on > today:
            raise RateNotPublished(day=rate.published_on, today=today)
    for rate in corrected:
        before = known.published(rate.published_on)
        if before is not None and not reason.strip():
            raise RateKnownOtherwise(day=rate.published_on, known=before, said=rate)
    if fresh:
        _add(fresh, scope_id=scope_id, actor=actor, reason=reason)
    return Loaded(len(fresh) - len(corrected), len(corrected), len(given) - len(fresh))


def _require_whole_city(actor: Appointment, today: date) -> int:
    """The scope of the actor's unit, which is at the top of the tree: a rate holds for everybody."""
    scope_id = scope_of(actor.unit_id, None)
    access.require(actor, Permission.ARREARS_DECIDE, scope_id=scope_id)
    if actor.role != Role.OPERATOR and units.unit_by_id(actor.unit_id, on=today).parent_id is not None:
        raise PermissionDenied(who=actor.person.name, permission=Permission.ARREARS_DECIDE)
    return scope_id


def _add(rates: list[LoanPrimeRate], *, scope_id: int, actor: Appointment, reason: str) -> None:
    posting = audit.open_posting(actor=actor, kind="arrears.prime_rates", scope_id=scope_id, reason=reason)
    PrimeRate.objects.bulk_create(
        PrimeRate(
            published_on=rate.published_on, n=queries.last_version(rate) + 1, one_year=rate.one_year, posting=posting
        )
        for rate in rates
    )
    days = [rate.published_on for rate in rates]
    words = Sentence(
        N_("Loaded {count} loan prime rates, from {first} to {last}"),
        {"count": len(rates), "first": min(days), "last": max(days)},
    )
    subject = ("arrears.prime_rates", str(posting.uid))
    audit.record(actor=actor, action="arrears.prime_rates", subject=subject, scope_id=scope_id, words=words)
