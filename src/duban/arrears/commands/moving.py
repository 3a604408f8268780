"""Moving an amount of one claim by hand, and taking a move back."""

from datetime import date

from django.db import transaction

from duban.arrears import queries
from duban.arrears.commands.claim.acting import check_days, hold, trace
from duban.arrears.models import ClaimLink, ClaimNow, Transfer
from duban.arrears.rules.accounts import Account, check_enough, check_move
from duban.arrears.rules.acts import Ground
from duban.arrears.rules.reversing import REVERSED, TakenBackAsAWhole, check_by_hand
from duban.arrears.rules.statement import Move
from duban.audit import commands as audit
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence


class NothingToReverse(DomainError):
    """A reversal of a reversal, or of more than is left of a transfer."""

    text = N_(
        "{amount} cannot be reversed: {left} of that entry is left to reverse. "
        "A reversal itself is not reversed; make the entry anew."
    )

    def __init__(self, *, amount: Money, left: Money) -> None:
        super().__init__(amount=amount, left=left)


class SignedOnly(DomainError):
    """Set-off is to be entered without what the creditor signed."""

    text = N_(
        "Set-off counts by the strict rule, so it is entered only as a payment that the creditor confirms with a "
        "signature. State the payment, show its voucher, and let it be confirmed."
    )


@transaction.atomic
def move(
    *,
    claim_id: int,
    source: Account,
    destination: Account,
    amount: Money,
    effective_on: date,
    today: date,
    reason: str,
    value_on: date | None = None,
    ground: Ground | None = None,
    actor: Appointment,
) -> Transfer:
    """Move an amount between two accounts of a claim, as of a day of the ledger.

    Args:
        ground: why the claim is reduced, for a move into `reduced` and no other.

    Raises:
        PermissionDenied: `actor` may not post where the claim is.
        DayNotCome, MonthIsClosed: nothing can take effect on that day.
        SignedOnly: set-off, which is reached by a confirmed payment alone.
        MoveNotAllowed: the accounts do not lead to each other.
        OfPayments: the amount belongs to stated payments.
        NotEnough: the source holds less, on that day or on a later one.
    """
    if destination is Account.OFFSET:
        raise SignedOnly
    claim = hold(claim_id, actor, Permission.ARREARS_POST)
    check_days(claim.scope.unit_id, claim.scope_id, effective_on, value_on, today)
    check_move(source, destination, amount, balances=queries.least_balances(claim_id, since=effective_on))
    check_by_hand([Move(source, destination, amount)], free=queries.free_balances(claim_id, since=effective_on))
    transfer = Transfer(
        source=source,
        destination=destination,
        amount=amount,
        effective_on=effective_on,
        value_on=value_on,
        ground=ground,
    )
    return _post(claim, transfer, "arrears.moved", reason, actor)


@transaction.atomic
def reverse(
    *, transfer_id: int, amount: Money, effective_on: date, today: date, reason: str, actor: Appointment
) -> Transfer:
    """Take a transfer back, or a part of it, by an opposite one.

    Raises:
        PermissionDenied: `actor` may not post where the claim is.
        DayNotCome, MonthIsClosed: nothing can take effect on that day.
        TakenBackAsAWhole: it belongs to a payment, or to a link between two claims.
        NothingToReverse: it is a reversal itself, or less is left of it.
        NotEnough, OfPayments: the amount has moved on since, or belongs to payments by now.
    """
    wrong = Transfer.objects.get(pk=transfer_id)
    if wrong.settlement_id or ClaimLink.objects.filter(posting_id=wrong.posting_id).exists():
        raise TakenBackAsAWhole
    claim = hold(wrong.claim_id, actor, Permission.ARREARS_POST)
    check_days(claim.scope.unit_id, claim.scope_id, effective_on, None, today)
    taken_back = sum(wrong.reversals.values_list("amount", flat=True), ZERO)
    left = ZERO if wrong.reverses_id else wrong.amount - taken_back
    if amount > left:
        raise NothingToReverse(amount=amount, left=left)
    source, destination = Account(wrong.destination), Account(wrong.source)
    check_enough(source, amount, balances=queries.least_balances(claim.claim_id, since=effective_on))
    check_by_hand([Move(source, destination, amount)], free=queries.free_balances(claim.claim_id, since=effective_on))
    transfer = Transfer(
        source=source, destination=destination, amount=amount, effective_on=effective_on, reverses=wrong
    )
    return _post(claim, transfer, REVERSED, reason, actor)


def _post(claim: ClaimNow, transfer: Transfer, kind: str, reason: str, actor: Appointment) -> Transfer:
    posting = audit.open_posting(actor=actor, kind=kind, scope_id=claim.scope_id, reason=reason)
    transfer.claim_id, transfer.scope_id, transfer.n = claim.claim_id, claim.scope_id, claim.transfers + 1
    transfer.posting, transfer.recorded_at = posting, posting.recorded_at
    transfer.save(force_insert=True)
    words = Sentence(
        N_("Moved {amount} from {source} to {destination} on claim {number}: {reason}"),
        {
            "amount": transfer.amount,
            "source": transfer.source,
            "destination": transfer.destination,
            "number": claim.ledger_no,
            "reason": reason,
        },
    )
    trace(claim, kind, words, actor)
    return transfer
