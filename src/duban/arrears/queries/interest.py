"""What delay has cost on one claim: an estimate (测算), which is shown to office and finance and never booked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings

from duban.arrears.models import Claim, Transfer
from duban.arrears.queries.lawful import facts_of
from duban.arrears.queries.rates import prime_rates
from duban.arrears.rules.accounts import Account, Rule
from duban.arrears.rules.acts import Ground
from duban.arrears.rules.facts import FactValues
from duban.arrears.rules.interest import AgreedRate, Estimate, Rate, YearDays, estimate, rate_for
from duban.arrears.rules.lawful import Lawful, NotApplied, lawful
from duban.arrears.rules.principal import Moved, paid_on_no_day, principal
from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.calendar import WorkCalendar
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO
from duban.kernel.words import N_, Sentence


@dataclass(frozen=True, slots=True)
class Estimated:
    """Interest up to and including a day, under both counting rules.

    Args:
        due_on: the day after which delay is counted.
        stated: payments count as the debtor states them.
        verified: only what is shown to have arrived counts.
        remarks: what was taken for granted, and what somebody should look at.
    """

    due_on: date
    rate: Rate
    stated: Estimate
    verified: Estimate
    remarks: tuple[Sentence, ...]


def estimate_interest(uid: UUID, *, as_of: date, actor: Appointment) -> Estimated | Sentence:
    """Estimate by what is known now; a sentence says what is missing where that is not possible. Four queries.

    Raises:
        Claim.DoesNotExist: there is no such claim in sight.
        PermissionDenied: `actor` may not see estimates of it.
    """
    claim = Claim.objects.get(uid=uid)
    access.require(actor, Permission.ARREARS_ESTIMATE, scope_id=claim.scope_id)
    facts = facts_of(claim.facts.latest("n"))
    try:
        return _estimated(facts, _moves(claim), as_of=as_of)
    except DomainError as refusal:
        return refusal.sentence


def _estimated(facts: FactValues, moves: list[Moved], *, as_of: date) -> Estimated | Sentence:
    calendar = WorkCalendar.shipped()
    law = lawful(facts, as_of=as_of, calendar=calendar, holiday_shift=settings.HOLIDAY_SHIFT)
    if isinstance(law, NotApplied):
        return law.why
    due_on = law.due.on or facts.due_on
    if due_on is None:
        return law.due.why_not[0]
    rate = rate_for(
        _agreed(facts), law=law.applied.version, payer=law.payment.payer, signed_on=facts.signed_on,
        prime_rates=prime_rates(),
    )  # fmt: skip
    stated, verified = (
        estimate(principal(moves, rule=rule, due_on=due_on), due_on=due_on, as_of=as_of, rate=rate)
        for rule in (Rule.C0, Rule.C1)
    )
    return Estimated(due_on, rate, stated, verified, tuple(_remarks(facts, law, rate, moves)))


def _agreed(facts: FactValues) -> AgreedRate | None:
    if facts.agreed_rate is None:
        return None
    return AgreedRate(facts.agreed_rate, YearDays(facts.year_days or YearDays.D365))


def _remarks(facts: FactValues, law: Lawful, rate: Rate, moves: list[Moved]) -> Iterator[Sentence]:
    if law.due.on is None:
        text = N_("Delay is counted from the stated due day, because the lawful one is not known. {why}")
        yield Sentence(text, {"why": law.due.why_not[0]})
    if rate.violation is not None:
        yield rate.violation.sentence
    if facts.agreed_rate is not None and facts.year_days is None:
        yield Sentence(N_("Into how many days the contract divides the year is not stated; 365 are taken."))
    if (unplaced := paid_on_no_day(moves)) > ZERO:
        text = N_(
            "{amount} yuan were stated as paid when the claim was entered, without their day; as stated, no interest "
            "is counted on them."
        )
        yield Sentence(text, {"amount": unplaced})
    disputed = sum((move.added_to({Account.DISPUTED}) for move in moves), ZERO)
    if disputed > ZERO:
        text = N_("{amount} yuan are disputed; whether interest is owed on them depends on how the dispute ends.")
        yield Sentence(text, {"amount": disputed})


def _moves(claim: Claim) -> list[Moved]:
    """All that moved on a claim, each with the day that matters to interest. One query."""
    rows = list(Transfer.objects.filter(claim=claim).select_related("settlement").order_by("n"))
    by_id = {row.pk: row for row in rows}
    stated = {row.settlement_id: row for row in reversed(rows) if row.settlement_id}

    def origin(row: Transfer) -> Transfer:
        """The transfer whose day counts: the one that `row` undoes, or with which its payment was stated."""
        undone = by_id[row.reverses_id] if row.reverses_id else row
        is_honoured = undone.source == Account.INSTRUMENT and undone.destination == Account.CASH
        return undone if is_honoured else stated.get(undone.settlement_id or 0, undone)

    return [_moved(row, origin(row), opening=rows[0].posting_id) for row in rows]


def _moved(row: Transfer, origin: Transfer, *, opening: int) -> Moved:
    value_on = origin.value_on or (origin.settlement.value_on if origin.settlement else None)
    return Moved(
        Account(row.source),
        Account(row.destination),
        row.amount,
        on=value_on or origin.effective_on,
        ground=Ground(origin.ground) if origin.ground else None,
        with_opening=origin.posting_id == opening and value_on is None,
    )
