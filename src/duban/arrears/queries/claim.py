"""One claim: what is said of it, what moved on it, and its balances on any day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from duban.arrears.models import Claim, ClaimFact, Transfer
from duban.arrears.queries.signing import UNSEEN, Signed, signed
from duban.arrears.rules.accounts import HELD, Account
from duban.identity import queries as units
from duban.identity.access import scopes_where
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One amount that moved, with the posting it belongs to."""

    n: int
    source: Account
    destination: Account
    amount: Money
    effective_on: date
    value_on: date | None
    recorded_at: datetime
    who: str
    reason: str
    kind: str
    posting: UUID | None
    """Nothing where the reader does not see it; then nobody is named either."""
    takes_back: int | None
    """The number of the entry that it takes back."""
    is_taken_back: bool
    """Whether another one takes it back, in part or in full."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim on a day."""

    uid: UUID
    claim_id: int
    may_act: bool
    may_estimate: bool
    unit_code: str
    unit_name: str
    line_name: str
    facts: ClaimFact
    versions: int
    balances: Mapping[Account, Money]
    transfers: list[TransferRow]
    """All of them, the newest first."""


def claim_on(uid: UUID, *, as_of: date, actor: Appointment) -> ClaimView:
    """A claim that `actor` sees, with its balances at the end of a day. Six queries.

    Raises:
        Claim.DoesNotExist: there is no such claim where `actor` can see it.
    """
    claim = Claim.objects.select_related("scope__line", "scope__unit").get(uid=uid)
    is_party = actor.party_id is not None and actor.party_id in {claim.debtor_id, claim.creditor_id}
    if not is_party and claim.scope_id not in scopes_where(actor, Permission.ARREARS_VIEW):
        raise Claim.DoesNotExist
    transfers = _transfers(claim)
    facts = list(claim.facts.order_by("-n"))
    return ClaimView(
        uid=claim.uid,
        claim_id=claim.pk,
        may_act=claim.scope_id in scopes_where(actor, Permission.ARREARS_POST),
        may_estimate=claim.scope_id in scopes_where(actor, Permission.ARREARS_ESTIMATE),
        unit_code=claim.scope.unit.code,
        unit_name=units.unit_name(claim.scope.unit, on=as_of),
        line_name=claim.scope.line.name if claim.scope.line else "",
        facts=facts[0],
        versions=len(facts),
        balances=balances_on(transfers, as_of),
        transfers=transfers,
    )


def balances_on(transfers: list[TransferRow], day: date) -> dict[Account, Money]:
    """Balances at the end of a day, by plain addition."""
    balances: dict[Account, Money] = dict.fromkeys(HELD, ZERO)
    for transfer in transfers:
        if transfer.effective_on <= day:
            for account, amount in ((transfer.source, -transfer.amount), (transfer.destination, transfer.amount)):
                if account is not Account.RECOGNISED:
                    balances[account] += amount
    return balances


def _transfers(claim: Claim) -> list[TransferRow]:
    rows = list(Transfer.objects.filter(claim=claim).order_by("-n"))
    by = signed(row.posting_id for row in rows)
    numbers = {row.pk: row.n for row in rows}
    taken_back = {row.reverses_id for row in rows}
    return [
        _row(row, by.get(row.posting_id, UNSEEN), numbers.get(row.reverses_id or 0), row.pk in taken_back)
        for row in rows
    ]


def _row(row: Transfer, by: Signed, takes_back: int | None, is_taken_back: bool) -> TransferRow:
    return TransferRow(
        n=row.n,
        source=Account(row.source),
        destination=Account(row.destination),
        amount=row.amount,
        effective_on=row.effective_on,
        value_on=row.value_on,
        recorded_at=row.recorded_at,
        who=by.who,
        reason=by.reason,
        kind=by.kind,
        posting=by.uid,
        takes_back=takes_back,
        is_taken_back=is_taken_back,
    )
