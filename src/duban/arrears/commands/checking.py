"""Reading a received statement: what is wrong with it, and what entering it would do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from duban.arrears import queries
from duban.arrears.commands.comparing import Compared, Comparison, compare_all
from duban.arrears.commands.rows import LONGEST, kept, plain
from duban.arrears.commands.statement import check_day, held, refuse, trace
from duban.arrears.models import Statement
from duban.arrears.queries import KnownClaim
from duban.arrears.rules.statement import Change
from duban.arrears.sheet import LEDGER, LedgerReading, LedgerRow, read_ledger
from duban.audit.progress import Meter, silent
from duban.evidence import commands as evidence
from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.intake.queries import heading_map
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
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
        checked = _check(reading, queries.known_claims(statement.unit_id), as_of=statement.as_of)
    except DomainError as refusal:
        return refuse(statement, refusal, actor=actor)
    _keep_rows(statement, reading, checked, progress)
    _keep_findings(statement, checked.findings)
    statement.summary = _summary(statement, reading, checked)
    statement.state = Statement.State.CHECKED
    statement.save(update_fields=["summary", "state"])
    words = Sentence(
        N_("Checked {rows} rows; {errors} have errors."),
        {"rows": reading.row_count, "errors": statement.summary["error_rows"]},
    )
    trace(statement, "arrears.statement_checked", words, actor)
    return statement


@dataclass(frozen=True, slots=True)
class _Checked:
    """What came of reading and comparing.

    Args:
        values: of the rows without errors in the sheet, as they are kept, by row number.
        problems: findings made here, which hold their rows back, by row number.
        findings: all of them, the sheet's first.
    """

    values: Mapping[int, Mapping[str, object]]
    comparison: Comparison
    problems: Mapping[int, Finding]
    findings: Sequence[Finding]

    @property
    def compared(self) -> Sequence[Compared]:
        return self.comparison.rows

    @property
    def clean(self) -> list[Compared]:
        return [one for one in self.compared if one.row.number not in self.problems]


def _check(reading: LedgerReading, ledger: Sequence[KnownClaim], *, as_of: date) -> _Checked:
    values = {row.number: plain(row) for row in reading.rows}
    problems = {row.number: found for row in reading.rows if (found := _too_long(reading, row))}
    rows = [kept(number, of_row) for number, of_row in values.items()]
    comparison = compare_all(rows, ledger, as_of=as_of)
    problems |= {one.row.number: found for one in comparison.rows if (found := _undecided(reading, one))}
    return _Checked(values, comparison, problems, [*reading.findings, *problems.values()])


_TOO_LONG = N_("The text has {length} characters, and the ledger keeps {longest}. Shorten it; details go to the note.")


def _too_long(reading: LedgerReading, row: LedgerRow) -> Finding | None:
    """A finding on a text that the ledger cannot hold."""
    for name, longest in LONGEST.items():
        text = getattr(row, name) or ""
        if len(text) > longest:
            message = Sentence(_TOO_LONG, {"length": len(text), "longest": longest})
            return _error("M-length", reading, number=row.number, column=name, value=text[:longest], message=message)
    return None


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


def _undecided(reading: LedgerReading, one: Compared) -> Finding | None:
    """A finding on a row whose change a workbook alone cannot make."""
    number, change, stated = one.row.number, one.proposal.change, one.row.stated
    if one.question is not None:
        named = one.row.facts.ledger_no
        return _error("M-conflict", reading, number=number, column="ledger_no", value=named, message=one.question)
    if change not in _UNDECIDED:
        return None
    message = Sentence(_UNDECIDED[change], {"amount": str(abs(one.proposal.amount))})
    column, value = ("cleared", stated.cleared) if change is Change.WITHDRAWN else ("amount", stated.amount)
    return _error(f"M-{change.value}", reading, number=number, column=column, value=str(value), message=message)


def _error(rule: str, reading: LedgerReading, *, number: int, column: str, value: str, message: Sentence) -> Finding:
    sheet, cell = reading.where(number, column)
    return Finding(rule=rule, severity=Severity.ERROR, sheet=sheet, cell=cell, value=value, message=message)


# -- Keeping it -----------------------------------------------------------------------------------------------------


def _keep_rows(statement: Statement, reading: LedgerReading, checked: _Checked, progress: Meter) -> None:
    rows = [
        (
            one.row.number, checked.values[one.row.number],
            one.row.number in checked.problems, one.proposal.change.value, one.proposal.amount.fen,
            one.claim.claim_id if one.claim else None,
        )
        for one in checked.compared
    ]  # fmt: skip
    rows += [(row.number, _as_read(row), True, "", 0, None) for row in reading.held]
    for start in range(0, len(rows), STEP):
        numbers, values, errors, changes, amounts, claims = zip(*rows[start : start + STEP], strict=True)
        bulk.insert(
            "arrears_statementrow",
            {
                "statement_id": ("bigint", [statement.pk] * len(numbers)),
                "scope_id": ("bigint", [statement.scope_id] * len(numbers)),
                "n": ("int", numbers),
                "values": ("jsonb", values),
                "has_error": ("boolean", errors),
                "proposal": ("text", changes),
                "proposed": ("bigint", amounts),
                "claim_id": ("bigint", claims),
            },
        )
        progress(min(start + STEP, len(rows)), len(rows))


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


# -- Summing it up --------------------------------------------------------------------------------------------------


def _summary(statement: Statement, reading: LedgerReading, checked: _Checked) -> dict[str, object]:
    counts = {change.value: 0 for change in Change if change is not Change.NOTHING}
    sums = {change.value: ZERO for change in Change if change is not Change.NOTHING}
    for one in checked.compared:
        if one.proposal.change is not Change.NOTHING:
            counts[one.proposal.change.value] += 1
            sums[one.proposal.change.value] += abs(one.proposal.amount)
    if statement.mode == Statement.Mode.FULL:
        counts["vanished"], sums["vanished"] = _vanished(reading, checked)
    clean = checked.clean
    return {
        "rows": reading.row_count,
        "clean_rows": len(clean),
        "error_rows": len(reading.held) + len(checked.problems),
        "recognised_total": _sum(one.row.stated.amount for one in clean).fen,
        "cleared_total": _sum(one.row.stated.cleared for one in clean).fen,
        "opening": queries.latest_accepted_day(statement.unit_id) is None,
        "proposed": counts,
        "proposed_fen": {change: amount.fen for change, amount in sums.items()},
        "warnings": sum(found.severity is Severity.WARNING for found in checked.findings),
        "errors": sum(found.severity is Severity.ERROR for found in checked.findings),
    }


def _vanished(reading: LedgerReading, checked: _Checked) -> tuple[int, Money]:
    """Claims that the statement does not name, and what is still owed of them. A row in error is there all the same."""
    in_error = {str(row.values.get("ledger_no") or "") for row in reading.held}
    gone = [claim for claim in checked.comparison.vanished if claim.ledger_no not in in_error]
    return len(gone), _sum(claim.still_owed for claim in gone)


def _sum(amounts: Iterable[Money]) -> Money:
    return sum(amounts, ZERO)
