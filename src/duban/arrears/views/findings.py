"""What was found in a statement: as a list, and as the workbook with its marks."""

from dataclasses import dataclass
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears.queries import imports as queries
from duban.arrears.sheet import LEDGER
from duban.arrears.words import label
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.intake.marked import marked_response
from duban.ui.components import Badge, Tone
from duban.ui.tables import Ask, Column, Kind, SelectFilter, Table
from duban.workbook.findings import Finding


def annotated(request: Request, uid: UUID) -> HttpResponseBase:
    """The workbook given back, with what was found marked in it."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    view = queries.statement(uid, actor=request.user, today=timezone.localdate())
    found = queries.findings(uid, actor=request.user)
    return marked_response(view.file_sha256, found, file_name=view.file_name, schemas=[LEDGER])


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding in the list."""

    cell: str
    rule: str
    severity: Badge
    value: str
    message: str
    expected: str


def findings_table() -> Table:
    """The columns of the list, and the way to narrow it."""
    return Table(
        id="findings",
        caption=_("Findings"),
        columns=[
            Column("cell", _("Cell"), phone="title", sortable=False),
            Column("severity", _("Severity"), Kind.BADGE, sortable=False),
            Column("message", _("What is wrong"), sortable=False),
            Column("value", _("As written"), sortable=False),
            Column("expected", _("Would be right"), sortable=False),
            Column("rule", _("Rule"), sortable=False, phone="hide"),
        ],
        filters=[
            SelectFilter("severity", _("Severity"), [("error", _("Error")), ("warning", _("Warning"))], every=_("All"))
        ],
        page_size=50,
    )


def wanted(found: list[Finding], ask: Ask) -> list[FindingLine]:
    """The findings asked for, as lines of the list."""
    severity = ask.text("severity")
    return [
        FindingLine(
            cell=f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet,
            rule=finding.rule,
            severity=Badge(
                label("severity", finding.severity.value), Tone.ALARM if finding.severity == "error" else Tone.WATCH
            ),
            value=finding.value,
            message=str(finding.message),
            expected=finding.expected,
        )
        for finding in found
        if not severity or finding.severity.value == severity
    ]
