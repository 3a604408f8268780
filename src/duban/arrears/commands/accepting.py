"""Entering a checked statement: the decision, which a person takes, and the posting, which a worker does."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import connection, transaction

from duban.arrears import queries
from duban.arrears.commands.comparing import Compared, compare_all
from duban.arrears.commands.posting import ClaimMoves, NewClaim, add_claims, post_moves
from duban.arrears.commands.rows import kept
from duban.arrears.commands.settlements import state_many
from duban.arrears.commands.statement import STATES, check_day, held, refuse, trace
from duban.arrears.models import Statement
from duban.arrears.queries import KnownClaim
from duban.arrears.rules.settling import Method
from duban.arrears.rules.statement import POSTED, Change
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
REPORTER_LOCK = 7_030_202
"""With a unit's id, the advisory lock under which one statement of a reporter is entered at a time."""


class NotChecked(DomainError):
    """A statement that is not at the point where it can be accepted."""

    text = N_("This statement cannot be accepted now; it is: {state}. Open it again to see what it waits for.")

    def __init__(self, *, state: Sentence) -> None:
        super().__init__(state=state)


class HasErrors(DomainError):
    """A statement with rows in error, which nobody decided to hold."""

    text = N_(
        "{rows} rows have errors, so nothing was entered. Correct them and import the file again, "
        "or hold them: their claims then keep their last state."
    )

    def __init__(self, *, rows: int) -> None:
        super().__init__(rows=rows)


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
    """Decide to accept a checked statement; a worker posts it.

    Raises:
        NotChecked: it is not waiting for this decision.
        HasErrors: rows have errors and nobody decided to hold them.
    """
    statement = held(uid)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=statement.scope_id)
    if statement.state != Statement.State.CHECKED:
        raise NotChecked(state=STATES[statement.state])
    if statement.summary["error_rows"] and not hold_errors:
        raise HasErrors(rows=statement.summary["error_rows"])
    statement.state = Statement.State.ACCEPTING
    statement.save(update_fields=["state"])
    words = Sentence(N_("Decided to enter {count} rows."), {"count": statement.summary["clean_rows"]})
    trace(statement, "arrears.statement_decided", words, actor)
    return statement


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
    compared, count = _compare_again(statement, ledger)
    progress(0, count)
    added = 0
    if compared:
        # The posting's instant is taken now, after every claim is held: no later posting can be on them already.
        statement.posting = _open_posting(statement, actor)
        added = _post(statement, compared, statement.posting, progress)
    statement.state = Statement.State.ACCEPTED
    statement.save(update_fields=["state", "posting"])
    words = Sentence(N_("Entered {rows} rows: {transfers} transfers."), {"rows": count, "transfers": added})
    trace(statement, "arrears.statement_accepted", words, actor)
    progress(count, count)
    return statement


def _hold_ledger(unit_id: int) -> list[KnownClaim]:
    """A reporter's claims, held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [REPORTER_LOCK, unit_id])
        cursor.execute("SELECT arrears.hold_claims_of(%s)", [unit_id])
    return queries.known_claims(unit_id)


def _compare_again(statement: Statement, ledger: Sequence[KnownClaim]) -> tuple[list[Compared], int]:
    """What is to be posted, and how many rows are entered.

    A row that has come true meanwhile, by another file or by hand, is left out.

    Raises:
        LedgerMoved: something else would be posted than was shown.
    """
    # Rows that wait for a person are matched too, or another row could take the claim of one; only clean ones count.
    read = statement.rows.filter(values__has_key="accounts").order_by("n")
    rows = list(read.values_list("n", "values", "proposal", "proposed", "has_error"))
    shown = {n: (change, amount) for n, _, change, amount, has_error in rows if not has_error}
    compared = compare_all([kept(row[0], row[1]) for row in rows], ledger, as_of=statement.as_of).rows
    changed = [one for one in compared if one.row.number in shown and one.proposal.change is not Change.NOTHING]
    other = [
        one.row.number for one in changed if (one.proposal.change.value, one.proposal.amount) != shown[one.row.number]
    ]
    if other:
        raise LedgerMoved(rows=other)
    return [one for one in changed if one.proposal.change in POSTED], len(shown)


def _open_posting(statement: Statement, actor: Appointment) -> Posting:
    is_opening = queries.latest_accepted_day(statement.unit_id) is None
    return audit.open_posting(
        actor=actor, kind="arrears.opening" if is_opening else "arrears.statement", scope_id=statement.scope_id,
        evidence_sha256=statement.file.sha256,
    )  # fmt: skip


def _post(statement: Statement, compared: Sequence[Compared], posting: Posting, progress: Meter) -> int:
    """Post the rows, a good many at a time; returns the number of transfers."""
    scopes = _scopes(statement, {one.row.facts.department for one in compared if one.claim is None})
    added = 0
    for start in range(0, len(compared), STEP):
        some = compared[start : start + STEP]
        known, fresh = [one for one in some if one.claim], [one for one in some if one.claim is None]
        moves = [*_go_on(known), *_recognise(fresh, scopes, posting)]
        methods = [one.row.method for one in (*known, *fresh)]
        moves = _state_payments(moves, methods, statement, posting)
        added += post_moves(moves, effective_on=statement.as_of, posting=posting)
        progress(start + len(some), len(compared))
    return added


def _go_on(known: Sequence[Compared]) -> list[ClaimMoves]:
    """The moves on claims that the ledger has."""
    return [
        ClaimMoves(one.claim.claim_id, one.claim.scope_id, one.proposal.moves, one.claim.transfers)
        for one in known
        if one.claim
    ]


def _state_payments(
    moves: Sequence[ClaimMoves], methods: Sequence[Method], statement: Statement, posting: Posting
) -> list[ClaimMoves]:
    """Make what each row states as paid a payment of its own, so that it can be proved and confirmed."""
    paid = {at: amount for at, claim in enumerate(moves) if (amount := claim.reported) > ZERO}
    ids = state_many(
        [(moves[at].claim_id, moves[at].scope_id) for at in paid],
        [methods[at] for at in paid],
        list(paid.values()),
        statement_id=statement.pk,
        posting=posting,
    )
    settled = dict(zip(paid, ids, strict=True))
    return [replace(claim, settlement_id=settled.get(at)) for at, claim in enumerate(moves)]


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
