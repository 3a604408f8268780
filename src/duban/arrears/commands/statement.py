"""What happens to a statement: received, checked, accepted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from duban.arrears import queries
from duban.arrears.commands.posting import ClaimMoves, FactValues, NewClaim, add_claims, post_moves
from duban.arrears.models import Finding, Statement, StatementRow
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.statement import POSTED, Change, Proposal, Stated, compare, opening
from duban.arrears.sheet import LedgerReading, LedgerRow, read_ledger
from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.audit.progress import Meter, silent
from duban.evidence import commands as evidence
from duban.identity import access
from duban.identity import queries as units
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence
from duban.register import commands as register
from duban.register.commands import Named
from duban.workbook.findings import Finding as Found
from duban.workbook.findings import Severity, stored_sentence

STEP = 500
"""Rows between two signs of progress."""


class FutureStatement(DomainError):
    """A statement of a day that has not come."""

    text = N_("The statement is of {as_of}, and today is {today}. Give the day at which the ledger stood.")

    def __init__(self, *, as_of: date, today: date) -> None:
        super().__init__(as_of=as_of, today=today)


class OlderStatement(DomainError):
    """A statement of a day before the latest accepted one."""

    text = N_(
        "A statement of {latest} is accepted already; this one is of {as_of}. "
        "Send the ledger as it stands now, of {latest} or later."
    )

    def __init__(self, *, as_of: date, latest: date) -> None:
        super().__init__(as_of=as_of, latest=latest)


class NotChecked(DomainError):
    """A statement that is not at the point where it can be accepted."""

    text = N_("This statement cannot be accepted now: it is {state}. Open it again to see what it waits for.")

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class HasErrors(DomainError):
    """A statement with rows in error, which nobody decided to hold."""

    text = N_(
        "{rows} rows have errors, so nothing was entered. Correct them and import the file again, "
        "or hold them: their claims then keep their last state."
    )

    def __init__(self, *, rows: int) -> None:
        super().__init__(rows=rows)


# -- Receive --------------------------------------------------------------------------------------------------------


@transaction.atomic
def receive(
    *,
    unit_code: str,
    as_of: date,
    today: date,
    name: str,
    content: Iterable[bytes],
    mode: str = "full",
    actor: Appointment,
) -> Statement:
    """Take a reporter's workbook in, as it is; reading it is a step of its own.

    Raises:
        UnknownUnit: there is no such reporter.
        PermissionDenied: `actor` may not report for it.
        FutureStatement: `as_of` has not come.
        FileTooLarge: nothing was kept.
    """
    unit = units.unit_on(unit_code, today)
    scope_id = scope_of(unit.id, None)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=scope_id)
    if as_of > today:
        raise FutureStatement(as_of=as_of, today=today)
    file = evidence.keep(content, name=name, scope_id=scope_id, actor=actor)
    statement = Statement.objects.create(
        unit_id=unit.id, scope_id=scope_id, as_of=as_of, mode=mode, file=file, appointment=actor
    )
    words = Sentence(N_("Received {file} of {unit} as of {as_of}."), {"file": file.name, "unit": unit.name, "as_of": as_of})
    _trace(statement, "arrears.statement_received", words, actor)
    return statement


# -- Check ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Compared:
    """A clean row beside the ledger."""

    row: LedgerRow
    proposal: Proposal
    claim_id: int | None = None


@transaction.atomic
def check(uid: UUID, *, today: date, actor: Appointment, progress: Meter = silent) -> Statement:
    """Read a received statement, find what is wrong with it, and propose what accepting it would do.

    Run twice it does no harm: a statement that is past this step is left alone. A file that cannot be read at all is
    refused with its sentence.
    """
    statement = _held(uid)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=statement.scope_id)
    if statement.state != Statement.State.RECEIVED:
        return statement
    try:
        reading = read_ledger(evidence.path_of(statement.file.sha256), as_of=statement.as_of, today=today)
        _check_day(statement)
    except DomainError as refusal:
        return _refuse(statement, refusal, actor)
    compared = _compare(statement, reading)
    problems = _undecided(reading, compared)
    _keep_rows(statement, reading, compared, problems, progress)
    findings = [*reading.findings, *problems.values()]
    _keep_findings(statement, findings)
    statement.summary = _summary(statement, reading, compared, problems, findings)
    statement.state = Statement.State.CHECKED
    statement.save(update_fields=["summary", "state"])
    words = Sentence(N_("Checked {rows} rows; {errors} have errors."), {"rows": reading.row_count, "errors": statement.summary["error_rows"]})
    _trace(statement, "arrears.statement_checked", words, actor)
    return statement


def _held(uid: UUID) -> Statement:
    """The statement, held for this transaction: a second worker waits here."""
    return Statement.objects.select_for_update(of=("self",)).select_related("file", "unit").get(uid=uid)


def _check_day(statement: Statement) -> None:
    latest = queries.latest_accepted_day(statement.unit_id)
    if latest and statement.as_of < latest:
        raise OlderStatement(as_of=statement.as_of, latest=latest)


@transaction.atomic
def refuse(uid: UUID, refusal: DomainError, *, actor: Appointment) -> Statement:
    """Keep the sentence for which a statement could not be entered; nothing of it was."""
    statement = _held(uid)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=statement.scope_id)
    return _refuse(statement, refusal, actor)


def _refuse(statement: Statement, refusal: DomainError, actor: Appointment) -> Statement:
    statement.state, statement.refusal = Statement.State.REFUSED, stored_sentence(refusal.sentence)
    statement.save(update_fields=["state", "refusal"])
    _trace(statement, "arrears.statement_refused", refusal.sentence, actor)
    return statement


def _compare(statement: Statement, reading: LedgerReading) -> list[_Compared]:
    """Each clean row beside the claim of the same number, debtor and creditor, if the ledger has one."""
    ours = queries.claims_by_key(statement.unit_id)
    ids = register.find(_parties(reading.rows))
    compared = []
    for row in reading.rows:
        debtor, creditor = ids.get(_debtor(row).key), ids.get(_creditor(row).key)
        known = ours.get((row.ledger_no, debtor, creditor)) if debtor and creditor else None
        stated = Stated({Account(part): amount for part, amount in row.accounts.items()}, row.cleared)
        proposal = compare(stated, known.balances) if known else opening(stated)
        compared.append(_Compared(row, proposal, known.claim_id if known else None))
    return compared


_UNDECIDED = {
    Change.AMOUNT: N_(
        "The amount owed differs by {amount} from the ledger. A recognised amount is corrected on the claim, with its "
        "reason; state the ledger's amount here, or hold the row."
    ),
    Change.SPLIT: N_(
        "{amount} stands in another part than in the ledger. A change between undisputed, disputed and judicial is "
        "made on the claim, with its evidence; state the ledger's parts here, or hold the row."
    ),
    Change.WITHDRAWN: N_(
        "{amount} less is stated as cleared than before. A payment is taken back on the claim, with its reason; state "
        "the earlier sum here, or hold the row."
    ),
}


def _undecided(reading: LedgerReading, compared: Sequence[_Compared]) -> dict[int, Found]:
    """Findings on rows whose change a workbook alone cannot make, by row number."""
    found = {}
    for one in compared:
        text = _UNDECIDED.get(one.proposal.change)
        if text is not None:
            message = Sentence(text, {"amount": str(one.proposal.amount)})
            found[one.row.number] = Found(
                rule=f"M-{one.proposal.change.value}", severity=Severity.ERROR, sheet=reading.sheet,
                cell=f"A{one.row.number}", value=one.row.ledger_no, message=message,
            )  # fmt: skip
    return found


def _keep_rows(
    statement: Statement,
    reading: LedgerReading,
    compared: Sequence[_Compared],
    problems: dict[int, Found],
    progress: Meter,
) -> None:
    rows = [
        StatementRow(
            statement=statement, scope_id=statement.scope_id, n=one.row.number, values=_plain(one.row),
            has_error=one.row.number in problems, proposal=one.proposal.change.value, proposed=one.proposal.amount,
            claim_id=one.claim_id,
        )
        for one in compared
    ]  # fmt: skip
    rows += [
        StatementRow(
            statement=statement, scope_id=statement.scope_id, n=row.number, has_error=True,
            values={name: None if value is None else str(value) for name, value in row.values.items()},
        )
        for row in reading.held
    ]  # fmt: skip
    for start in range(0, len(rows), STEP):
        StatementRow.objects.bulk_create(rows[start : start + STEP])
        progress(min(start + STEP, len(rows)), len(rows))


def _keep_findings(statement: Statement, findings: Sequence[Found]) -> None:
    Finding.objects.bulk_create(
        [Finding(statement=statement, scope_id=statement.scope_id, **found.stored()) for found in findings],
        batch_size=1000,
    )


def _plain(row: LedgerRow) -> dict[str, object]:
    """A clean row as JSON: amounts in 分, days in ISO."""
    values = {name: _json(getattr(row, name)) for name in row.__slots__ if name not in {"findings", "accounts", "extra"}}
    return {
        **values,
        "accounts": {part: amount.fen for part, amount in row.accounts.items() if amount != ZERO},
        "extra": dict(row.extra),
    }


def _json(value: object) -> object:
    if isinstance(value, Money):
        return value.fen
    return value if value is None or isinstance(value, int | str) else str(value)


def _summary(
    statement: Statement,
    reading: LedgerReading,
    compared: Sequence[_Compared],
    problems: dict[int, Found],
    findings: Sequence[Found],
) -> dict[str, object]:
    clean = [one for one in compared if one.row.number not in problems]
    counts = {change.value: 0 for change in Change if change is not Change.NOTHING}
    sums = {change.value: ZERO for change in Change if change is not Change.NOTHING}
    for one in compared:
        if one.proposal.change is not Change.NOTHING:
            counts[one.proposal.change.value] += 1
            sums[one.proposal.change.value] += abs(one.proposal.amount)
    if statement.mode == "full":
        seen = {one.claim_id for one in compared if one.claim_id} | _claims_held_back(statement, reading)
        gone = [claim for claim in queries.claims_by_key(statement.unit_id).values() if claim.claim_id not in seen]
        counts["vanished"], sums["vanished"] = len(gone), sum((claim.open for claim in gone), ZERO)
    return {
        "rows": reading.row_count,
        "clean_rows": len(clean),
        "error_rows": len(reading.held) + len(problems),
        "recognised_total": sum((one.row.amount for one in clean), ZERO).fen,
        "cleared_total": sum((one.row.cleared for one in clean), ZERO).fen,
        "opening": queries.latest_accepted_day(statement.unit_id) is None,
        "proposed": counts,
        "proposed_fen": {change: amount.fen for change, amount in sums.items()},
        "warnings": sum(found.severity is Severity.WARNING for found in findings),
        "errors": sum(found.severity is Severity.ERROR for found in findings),
    }


def _claims_held_back(statement: Statement, reading: LedgerReading) -> set[int]:
    """Claims whose row is there but in error: they did not vanish."""
    numbers = {str(row.values.get("ledger_no") or "") for row in reading.held}
    ours = queries.claims_by_key(statement.unit_id)
    return {claim.claim_id for (number, _, _), claim in ours.items() if number in numbers}


# -- Accept ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_to_accept(uid: UUID, *, hold_errors: bool, actor: Appointment) -> Statement:
    """Decide to accept a checked statement; a worker posts it.

    Raises:
        NotChecked: it is not waiting for this decision.
        HasErrors: rows have errors and nobody decided to hold them.
    """
    statement = _held(uid)
    _check_acceptable(statement, hold_errors=hold_errors, actor=actor)
    statement.state = Statement.State.ACCEPTING
    statement.save(update_fields=["state"])
    words = Sentence(N_("Decided to enter {count} rows."), {"count": statement.summary["clean_rows"]})
    _trace(statement, "arrears.statement_decided", words, actor)
    return statement


def _check_acceptable(statement: Statement, *, hold_errors: bool, actor: Appointment) -> None:
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=statement.scope_id)
    if statement.state != Statement.State.CHECKED:
        raise NotChecked(state=statement.state)
    if statement.summary["error_rows"] and not hold_errors:
        raise HasErrors(rows=statement.summary["error_rows"])


@transaction.atomic
def accept(uid: UUID, *, today: date, actor: Appointment, progress: Meter = silent) -> Statement:
    """Post what a statement proposes: one posting, all or nothing. Run twice it does no harm.

    Rows in error are held: their claims keep their last state. The comparison is made again under a lock, so that
    what has moved since the preview is seen.
    """
    statement = _held(uid)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=statement.scope_id)
    if statement.state != Statement.State.ACCEPTING:
        return statement
    with connection.cursor() as cursor:
        # One statement of a reporter at a time.
        cursor.execute("SELECT pg_advisory_xact_lock(7030202, %s)", [statement.unit_id])
    _check_day(statement)
    held = set(statement.rows.filter(has_error=True).values_list("n", flat=True))
    reading = read_ledger(evidence.path_of(statement.file.sha256), as_of=statement.as_of, today=today)
    rows = [row for row in reading.rows if row.number not in held]
    progress(0, len(rows))
    scopes = _scopes(statement, rows)
    is_opening = queries.latest_accepted_day(statement.unit_id) is None
    posting = audit.open_posting(
        actor=actor, kind="arrears.opening" if is_opening else "arrears.statement", scope_id=statement.scope_id,
        evidence_sha256=statement.file.sha256,
    )  # fmt: skip
    added = _post(statement, reading, rows, scopes, posting)
    statement.state, statement.posting = Statement.State.ACCEPTED, posting
    statement.save(update_fields=["state", "posting"])
    words = Sentence(N_("Entered {rows} rows: {transfers} transfers."), {"rows": len(rows), "transfers": added})
    _trace(statement, "arrears.statement_accepted", words, actor)
    progress(len(rows), len(rows))
    return statement


def _scopes(statement: Statement, rows: Sequence[LedgerRow]) -> dict[str, int]:
    """The scope of each department named (主管部门): the reporter crossed with the department's line."""
    unit = units.unit_by_id(statement.unit_id, on=statement.as_of)
    names = {row.department for row in rows if row.department}
    lines = units.lines_by_unit_name(sorted(names), on=statement.as_of)
    own = scope_of(unit.id, unit.line_id)
    return {"": own} | {name: scope_of(unit.id, lines[name]) if name in lines else own for name in names}


def _post(
    statement: Statement, reading: LedgerReading, rows: Sequence[LedgerRow], scopes: dict[str, int], posting: Posting
) -> int:
    ids = register.know(_parties(rows), posting=posting)
    ours = queries.claims_by_key(statement.unit_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT arrears.hold_claims(%s)", [[claim.claim_id for claim in ours.values()]])
    ours = queries.claims_by_key(statement.unit_id)
    fresh: list[tuple[NewClaim, Proposal]] = []
    moves: list[ClaimMoves] = []
    for row in rows:
        debtor, creditor = ids[_debtor(row).key], ids[_creditor(row).key]
        stated = Stated({Account(part): amount for part, amount in row.accounts.items()}, row.cleared)
        known = ours.get((row.ledger_no, debtor, creditor))
        proposal = compare(stated, known.balances) if known else opening(stated)
        if proposal.change not in POSTED:
            continue
        if known:
            moves.append(ClaimMoves(known.claim_id, known.scope_id, proposal.moves, known.transfers))
        else:
            scope_id = scopes[row.department or ""]
            fresh.append((NewClaim(scope_id, debtor, creditor, _facts(row)), proposal))
    new = [claim for claim, _ in fresh]
    for claim_id, (claim, proposal) in zip(add_claims(new, posting=posting), fresh, strict=True):
        moves.append(ClaimMoves(claim_id, claim.scope_id, proposal.moves))
    return post_moves(moves, effective_on=statement.as_of, posting=posting)


def _facts(row: LedgerRow) -> FactValues:
    return FactValues(
        ledger_no=row.ledger_no,
        debtor_name=row.debtor_name,
        creditor_name=row.creditor_name,
        debtor_kind=row.debtor_kind or "",
        creditor_kind=row.creditor_kind or "",
        category=row.category or "",
        project=row.project or "",
        contract_no=row.contract_no or "",
        department=row.department or "",
        signed_on=row.signed_on,
        due_on=row.due_on,
        note=row.note or "",
    )


def _debtor(row: LedgerRow) -> Named:
    return Named(row.debtor_name, str(row.debtor_uscc) if row.debtor_uscc else None)


def _creditor(row: LedgerRow) -> Named:
    return Named(row.creditor_name, str(row.creditor_uscc) if row.creditor_uscc else None)


def _parties(rows: Iterable[LedgerRow]) -> list[Named]:
    return [party for row in rows for party in (_debtor(row), _creditor(row))]


def _trace(statement: Statement, action: str, words: Sentence, actor: Appointment) -> None:
    subject = ("arrears.statement", str(statement.uid))
    audit.record(actor=actor, action=action, subject=subject, scope_id=statement.scope_id, words=words)
