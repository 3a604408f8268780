"""What every act on a claim shares: holding it, the days it may be of, its papers, and posting it with its trail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from duban.arrears import queries
from duban.arrears.commands.posting import ClaimMoves, post_moves
from duban.arrears.commands.statement.steps import check_month
from duban.arrears.models import ClaimNow, Evidence
from duban.arrears.rules.accounts import Account, check_enough, check_move
from duban.arrears.rules.acts import PAPERS, Ground
from duban.arrears.rules.statement import Move
from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.evidence.commands import keep
from duban.evidence.models import File
from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence

MONTH_LOCK = 7_030_203
"""With a scope's key, the advisory lock under which a month closes; whoever posts shares it (`sql/ledger.sql`)."""


class DayNotCome(DomainError):
    """A transfer is to take effect on a day that has not come."""

    text = N_("{day} has not come yet; today is {today}. Enter it on its day, or give the day on which it happened.")

    def __init__(self, *, day: date, today: date) -> None:
        super().__init__(day=day, today=today)


class NothingToMove(DomainError):
    """An act on nothing, or on less than nothing."""

    text = N_("An amount of {amount} moves nothing. Give an amount above zero; what was wrong is reversed instead.")

    def __init__(self, *, amount: Money) -> None:
        super().__init__(amount=amount)


class PaperMissing(DomainError):
    """An act was asked for without the papers that prove it."""

    text = N_("This needs papers that were not given: {missing}. Scan each, and hand it in with the act.")

    def __init__(self, *, missing: Iterable[str]) -> None:
        super().__init__(missing=Listed(tuple(missing)))


class SamePerson(DomainError):
    """The second person is the first one."""

    text = N_(
        "{who} entered what this is about, so another person decides. "
        "Ask a colleague, or the office of the level above."
    )

    def __init__(self, *, who: str) -> None:
        super().__init__(who=who)


@dataclass(frozen=True, slots=True)
class Listed:
    """Names of papers, in the reader's language when shown."""

    roles: tuple[str, ...]

    def __str__(self) -> str:
        return "; ".join(str(Sentence(PAPERS[role])) for role in self.roles)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that is handed in with an act.

    Args:
        role: what it proves; one of `PAPERS`.
    """

    role: str
    name: str
    content: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Act:
    """When an act happens and why, as the person says it.

    Args:
        effective_on: the day of the ledger.
        value_on: the day of the bank or of the event, where it is another.
    """

    effective_on: date
    today: date
    reason: str = ""
    value_on: date | None = None
    papers: Sequence[Paper] = ()


def hold(claim_id: int, actor: Appointment, permission: Permission = Permission.ARREARS_POST) -> ClaimNow:
    """The claim as it stands, held to the end of the transaction: a second writer waits, and sees what this one did.

    Raises:
        PermissionDenied: `actor` may not do this where the claim is.
    """
    [claim] = hold_several([claim_id], actor, permission)
    return claim


def hold_several(
    claim_ids: Sequence[int], actor: Appointment, permission: Permission = Permission.ARREARS_POST
) -> list[ClaimNow]:
    """Claims as they stand, in the order given, all held in one order so that two writers cannot block each other.

    Raises:
        PermissionDenied: `actor` may not do this where one of them is.
    """
    scopes = dict(ClaimNow.objects.filter(pk__in=claim_ids).values_list("pk", "scope_id"))
    if len(scopes) < len(set(claim_ids)):
        raise ClaimNow.DoesNotExist
    for scope_id in set(scopes.values()):
        access.require(actor, permission, scope_id=scope_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT arrears.hold_claims(%s)", [list(claim_ids)])
    held = ClaimNow.objects.select_related("claim", "scope").in_bulk(claim_ids)
    return [held[claim_id] for claim_id in claim_ids]


def check_days(unit_id: int, scope_id: int, effective_on: date, value_on: date | None, today: date) -> None:
    """Let the days of an act in a reporter's ledger pass; no month of the scope closes then until it is done.

    Raises:
        DayNotCome: one of them is to come.
        MonthIsClosed: nothing takes effect on that day any more.
    """
    for day in (effective_on, value_on or effective_on):
        if day > today:
            raise DayNotCome(day=day, today=today)
    check_open_month(unit_id, scope_id, effective_on)


def check_leaving(claim: ClaimNow, parts: Mapping[Account, Money], act: Act) -> None:
    """Let amounts leave a claim for another one.

    Raises:
        DayNotCome, MonthIsClosed: nothing can take effect on that day.
        NothingToMove, NotEnough: an amount is nothing, or its account holds less.
    """
    check_days(claim.scope.unit_id, claim.scope_id, act.effective_on, act.value_on, act.today)
    balances = queries.least_balances(claim.claim_id, since=act.effective_on)
    for account, amount in parts.items():
        if amount <= ZERO:
            raise NothingToMove(amount=amount)
        check_enough(account, amount, balances=balances)


def check_open_month(unit_id: int, scope_id: int, day: date) -> None:
    """Let a day of the ledger pass, and let no month of the scope close until the transaction ends.

    Raises:
        MonthIsClosed: nothing takes effect on that day any more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, arrears.scope_key(%s))", [MONTH_LOCK, scope_id])
    check_month(unit_id, day)


def check_papers(papers: Iterable[Paper], needed: Iterable[str]) -> None:
    """Let an act pass that brings the papers it needs, or raise `PaperMissing`."""
    given = {paper.role for paper in papers}
    missing = [role for role in needed if role not in given]
    if missing:
        raise PaperMissing(missing=missing)


def check_second_person(posting_id: int, actor: Appointment) -> None:
    """Let somebody decide on what another entered, or raise `SamePerson`."""
    if Posting.objects.filter(pk=posting_id, appointment__person_id=actor.person_id).exists():
        raise SamePerson(who=actor.person.name)


def check_moves(claim: ClaimNow, moves: Iterable[Move], act: Act) -> None:
    """Let moves pass that are made on one day; what one brings in, another does not take out.

    Raises:
        DayNotCome, MonthIsClosed: nothing can take effect on that day.
        NothingToMove, MoveNotAllowed, NotEnough: a move is none.
    """
    check_days(claim.scope.unit_id, claim.scope_id, act.effective_on, act.value_on, act.today)
    balances = dict(queries.least_balances(claim.claim_id, since=act.effective_on))
    for move in moves:
        if move.amount <= ZERO:
            raise NothingToMove(amount=move.amount)
        check_move(move.source, move.destination, move.amount, balances=balances)
        balances[move.source] = balances.get(move.source, ZERO) - move.amount


def keep_papers(claim: ClaimNow, papers: Iterable[Paper], posting: Posting, actor: Appointment) -> dict[str, File]:
    """Keep the papers of an act as its evidence; returns the files by role."""
    files = {}
    for paper in papers:
        file = keep(paper.content, name=paper.name, scope_id=claim.scope_id, actor=actor)
        Evidence.objects.create(
            claim_id=claim.claim_id, scope_id=claim.scope_id, file=file, role=paper.role, posting=posting
        )
        files[paper.role] = file
    return files


def open_act(claim: ClaimNow, kind: str, act: Act, actor: Appointment) -> Posting:
    """Open the posting of an act on a claim that is held."""
    return audit.open_posting(actor=actor, kind=kind, scope_id=claim.scope_id, reason=act.reason)


def make_moves(
    claim: ClaimNow,
    moves: Sequence[Move],
    act: Act,
    posting: Posting,
    *,
    settlement_id: int | None = None,
    ground: Ground | None = None,
) -> None:
    """Post moves that were checked."""
    one = ClaimMoves(
        claim.claim_id, claim.scope_id, moves, claim.transfers, settlement_id, ground, value_on=act.value_on
    )
    post_moves([one], effective_on=act.effective_on, posting=posting)


def trace(claim: ClaimNow, kind: str, words: Sentence, actor: Appointment) -> None:
    """Leave a row in the trail on a claim."""
    subject = ("arrears.claim", str(claim.claim.uid))
    audit.record(actor=actor, action=kind, subject=subject, scope_id=claim.scope_id, words=words)
