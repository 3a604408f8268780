"""Numbered orders that establish and change a base (基数核定单、调整单): one person drafts, another approves."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from psycopg import sql

from duban.arrears.commands.campaign.keeping import check_day, hold, open_act, trace
from duban.arrears.commands.campaign.members import NoScopeRule
from duban.arrears.commands.claim.acting import Act, check_second_person
from duban.arrears.models import BaseDecision, BaseOrder, Campaign
from duban.arrears.queries.campaigns.bases import PARTS, approved_orders, base_query, lines_query
from duban.arrears.queries.campaigns.campaign import clauses_of, managed
from duban.arrears.queries.campaigns.matching import asked
from duban.arrears.queries.position import now
from duban.arrears.rules.bases import NothingInOrder, OrderKind, check_order
from duban.audit import commands as audit
from duban.evidence.commands import keep
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence
from duban.postgres import bulk


class NotInBase(DomainError):
    """An amount is to be corrected of a claim that is not in the base, or that a number does not tell apart."""

    text = N_(
        "Claim {number} is found {times} times in this base. Give a number that is in it once; "
        "a claim enters the base by the order for members."
    )

    def __init__(self, *, number: str, times: int) -> None:
        super().__init__(number=number, times=times)


class NoEvidence(DomainError):
    """Amounts are to be corrected without a paper."""

    text = N_("Amounts of the base are corrected only with evidence. Hand in the paper that says what is right.")


class AmountBelowZero(DomainError):
    """A base below zero."""

    text = N_("Claim {number} would have a base of {amount}. Give nothing, or an amount above zero.")

    def __init__(self, *, number: str, amount: Money) -> None:
        super().__init__(number=number, amount=amount)


class DecidedAlready(DomainError):
    """A second decision on an order."""

    text = N_("Order {number} was decided already. What it did is changed only by another order.")

    def __init__(self, *, number: int) -> None:
        super().__init__(number=number)


_COLUMNS = (
    "claim_id", "scope_id", "before", "after", "settled", "unsettled", "not_due", "undisputed", "disputed", "judicial",
    "cleared", "by_hand",
)  # fmt: skip
_INSERT = sql.SQL(
    "INSERT INTO arrears_baseline (order_id, posting_id, {columns})"
    " SELECT %(order)s, %(posting)s, {columns} FROM ({lines}) line"
)


@transaction.atomic
def draft_order(*, campaign: UUID, kind: OrderKind, act: Act, actor: Appointment) -> BaseOrder:
    """Draft the order that establishes the base, or lets it follow who entered and left since, in one statement.

    Args:
        act: its day, its reason, and the paper that proves it, where there is one.

    Raises:
        PermissionDenied: `actor` may not manage this campaign.
        DayNotCome, DayBeforeLast, OrderWaits, BaseOutOfOrder: no such order can be drafted for that day.
        NoScopeRule: nobody said yet what counts.
        NothingInOrder: it would change nothing.
    """
    held, order = _open(campaign, kind, act, actor)
    on = act.effective_on
    rule = clauses_of([held.pk], on=on)[held.pk].scope
    if rule is None:
        raise NoScopeRule(code=held.code, day=on)
    lines = lines_query(rule, approved_orders(held.pk, on=on), managed(actor))
    query = _INSERT.format(columns=sql.SQL(", ").join(map(sql.Identifier, _COLUMNS)), lines=lines)
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {**asked(held.pk, rule, on), "order": order.pk, "posting": order.posting_id, "known_at": order.known_at},
        )
        if cursor.rowcount == 0:
            raise NothingInOrder(day=on)
        count = cursor.rowcount
    return _drafted(held, order, count, actor)


@transaction.atomic
def draft_correction(*, campaign: UUID, amounts: Mapping[str, Money], act: Act, actor: Appointment) -> BaseOrder:
    """Draft an order that corrects the base of some claims.

    Args:
        amounts: the right base of each, by ledger number.
        act: its day, its reason, and the paper that says so.

    Raises:
        PermissionDenied: `actor` may not manage this campaign.
        DayNotCome, DayBeforeLast, OrderWaits, BaseOutOfOrder: no order can be drafted for that day.
        NoEvidence: no paper says so.
        NotInBase, AmountBelowZero: an amount cannot be corrected.
        NothingInOrder: every amount is right already.
    """
    if not act.papers:
        raise NoEvidence
    held, order = _open(campaign, OrderKind.CORRECTED, act, actor)
    lines = _corrections(held, amounts, act.effective_on, actor)
    if not lines:
        raise NothingInOrder(day=act.effective_on)
    claims, scopes, before, after, settled = zip(*lines, strict=True)
    bulk.insert(
        "arrears_baseline",
        {
            "order_id": ("bigint", [order.pk] * len(lines)),
            "posting_id": ("bigint", [order.posting_id] * len(lines)),
            "claim_id": ("bigint", claims),
            "scope_id": ("bigint", scopes),
            "before": ("bigint", before),
            "after": ("bigint", after),
            "settled": ("bigint", settled),
            "by_hand": ("boolean", [True] * len(lines)),
            **{part: ("bigint", [0] * len(lines)) for part in PARTS},
        },
    )
    return _drafted(held, order, len(lines), actor)


@transaction.atomic
def decide_order(*, order: UUID, is_approved: bool, reason: str, actor: Appointment) -> BaseDecision:
    """Approve an order as the second person, or refuse it.

    Raises:
        PermissionDenied: `actor` may not decide where the campaign is kept.
        DecidedAlready: somebody did.
        SamePerson: whoever drafted it does not approve it; they may take it back.
    """
    found = BaseOrder.objects.select_related("campaign").get(uid=order)
    held = hold(found.campaign.uid, actor, Permission.ARREARS_DECIDE)
    if BaseDecision.objects.filter(order=found).exists():
        raise DecidedAlready(number=found.number)
    if is_approved:
        check_second_person(found.posting_id, actor)
    posting = open_act(held, "arrears.base_decided", reason, actor)
    decision = BaseDecision.objects.create(
        order=found, scope_id=held.scope_id, is_approved=is_approved, reason=reason, posting=posting
    )
    text = N_("Order {number} on the base of campaign {code} approved. {reason}")
    if not is_approved:
        text = N_("Order {number} on the base of campaign {code} refused. {reason}")
    words = Sentence(text, {"number": found.number, "code": held.code, "reason": reason})
    trace(held, "arrears.base_approved" if is_approved else "arrears.base_refused", words, actor)
    return decision


def _open(campaign: UUID, kind: OrderKind, act: Act, actor: Appointment) -> tuple[Campaign, BaseOrder]:
    # Nothing that was recorded by this instant can still come in: what the order says can be told again at any time.
    known_at = now()
    audit.settle(known_at)
    held = hold(campaign, actor)
    check_day(act.effective_on, act.today)
    orders = BaseOrder.objects.filter(campaign=held)
    waiting = orders.filter(decision__isnull=True).values_list("number", flat=True).first()
    last = orders.filter(decision__is_approved=True).aggregate(last=Max("effective_on"))["last"]
    check_order(kind, is_established=last is not None, waiting=waiting, on=act.effective_on, last=last)
    files = [keep(paper.content, name=paper.name, scope_id=held.scope_id, actor=actor) for paper in act.papers[:1]]
    posting = open_act(held, "arrears.base_order", act.reason, actor)
    order = BaseOrder.objects.create(
        campaign=held, scope_id=held.scope_id, posting=posting, number=orders.count() + 1, kind=kind.value,
        effective_on=act.effective_on, known_at=known_at, reason=act.reason, file=files[0] if files else None,
    )  # fmt: skip
    return held, order


def _drafted(held: Campaign, order: BaseOrder, claims: int, actor: Appointment) -> BaseOrder:
    words = Sentence(
        N_("Order {number} on the base of campaign {code} drafted, of {claims} claims: {reason}"),
        {"number": order.number, "code": held.code, "claims": claims, "reason": order.reason},
    )
    trace(held, "arrears.base_drafted", words, actor)
    return order


Line = tuple[int, int, int, int, int]
"""Claim, scope, and in 分: the base before and after, and what had been settled outside it."""


def _corrections(held: Campaign, amounts: Mapping[str, Money], on: date, actor: Appointment) -> list[Line]:
    found = _in_base(held, list(amounts), on, actor)
    lines = []
    for number, amount in amounts.items():
        rows = found.get(number, [])
        if len(rows) != 1:
            raise NotInBase(number=number, times=len(rows))
        if amount < ZERO:
            raise AmountBelowZero(number=number, amount=amount)
        claim_id, scope_id, before, settled = rows[0]
        if before != amount.fen:
            lines.append((claim_id, scope_id, before, amount.fen, settled))
    return lines


def _in_base(
    held: Campaign, numbers: Sequence[str], on: date, actor: Appointment
) -> dict[str, list[tuple[int, int, int, int]]]:
    """Claims of the base by ledger number: claim, scope, base and what was settled outside it."""
    query = sql.SQL(
        "SELECT n.ledger_no, b.claim_id, b.scope_id, b.amount, b.settled FROM ({}) b"
        " JOIN arrears_claimnow n USING (claim_id) WHERE n.ledger_no = ANY(%(numbers)s)"
    ).format(base_query(approved_orders(held.pk, on=on), managed(actor)))
    values: dict[str, Any] = {"numbers": list(numbers)}
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = cursor.fetchall()
    found: dict[str, list[tuple[int, int, int, int]]] = {}
    for number, *row in rows:
        found.setdefault(number, []).append((row[0], row[1], row[2], row[3]))
    return found
