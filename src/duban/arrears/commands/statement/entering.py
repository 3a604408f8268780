"""The moves that enter a statement's rows: on claims that are known, on payments, and on claims that vanished."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import OuterRef, Subquery

from duban.arrears import queries
from duban.arrears.commands.posting import ClaimMoves
from duban.arrears.commands.settlements import add_events, state_many
from duban.arrears.commands.statement.comparing import Compared
from duban.arrears.models import Settlement, SettlementEvent, Statement
from duban.arrears.queries import KnownClaim
from duban.arrears.rules.accounts import OPEN, OUTSIDE_RATES, Account
from duban.arrears.rules.acts import Ground
from duban.arrears.rules.settling import WAITING, Method, Step
from duban.arrears.rules.statement import Move, Stated
from duban.audit.models import Posting
from duban.kernel.money import ZERO, Money
from duban.postgres import bulk

WithMethod = tuple[ClaimMoves, Method]
"""Moves on a claim, and how what they report as paid was paid."""


def go_on(known: Sequence[Compared], posting: Posting) -> list[WithMethod]:
    """The moves on claims that the ledger has, in the order of each claim's numbers."""
    payments = _open_payments([one.claim.claim_id for one in known if one.claim and _takes_back(one)])
    withdrawn: list[_Payment] = []
    moves: list[WithMethod] = []
    for one in known:
        assert one.claim is not None  # noqa: S101 - the caller's choice
        plain = ClaimMoves(
            one.claim.claim_id, one.claim.scope_id, one.proposal.moves, one.claim.transfers, ground=Ground.STATED_LOWER
        )
        if _takes_back(one):
            moves += _take_back(plain, payments[one.claim.claim_id], withdrawn)
        else:
            moves.append((plain, one.row.method))
    add_events([(payment.id, payment.scope_id, payment.last_n + 1) for payment in withdrawn], Step.WITHDRAWN, posting)
    return moves


def _takes_back(one: Compared) -> bool:
    return bool(one.proposal.moves) and one.proposal.moves[0].source is Account.REPORTED


@dataclass(frozen=True, slots=True)
class _Payment:
    """A stated payment that is not confirmed or denied."""

    id: int
    scope_id: int
    amount: Money
    method: Method
    last_n: int


def _open_payments(claims: Sequence[int]) -> Mapping[int, list[_Payment]]:
    """The payments of claims that may still be withdrawn, the newest first. One query."""
    found: dict[int, list[_Payment]] = defaultdict(list)
    last = SettlementEvent.objects.filter(settlement=OuterRef("pk")).order_by("-n")
    rows = (
        Settlement.objects.filter(claim_id__in=claims)
        .annotate(step=Subquery(last.values("step")[:1]), last_n=Subquery(last.values("n")[:1]))
        .filter(step__in=WAITING)
        .order_by("-pk")
        .values_list("claim_id", "pk", "scope_id", "amount", "method", "last_n")
    )
    for claim_id, pk, scope_id, amount, method, last_n in rows:
        found[claim_id].append(_Payment(pk, scope_id, amount, Method(method), last_n))
    return found


def _take_back(plain: ClaimMoves, payments: Sequence[_Payment], withdrawn: list[_Payment]) -> Iterator[WithMethod]:
    """Take back what was reported, the newest payment first, and last what has no payment of its own.

    Of a payment that goes only in part the rest is stated anew.
    """
    first, *others = plain.moves
    left, n = first.amount, plain.last_n
    for payment in payments:
        if left == ZERO:
            break
        back = Move(Account.REPORTED, Account.UNDISPUTED, payment.amount)
        yield replace(plain, moves=[back], last_n=n, settlement_id=payment.id), payment.method
        withdrawn.append(payment)
        n += 1
        rest = payment.amount - min(left, payment.amount)
        left -= payment.amount - rest
        if rest > ZERO:
            yield replace(plain, moves=[Move(Account.UNDISPUTED, Account.REPORTED, rest)], last_n=n), payment.method
            n += 1
    if left > ZERO:
        others = [replace(first, amount=left), *others]
    if others:
        yield replace(plain, moves=others, last_n=n), Method.UNKNOWN


def state_payments(moves: Sequence[WithMethod], statement: Statement, posting: Posting) -> list[ClaimMoves]:
    """Make what each row states as paid a payment of its own, so that it can be proved and confirmed."""
    paid = {at: claim.reported for at, (claim, _) in enumerate(moves) if claim.reported > ZERO}
    ids = state_many(
        [(moves[at][0].claim_id, moves[at][0].scope_id) for at in paid],
        [moves[at][1] for at in paid],
        list(paid.values()),
        statement_id=statement.pk,
        posting=posting,
    )
    settled = dict(zip(paid, ids, strict=True))
    return [
        replace(claim, settlement_id=settled[at]) if at in settled else claim for at, (claim, _) in enumerate(moves)
    ]


def reduce_vanished(claims: Sequence[KnownClaim]) -> list[ClaimMoves]:
    """Reduce what is still owed of claims that their reporter no longer states; what was paid of them stays paid."""
    return [
        ClaimMoves(
            claim.claim_id, claim.scope_id,
            [
                Move(account, Account.REDUCED, claim.balances[account])
                for account in (*OUTSIDE_RATES, *OPEN)
                if claim.balances[account] > ZERO
            ],
            claim.transfers, ground=Ground.VANISHED,
        )
        for claim in claims
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class StatedRow:
    """What a row of a statement states of a claim; `n` is 0 where the statement no longer has it."""

    claim_id: int
    scope_id: int
    n: int
    stated: Stated
    said: str
    """The fingerprint of what it says beside the amounts."""


def stated_again(entered: Sequence[Compared]) -> list[StatedRow]:
    """The rows on known claims that state something else than the last statement did."""
    return [
        StatedRow(one.claim.claim_id, one.claim.scope_id, one.row.number, one.row.stated, one.row.fingerprint)
        for one in entered
        if one.claim is not None and (one.claim.base, one.claim.said) != (one.row.stated, one.row.fingerprint)
    ]


def no_longer_stated(claims: Sequence[KnownClaim]) -> list[StatedRow]:
    """The claims that vanished, as what their reporter states of them now."""
    return [StatedRow(claim.claim_id, claim.scope_id, 0, Stated({}, ZERO), "") for claim in claims]


def keep_stated(statement: Statement, rows: Sequence[StatedRow]) -> None:
    """Keep what was stated of each claim: the base of the next comparison. One statement of SQL."""
    columns = {part.value: ("bigint", [row.stated.parts.get(part, ZERO).fen for row in rows]) for part in queries.PARTS}
    bulk.insert(
        "arrears_statedclaim",
        {
            "claim_id": ("bigint", [row.claim_id for row in rows]),
            "scope_id": ("bigint", [row.scope_id for row in rows]),
            "statement_id": ("bigint", [statement.pk] * len(rows)),
            "n": ("int", [row.n for row in rows]),
            "step": ("bigint", [row.stated.step for row in rows]),
            "cleared": ("bigint", [row.stated.cleared.fen for row in rows]),
            "facts": ("text", [row.said for row in rows]),
            **columns,
        },
    )
