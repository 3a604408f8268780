"""Entering a checked statement: the decision, which a person takes, and the posting, which a worker does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from duban.arrears import queries
from duban.arrears.commands.posting import ClaimMoves, NewClaim, add_claims, post_moves
from duban.arrears.commands.statement.comparing import Compared, changes_of, compare_all, vanished
from duban.arrears.commands.statement.entering import (
    StatedRow,
    go_on,
    keep_stated,
    no_longer_stated,
    reduce_vanished,
    state_payments,
    stated_again,
)
from duban.arrears.commands.statement.questions import verdicts
from duban.arrears.commands.statement.renewing import Renewal, renewals, say_anew
from duban.arrears.commands.statement.rows import kept
from duban.arrears.commands.statement.steps import STATES, NotNow, check_day, held, hold_reporter, refuse, trace
from duban.arrears.commands.statement.summary import effect
from duban.arrears.models import Statement
from duban.arrears.queries import KnownClaim
from duban.arrears.rules.asking import DOUBTS, Verdict
from duban.arrears.rules.statement import Change
from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.audit.progress import Meter, silent
from duban.identity import access
from duban.identity import queries as units
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO
from duban.kernel.words import N_, Sentence
from duban.register import commands as register

STEP = 10_000
"""Rows posted in one statement of SQL, and between two signs of progress."""


class HasErrors(DomainError):
    """A statement with rows in error, which nobody decided to hold."""

    text = N_(
        "{rows} rows have errors, so nothing was entered. Correct them and import the file again, "
        "or hold them: their claims then keep their last state."
    )

    def __init__(self, *, rows: int) -> None:
        super().__init__(rows=rows)


class Unanswered(DomainError):
    """A statement that takes something out of the ledger, on which nobody decided."""

    text = N_(
        "{count} questions about what vanished, was taken back or was relabelled are open, so nothing was entered. "
        "Give each a reason and its evidence, by someone other than who handed the workbook in; or hold those claims."
    )

    def __init__(self, *, count: int) -> None:
        super().__init__(count=count)


class LedgerMoved(DomainError):
    """Between check and posting the ledger changed, so that other things would be posted than were shown."""

    text = N_(
        "The ledger has changed since this file was checked, in what rows {rows} are about. Nothing was entered; "
        "import the file again to see what it proposes now."
    )

    def __init__(self, *, rows: Sequence[int]) -> None:
        named = ", ".join(str(row) for row in rows[:5])
        super().__init__(rows=named if len(rows) <= 5 else f"{named} …")


@transaction.atomic
def ask_to_accept(uid: UUID, *, hold_errors: bool, actor: Appointment) -> Statement:
    """Decide to accept a checked or submitted statement; a worker posts it.

    Args:
        hold_errors: whether rows in error and questions that nobody answered are held: their claims keep their last
            state.

    Raises:
        PermissionDenied: `actor` may not decide where the statement is.
        NotNow: it is not waiting for this decision.
        HasErrors: rows have errors and nobody decided to hold them.
        Unanswered: questions are open and nobody decided to hold what they are about.
    """
    statement = held(uid)
    access.require(actor, Permission.ARREARS_DECIDE, scope_id=statement.scope_id)
    if statement.state not in Statement.UNDECIDED:
        raise NotNow(state=STATES[statement.state])
    if not hold_errors:
        _check_decided(statement)
    statement.state = Statement.State.ACCEPTING
    statement.save(update_fields=["state"])
    words = Sentence(N_("Decided to enter {count} rows."), {"count": statement.summary["clean_rows"]})
    trace(statement, "arrears.statement_decided", words, actor)
    return statement


def _check_decided(statement: Statement) -> None:
    open_questions = list(queries.unanswered(statement).values_list("kind", "n"))
    in_doubt = {n for kind, n in open_questions if kind in DOUBTS}
    wrong = statement.rows.filter(has_error=True)
    if not in_doubt:
        # What was not sure hung on questions that are answered by now; it is looked at again when it is entered.
        wrong = wrong.exclude(proposal=Change.CONFLICT)
    if count := wrong.count():
        raise HasErrors(rows=count)
    if open_questions:
        raise Unanswered(count=len(open_questions))


@transaction.atomic
def accept(uid: UUID, *, actor: Appointment, progress: Meter = silent) -> Statement:
    """Post what a statement proposed: one posting, all or nothing. Run twice it does no harm.

    Rows in error are held: their claims keep their last state. Rows are compared again under a lock; where the ledger
    has moved so that something else would be posted than was shown, the statement is refused with its sentence.
    """
    statement = held(uid)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=statement.scope_id)
    if statement.state != Statement.State.ACCEPTING:
        return statement
    try:
        with transaction.atomic():
            return _enter(statement, actor, progress)
    except DomainError as refusal:
        return refuse(statement, refusal, actor=actor)


def _enter(statement: Statement, actor: Appointment, progress: Meter) -> Statement:
    ledger = _hold_ledger(statement.unit_id)
    check_day(statement)
    entering = _compare_again(statement, ledger)
    progress(0, len(entering.rows))
    added = 0
    if entering.is_something:
        # The posting's instant is taken now, after every claim is held: no later posting can be on them already.
        statement.posting = _open_posting(statement, actor)
        added = _post(statement, entering, statement.posting, progress)
    keep_stated(statement, [*stated_again(entering.rows), *no_longer_stated(entering.gone)])
    statement.state = Statement.State.ACCEPTED
    statement.summary |= {
        "held_rows": entering.held_rows,
        "held_claims": entering.held_claims,
        "entered": effect(entering.rows, entering.gone, ledger),
    }
    statement.save(update_fields=["state", "posting", "summary"])
    words = Sentence(
        N_("Entered {rows} rows: {transfers} transfers; {held} rows held."),
        {"rows": len(entering.rows), "transfers": added, "held": entering.held_rows},
    )
    trace(statement, "arrears.statement_accepted", words, actor)
    progress(len(entering.rows), len(entering.rows))
    return statement


def _hold_ledger(unit_id: int) -> list[KnownClaim]:
    """A reporter's claims, held to the end of the transaction."""
    hold_reporter(unit_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT arrears.hold_claims_of(%s)", [unit_id])
    return queries.known_claims(unit_id)


@dataclass(frozen=True, slots=True)
class _Entering:
    """What is entered of a statement.

    Args:
        rows: those that are not held, whether they change anything or not.
        gone: claims that vanished, of which a person decided that they are reduced.
        held_rows: rows whose claims keep their last state; in error, or not decided on.
        held_claims: claims that vanished and on which nobody decided so.
    """

    rows: Sequence[Compared]
    gone: Sequence[KnownClaim]
    held_rows: int
    held_claims: int
    renewals: Sequence[Renewal]
    """What rows say anew of known claims."""

    @property
    def posted(self) -> list[Compared]:
        """The rows that post something."""
        return [one for one in self.rows if one.proposal.moves]

    @property
    def is_something(self) -> bool:
        """Whether there is anything to post."""
        return bool(self.posted or self.renewals) or any(claim.still_owed > ZERO for claim in self.gone)


def _compare_again(statement: Statement, ledger: Sequence[KnownClaim]) -> _Entering:
    """What is to be entered: the same as was shown, and what was decided since.

    A row that has come true meanwhile, by another file or by hand, changes nothing any more.

    Raises:
        LedgerMoved: something else would be posted than was shown.
    """
    # Rows that wait for a person are matched too, or another row could take the claim of one.
    read = statement.rows.order_by("n").values_list("n", "values", "changes", "has_error", "proposal", "claim_id")
    kept_rows = list(read)
    comparable = [row for row in kept_rows if "accounts" in row[1]]
    decided = verdicts(statement)
    comparison = compare_all(
        [kept(row[0], row[1]) for row in comparable], ledger, as_of=statement.as_of, verdicts=decided
    )
    shown = {n: changes for n, _, changes, has_error, _, _ in comparable if not has_error}
    # What the sheet alone makes impossible stays out, whatever was decided on which claim it is.
    wrong = {n for n, _, _, has_error, proposal, _ in comparable if has_error and proposal != Change.CONFLICT}
    entered = [one for one in comparison.rows if not one.is_held and one.row.number not in wrong]
    _check_shown(comparison.rows, shown)
    named = frozenset(row[5] for row in kept_rows if row[5])
    gone = vanished(comparison, statement.coverage, named=named) if statement.mode == Statement.Mode.FULL else []
    accepted = [one.claim for one in gone if one.amount == ZERO or decided.get(one.key) is Verdict.ACCEPT]
    held_rows, held_claims = len(kept_rows) - len(entered), len(gone) - len(accepted)
    return _Entering(entered, accepted, held_rows, held_claims, renewals(entered))


def _check_shown(compared: Sequence[Compared], shown: Mapping[int, Mapping[str, int]]) -> None:
    """Let rows pass that change what was shown or nothing any more, or raise `LedgerMoved`."""
    now = [one for one in compared if one.row.number in shown]
    other = [
        one.row.number
        for one in now
        if one.is_undecided or (one.proposal.changes and changes_of(one) != shown[one.row.number])
    ]
    if other:
        raise LedgerMoved(rows=other)


def _open_posting(statement: Statement, actor: Appointment) -> Posting:
    is_opening = queries.latest_accepted_day(statement.unit_id) is None
    return audit.open_posting(
        actor=actor, kind="arrears.opening" if is_opening else "arrears.statement", scope_id=statement.scope_id,
        evidence_sha256=statement.file.sha256,
    )  # fmt: skip


def _post(statement: Statement, entering: _Entering, posting: Posting, progress: Meter) -> int:
    """Post what is entered, a good many rows at a time; returns the number of transfers."""
    posted = entering.posted
    scopes = _scopes(statement, {one.row.facts.department for one in posted if one.claim is None})
    added = 0
    for start in range(0, len(posted), STEP):
        some = posted[start : start + STEP]
        known, fresh = [one for one in some if one.claim], [one for one in some if one.claim is None]
        opened = _recognise(fresh, scopes, posting)
        keep_stated(
            statement,
            [
                StatedRow(moves.claim_id, moves.scope_id, one.row.number, one.row.stated, one.row.fingerprint)
                for moves, one in zip(opened, fresh, strict=True)
            ],
        )
        paid = [(moves, one.row.method) for moves, one in zip(opened, fresh, strict=True)]
        moves = state_payments([*go_on(known, posting), *paid], statement, posting)
        added += post_moves(moves, effective_on=statement.as_of, posting=posting)
        progress(start + len(some), len(posted))
    say_anew(entering.renewals, posting=posting)
    added += post_moves(reduce_vanished(entering.gone), effective_on=statement.as_of, posting=posting)
    return added


def _recognise(fresh: Sequence[Compared], scopes: dict[str, int], posting: Posting) -> list[ClaimMoves]:
    """Add the claims that the ledger does not have; returns the moves that open them."""
    ids = register.know((party for one in fresh for party in (one.row.debtor, one.row.creditor)), posting=posting)
    claims = [
        NewClaim(scopes[one.row.facts.department], ids[one.row.debtor.key], ids[one.row.creditor.key], one.row.facts)
        for one in fresh
    ]
    added = add_claims(claims, posting=posting)
    return [
        ClaimMoves(claim_id, claim.scope_id, one.proposal.moves)
        for claim_id, claim, one in zip(added, claims, fresh, strict=True)
    ]


def _scopes(statement: Statement, departments: set[str]) -> dict[str, int]:
    """The scope of each department named (主管部门): the reporter crossed with the department's line.

    Where no line is known by the name, or none is named, it is the reporter's own.
    """
    unit = units.unit_by_id(statement.unit_id, on=statement.as_of)
    lines = units.lines_by_unit_name(sorted(departments), on=statement.as_of)
    return {name: scope_of(unit.id, lines.get(name, unit.line_id)) for name in departments}
