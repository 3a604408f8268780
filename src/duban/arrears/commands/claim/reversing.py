"""Taking a whole posting back, with the payments, the links and the facts that belong to it."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from duban.arrears import queries
from duban.arrears.commands.claim.acting import Act, check_days, hold_several, keep_papers, trace
from duban.arrears.commands.claim.correcting import add_version, latest_facts
from duban.arrears.commands.settlements import add_events
from duban.arrears.models import ClaimFact, ClaimLink, ClaimNow, SettlementEvent, Transfer
from duban.arrears.rules.accounts import HELD, Account, Balances
from duban.arrears.rules.facts import FACTS
from duban.arrears.rules.reversing import (
    FROM_A_WORKBOOK,
    REVERSED,
    FromAWorkbook,
    IsAReversal,
    NothingMoved,
    PartTakenBack,
    PaymentWentOn,
    check_by_hand,
    check_opposite,
    opposite,
)
from duban.arrears.rules.settling import TAKEN_BACK, Step
from duban.arrears.rules.statement import Move
from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import ZERO
from duban.kernel.words import N_, Sentence
from duban.postgres import bulk


@transaction.atomic
def reverse_posting(*, posting: UUID, act: Act, actor: Appointment) -> None:
    """Take back all that a posting moved, on every claim that it touched, in one posting.

    A payment goes back to where it was before, or is withdrawn; a link gets an opposite one; and what the posting said
    anew of a claim is said as before, unless it was corrected since. One's own posting may be taken back by whoever may
    act; another's needs the power to decide.

    Raises:
        PermissionDenied: `actor` may not do this on one of the claims.
        NothingMoved, IsAReversal, FromAWorkbook, PartTakenBack: the posting is none that is taken back.
        PaymentWentOn: something was said of one of its payments later.
        DayNotCome, MonthIsClosed: nothing can take effect on that day.
        MovedOn, OfPayments: what it brought has moved on since, or belongs to payments by now.
    """
    wrong = Posting.objects.get(uid=posting)
    if wrong.kind in FROM_A_WORKBOOK:
        raise FromAWorkbook
    ids = Transfer.objects.filter(posting=wrong).values_list("claim_id", flat=True)
    is_own = Posting.objects.filter(pk=wrong.pk, appointment__person_id=actor.person_id).exists()
    permission = Permission.ARREARS_POST if is_own else Permission.ARREARS_DECIDE
    claims = hold_several(sorted({*ids, *_linked(wrong)}), actor, permission)
    # Read again: what another writer did to these claims meanwhile is there only now that they are held.
    transfers = list(Transfer.objects.filter(posting=wrong).order_by("claim_id", "n"))
    _check(transfers)
    payments = _payments(wrong)
    for claim in claims:
        check_days(claim.scope.unit_id, claim.scope_id, act.effective_on, act.value_on, act.today)
        _check_enough(claim, transfers, act)
    fresh = audit.open_posting(actor=actor, kind=REVERSED, scope_id=wrong.scope_id, reason=act.reason)
    _add_events(payments, fresh)
    _post_opposite(wrong, claims, transfers, act, fresh)
    for claim in claims:
        keep_papers(claim, act.papers, fresh, actor)
        words = Sentence(N_("Took back an entry on claim {number}: {reason}"),
                         {"number": claim.ledger_no, "reason": act.reason})  # fmt: skip
        trace(claim, REVERSED, words, actor)


def reverse_statement(wrong: Posting, *, act: Act, actor: Appointment) -> None:
    """Take back all that the posting of a ledger did, as one act on the ledger: its trail is the statement's.

    Raises:
        PermissionDenied: `actor` may not decide on one of the claims.
        PartTakenBack: an entry of it was taken back by itself.
        PaymentWentOn: something was said of one of its payments later.
        MovedOn: what it brought to a claim has moved on since.
    """
    ids = {*Transfer.objects.filter(posting=wrong).values_list("claim_id", flat=True)}
    ids |= {*ClaimFact.objects.filter(posting=wrong).values_list("claim_id", flat=True)}
    claims = hold_several(sorted(ids), actor, Permission.ARREARS_DECIDE)
    transfers = list(Transfer.objects.filter(posting=wrong).order_by("claim_id", "n"))
    if transfers:
        _check(transfers)
    payments = _payments(wrong)
    moves = _moves_by_claim(transfers)
    for claim in claims:
        held: Balances = {account: getattr(claim, account.value) for account in HELD}
        check_opposite(opposite(moves.get(claim.claim_id, [])), balances=held, number=claim.ledger_no)
    fresh = audit.open_posting(actor=actor, kind=REVERSED, scope_id=wrong.scope_id, reason=act.reason)
    _add_events(payments, fresh)
    _post_opposite(wrong, claims, transfers, act, fresh)


def _moves_by_claim(transfers: Iterable[Transfer]) -> dict[int, list[Move]]:
    found: dict[int, list[Move]] = {}
    for one in transfers:
        found.setdefault(one.claim_id, []).append(Move(Account(one.source), Account(one.destination), one.amount))
    return found


def _post_opposite(
    wrong: Posting,
    claims: Sequence[ClaimNow],
    transfers: Sequence[Transfer],
    act: Act,
    fresh: Posting,
) -> None:
    _add_opposites(claims, transfers, act, fresh)
    _add_links(wrong, fresh)
    _restore_facts(wrong, {claim.claim_id: claim for claim in claims}, fresh)


def _linked(wrong: Posting) -> Iterable[int]:
    """The claims at both ends of the posting's links: one that is out of sight is asked for, and refused."""
    for link in ClaimLink.objects.filter(posting=wrong):
        yield from (link.from_claim_id, link.to_claim_id)


def _check(transfers: Sequence[Transfer]) -> None:
    if not transfers:
        raise NothingMoved
    if any(transfer.reverses_id for transfer in transfers):
        raise IsAReversal
    taken_back = Transfer.objects.filter(reverses__in=transfers).values_list("amount", flat=True)
    if taken_back:
        raise PartTakenBack(amount=sum(taken_back, ZERO))


def _payments(wrong: Posting) -> list[SettlementEvent]:
    """The last event of each payment that the posting is about; all of them belong to the posting."""
    about = SettlementEvent.objects.filter(posting=wrong).values("settlement_id")
    last = SettlementEvent.objects.filter(settlement_id__in=about).order_by("settlement_id", "-n")
    events = list(last.distinct("settlement_id").select_related("settlement"))
    for event in events:
        if event.posting_id != wrong.pk:
            raise PaymentWentOn(amount=event.settlement.amount, now=Step(event.step).label)
    return events


def _moves(transfers: Iterable[Transfer]) -> list[Move]:
    return [Move(Account(one.source), Account(one.destination), one.amount) for one in transfers]


def _check_enough(claim: ClaimNow, transfers: Sequence[Transfer], act: Act) -> None:
    mine = [transfer for transfer in transfers if transfer.claim_id == claim.claim_id]
    moves = opposite(_moves(mine))
    if not any(transfer.settlement_id for transfer in mine):
        check_by_hand(moves, free=queries.free_balances(claim.claim_id, since=act.effective_on))
    balances = queries.least_balances(claim.claim_id, since=act.effective_on)
    check_opposite(moves, balances=balances, number=claim.ledger_no)


def _add_events(payments: Sequence[SettlementEvent], fresh: Posting) -> None:
    for step in sorted({event.step for event in payments}):
        alike = [event for event in payments if event.step == step]
        numbered = [(event.settlement_id, event.scope_id, event.n + 1) for event in alike]
        add_events(numbered, TAKEN_BACK[Step(step)], fresh)


def _add_opposites(claims: Iterable[ClaimNow], transfers: Sequence[Transfer], act: Act, fresh: Posting) -> None:
    """Every transfer the other way round, the last one first, as one statement."""
    numbers = {claim.claim_id: claim.transfers for claim in claims}
    wrong = list(reversed(transfers))
    counted = []
    for transfer in wrong:
        numbers[transfer.claim_id] += 1
        counted.append(numbers[transfer.claim_id])
    count = len(wrong)
    bulk.insert(
        "arrears_transfer",
        {
            "claim_id": ("bigint", [one.claim_id for one in wrong]),
            "scope_id": ("bigint", [one.scope_id for one in wrong]),
            "n": ("int", counted),
            "source": ("text", [one.destination for one in wrong]),
            "destination": ("text", [one.source for one in wrong]),
            "amount": ("bigint", [one.amount.fen for one in wrong]),
            "settlement_id": ("bigint", [one.settlement_id for one in wrong]),
            "reverses_id": ("bigint", [one.pk for one in wrong]),
            "value_on": ("date", [act.value_on] * count),
            "effective_on": ("date", [act.effective_on] * count),
            "posting_id": ("bigint", [fresh.pk] * count),
            "recorded_at": ("timestamptz", [fresh.recorded_at] * count),
        },
    )


def _add_links(wrong: Posting, fresh: Posting) -> None:
    for link in ClaimLink.objects.filter(posting=wrong):
        ClaimLink.objects.create(
            kind=link.kind, from_claim_id=link.to_claim_id, to_claim_id=link.from_claim_id, scope_id=link.to_scope_id,
            to_scope_id=link.scope_id, amount=link.amount, posting=fresh,
        )  # fmt: skip


def _restore_facts(wrong: Posting, claims: Mapping[int, ClaimNow], fresh: Posting) -> None:
    """Say again what was said before the posting, where nobody has said anything else since."""
    for version in ClaimFact.objects.filter(posting=wrong, n__gt=1):
        if latest_facts(version.claim_id).n == version.n:
            before = ClaimFact.objects.get(claim_id=version.claim_id, n=version.n - 1)
            add_version(claims[version.claim_id], {name: getattr(before, name) for name in FACTS}, fresh)
