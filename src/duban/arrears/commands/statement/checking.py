"""Reading a received statement: what is wrong with it, and what entering it would do."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from duban.arrears import queries
from duban.arrears.commands.statement.checked import Checked
from duban.arrears.commands.statement.comparing import Compared, Question, changes_of, compare_all, vanished
from duban.arrears.commands.statement.questions import keep_questions
from duban.arrears.commands.statement.rows import LONGEST, KeptRow, kept, plain
from duban.arrears.commands.statement.steps import check_day, held, refuse, trace
from duban.arrears.commands.statement.summary import summarise
from duban.arrears.models import Statement
from duban.arrears.queries import KnownClaim
from duban.arrears.rules.asking import DOUBTS, Asked
from duban.arrears.rules.statement import Change
from duban.arrears.sheet import LEDGER, LedgerReading, LedgerRow, read_ledger
from duban.audit.progress import Meter, silent
from duban.evidence import commands as evidence
from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.intake.queries import heading_map
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO
from duban.kernel.words import N_, Sentence
from duban.postgres import bulk
from duban.workbook.findings import Finding, Severity, SheetRow

STEP = 2000
"""Rows kept between two signs of progress."""


@transaction.atomic
def check(uid: UUID, *, today: date, actor: Appointment, progress: Meter = silent) -> Statement:
    """Read a received statement, find what is wrong with it, and propose what accepting it would do.

    Run twice it does no harm: a statement that is past this step is left alone. A file that cannot be read at all is
    refused with its sentence.
    """
    statement = held(uid)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=statement.scope_id)
    if statement.state != Statement.State.RECEIVED:
        return statement
    try:
        check_day(statement)
        reading = read_ledger(
            evidence.path_of(statement.file.sha256), name=statement.file.name, as_of=statement.as_of, today=today,
            mapping=heading_map(statement.unit_id, LEDGER.code),
        )  # fmt: skip
        ledger = queries.known_claims(statement.unit_id)
        checked = _check(statement, reading, ledger)
    except DomainError as refusal:
        return refuse(statement, refusal, actor=actor)
    _keep_rows(statement, reading, checked, progress)
    _keep_findings(statement, checked.findings)
    # What was paid in full may leave the ledger; nobody is asked.
    gone = [one for one in checked.gone if one.amount > ZERO]
    able = [row for row in checked.compared if row.row.number not in checked.problems]
    keep_questions(statement, [*(one for row in able for one in row.questions), *gone])
    statement.summary = summarise(statement, reading, checked, ledger)
    statement.state = Statement.State.CHECKED
    statement.save(update_fields=["summary", "state"])
    words = Sentence(
        N_("Checked {rows} rows; {errors} have errors."),
        {"rows": reading.row_count, "errors": statement.summary["error_rows"]},
    )
    trace(statement, "arrears.statement_checked", words, actor)
    return statement


def _check(statement: Statement, reading: LedgerReading, ledger: Sequence[KnownClaim]) -> Checked:
    values = {row.number: plain(row) for row in reading.rows}
    rows = [kept(number, of_row) for number, of_row in values.items()]
    comparison = compare_all(rows, ledger, as_of=statement.as_of)
    problems = {row.number: found for row in reading.rows if (found := _too_long(reading, row))}
    for one in rows:
        if (found := _outside(reading, one, statement.coverage)) is not None:
            problems[one.number] = found
    named = _named(reading.held, comparison.missing)
    gone: list[Question] = []
    if statement.mode == Statement.Mode.FULL:
        named_ids = frozenset(claim.claim_id for claim in named.values())
        gone = vanished(comparison, statement.coverage, named=named_ids)
    told = [found for one in comparison.rows for found in _told(reading, one)]
    findings = [
        *reading.findings,
        *problems.values(),
        *told,
        *(_about_gone(reading, one) for one in gone if one.amount > ZERO),
    ]
    return Checked(values, comparison, named, problems, gone, findings)


def _named(held: Sequence[SheetRow], missing: Sequence[KnownClaim]) -> dict[int, KnownClaim]:
    """Which claim each row in error names: by its number, and the debtor or the creditor beside it."""
    by_number = {claim.ledger_no: claim for claim in missing if claim.ledger_no}
    found = {}
    for row in held:
        claim = by_number.get(str(row.values.get("ledger_no") or ""))
        names = {str(row.values.get(name) or "") for name in ("debtor_name", "creditor_name")}
        if claim is not None and names & {claim.debtor.name, claim.creditor.name}:
            found[row.number] = claim
    return found


_TOO_LONG = N_("The text has {length} characters, and the ledger keeps {longest}. Shorten it; details go to the note.")


def _too_long(reading: LedgerReading, row: LedgerRow) -> Finding | None:
    """A finding on a text that the ledger cannot hold."""
    for name, longest in LONGEST.items():
        text = getattr(row, name) or ""
        if len(text) > longest:
            message = Sentence(_TOO_LONG, {"length": len(text), "longest": longest})
            return _error("M-length", reading, number=row.number, column=name, value=text[:longest], message=message)
    return None


_OUTSIDE = N_(
    "The row is of {name} “{value}”, and the workbook was handed in for “{wanted}” alone. Leave the row out, or hand "
    "the workbook in for the whole ledger."
)
_COLUMN_OF = {"kind": "debtor_kind", "category": "category"}


def _outside(reading: LedgerReading, row: KeptRow, coverage: Mapping[str, str]) -> Finding | None:
    """A finding on a row that is not in the part of the ledger for which the workbook was handed in."""
    for key, column in _COLUMN_OF.items():
        value = getattr(row.facts, column)
        if key in coverage and value != coverage[key]:
            values = {"name": Sentence(_COVERED[key]), "value": value, "wanted": coverage[key]}
            message = Sentence(_OUTSIDE, values)
            return _error("M-coverage", reading, number=row.number, column=column, value=value, message=message)
    return None


_COVERED = {"kind": N_("debtor kind"), "category": N_("category")}
_LOWERED = N_(
    "The amount owed is {amount} lower than in the last statement. It is entered as a reduction (核减), never as paid."
)
_NEEDS_REASON = N_("{why} Entering it needs a reason and evidence, by someone other than who handed the workbook in.")


_ASKED_OF = {Asked.WITHDRAWN: ("M-withdrawn", "cleared"), Asked.RELABELLED: ("M-relabelled", "disputed")}


def _told(reading: LedgerReading, one: Compared) -> Iterator[Finding]:
    """What is to be said of a row beside the ledger: a question, an open one or not, and an amount that fell."""
    number, ledger_no, stated = one.row.number, one.row.facts.ledger_no, one.row.stated
    if one.waits is not None:
        yield _error("M-conflict", reading, number=number, column="ledger_no", value=ledger_no, message=one.waits)
    for question in one.questions:
        if question.asked in DOUBTS:
            is_match = question.asked is Asked.MATCH
            column, value = ("ledger_no", ledger_no) if is_match else ("amount", str(stated.amount))
            message = question.message
            yield _error("M-conflict", reading, number=number, column=column, value=value, message=message)
        else:
            rule, column = _ASKED_OF[question.asked]
            yield _warning(rule, reading, number=number, column=column, message=question.message)
    lowered = one.proposal.changes.get(Change.AMOUNT, ZERO)
    if lowered < ZERO:
        message = Sentence(_LOWERED, {"amount": -lowered})
        sheet, cell = reading.where(number, "amount")
        severity, value = Severity.WARNING, str(stated.amount)
        yield Finding(rule="M-amount", severity=severity, sheet=sheet, cell=cell, value=value, message=message)


def _about_gone(reading: LedgerReading, question: Question) -> Finding:
    why = Sentence(_NEEDS_REASON, {"why": question.message})
    value = question.claim.ledger_no
    return Finding(rule="M-vanished", severity=Severity.WARNING, sheet=reading.sheet, cell="", value=value, message=why)


def _warning(rule: str, reading: LedgerReading, *, number: int, column: str, message: Sentence) -> Finding:
    sheet, cell = reading.where(number, column)
    why = Sentence(_NEEDS_REASON, {"why": message})
    return Finding(rule=rule, severity=Severity.WARNING, sheet=sheet, cell=cell, value="", message=why)


def _error(rule: str, reading: LedgerReading, *, number: int, column: str, value: str, message: Sentence) -> Finding:
    sheet, cell = reading.where(number, column)
    return Finding(rule=rule, severity=Severity.ERROR, sheet=sheet, cell=cell, value=value, message=message)


# -- Keeping it -----------------------------------------------------------------------------------------------------


def _keep_rows(statement: Statement, reading: LedgerReading, checked: Checked, progress: Meter) -> None:
    rows = [
        (
            one.row.number, checked.values[one.row.number], checked.is_in_error(one),
            "" if one.row.number in checked.problems else _first(one), changes_of(one),
            one.claim.claim_id if one.claim else None,
        )
        for one in checked.compared
    ]  # fmt: skip
    for held_row in reading.held:
        claim = checked.named.get(held_row.number)
        rows.append((held_row.number, _as_read(held_row), True, "", {}, claim.claim_id if claim else None))
    for start in range(0, len(rows), STEP):
        numbers, values, errors, firsts, changes, claims = zip(*rows[start : start + STEP], strict=True)
        bulk.insert(
            "arrears_statementrow",
            {
                "statement_id": ("bigint", [statement.pk] * len(numbers)),
                "scope_id": ("bigint", [statement.scope_id] * len(numbers)),
                "n": ("int", numbers),
                "values": ("jsonb", values),
                "has_error": ("boolean", errors),
                "proposal": ("text", firsts),
                "changes": ("jsonb", changes),
                "claim_id": ("bigint", claims),
            },
        )
        progress(min(start + STEP, len(rows)), len(rows))


def _first(one: Compared) -> str:
    """What a row mainly changes."""
    return Change.CONFLICT.value if one.is_undecided else next((change.value for change in one.proposal.changes), "")


def _as_read(row: SheetRow) -> dict[str, str | None]:
    """A row in error, as it stands in the sheet."""
    return {name: None if value is None else str(value) for name, value in row.values.items()}


def _keep_findings(statement: Statement, findings: Sequence[Finding]) -> None:
    stored = [found.stored() for found in findings]
    texts = ("rule", "severity", "sheet", "cell", "value", "expected")
    bulk.insert(
        "arrears_finding",
        {
            "statement_id": ("bigint", [statement.pk] * len(stored)),
            "scope_id": ("bigint", [statement.scope_id] * len(stored)),
            "message": ("jsonb", [found["message"] for found in stored]),
            **{name: ("text", [found[name] for found in stored]) for name in texts},
        },
    )
