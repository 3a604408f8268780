"""`duban workbook`: looking at workbooks, and guessing whose they are. Nothing enters any ledger."""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duban.cli.common import acting, answer, get_ready, say, set_up
from duban.cli.people import NoSuchFile
from duban.kernel.errors import DomainError
from duban.workbook import archive
from duban.workbook.naming import column_letters

if TYPE_CHECKING:
    from datetime import date

    from duban.workbook.guessing import UnitNames
    from duban.workbook.looked import Looked
    from duban.workbook.mapping import HeadingMap


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this module's commands."""
    workbook = commands.add_parser("workbook", help="读表").add_subparsers(required=True, metavar="WHAT")
    look = workbook.add_parser("read", help="what workbooks hold and what is wrong with them; enters nothing")
    look.add_argument("files", type=Path, nargs="+", metavar="FILE")
    look.add_argument("--schema", default="", metavar="CODE", help="the sheet to read them as; found out unless given")
    look.add_argument("--unit", default="", metavar="CODE", help="whose headings, as they were explained, to use")
    look.add_argument("--annotated", type=Path, metavar="OUT.xlsx", help="write the one workbook with its marks")
    look.add_argument("--as", dest="person")
    look.add_argument("--json", action="store_true")
    look.set_defaults(run=read, wrong_use=look.error)

    whose = workbook.add_parser("guess", help="whose workbooks are, and of which day")
    whose.add_argument("places", type=Path, nargs="+", metavar="FOLDER|ZIP|FILE")
    whose.add_argument("--as", dest="person")
    whose.add_argument("--json", action="store_true")
    whose.set_defaults(run=guess)


# -- read -------------------------------------------------------------------------------------------------------------


def read(asked: argparse.Namespace) -> int:
    """`duban workbook read FILE…`: each by itself; without `--unit` no database is needed."""
    if asked.annotated and len(asked.files) > 1:
        asked.wrong_use("--annotated takes one FILE")
    if asked.unit:
        get_ready()
    else:
        set_up()
    from duban.workbook import registry

    schemas = [registry.schema(asked.schema)] if asked.schema else registry.schemas()
    mappings = _mappings(asked, [schema.code for schema in schemas])
    reports = [_report(path, schemas, mappings, asked.annotated) for path in asked.files]
    if asked.json:
        answer({"files": reports})
    else:
        for report in reports:
            _tell(report)
    return 1 if any(_is_wrong(report, asked.schema) for report in reports) else 0


def _mappings(asked: argparse.Namespace, codes: Sequence[str]) -> "Mapping[str, HeadingMap]":
    if not asked.unit:
        return {}
    from django.utils import timezone

    from duban.identity.queries import unit_on
    from duban.intake.queries import heading_map

    with acting(asked.person):
        unit = unit_on(asked.unit, timezone.localdate())
        return {code: heading_map(unit.id, code) for code in codes}


def _report(
    path: Path, schemas: Sequence[Any], mappings: "Mapping[str, HeadingMap]", out: Path | None
) -> dict[str, Any]:
    from duban.workbook.annotated import write_annotated
    from duban.workbook.looking import look_at

    try:
        looked = look_at(path, name=path.name, schemas=schemas, mappings=mappings)
    except DomainError as refusal:
        return {"file": str(path), "refusal": str(refusal), "schema": None, "findings": []}
    if out:
        write_annotated(path, looked.findings, out, schemas=schemas)
    return {"file": str(path), "refusal": None, **_seen(looked)}


def _seen(looked: "Looked") -> dict[str, Any]:
    names = [column.name for column in looked.columns]
    return {
        "format": looked.format.value,
        "schema": looked.schema.code if looked.schema else None,
        "reason": str(looked.reason),
        "facts": [str(fact) for fact in looked.facts],
        "sheets": [{"name": sheet.name, "read": sheet.is_read, "says": str(sheet.said)} for sheet in looked.sheets],
        "headings": [
            {
                "sheet": heading.sheet,
                "cell": heading.cell,
                "heading": heading.text,
                "state": heading.fate.value,
                "column": heading.column or None,
                "reason": str(heading.reason) if heading.reason else None,
            }
            for heading in looked.headings
        ],
        "rows": [
            {
                "sheet": row.sheet,
                "row": row.number,
                "column": column_letters(row.left),
                "hidden": row.is_hidden,
                "error": row.has_error,
                "values": dict(zip(names, row.values, strict=True)),
            }
            for row in looked.rows
        ],
        "findings": [finding.as_json() for finding in looked.findings],
    }


def _is_wrong(report: Mapping[str, Any], schema: str) -> bool:
    has_errors = any(finding["severity"] == "error" for finding in report["findings"])
    is_other = bool(schema) and not any(sheet["read"] for sheet in report.get("sheets", ()))
    return bool(report["refusal"]) or has_errors or is_other


def _tell(report: Mapping[str, Any]) -> None:
    say(f"{report['file']}: {report['refusal'] or report['reason']}")
    for sheet in report.get("sheets", ()):
        say(f"  {sheet['name']}: {sheet['says']}")
    for finding in report["findings"]:
        say(f"  {finding['severity']:8} {finding['sheet']}!{finding['cell']} {finding['rule']}: {finding['message']}")


# -- guess ------------------------------------------------------------------------------------------------------------


def guess(asked: argparse.Namespace) -> int:
    """`duban workbook guess FOLDER|ZIP|FILE…`: whose each workbook is and of which day, with the reasons."""
    get_ready()
    from django.utils import timezone

    from duban.arrears.queries.deliveries import unit_names

    today = timezone.localdate()
    with acting(asked.person) as actor:
        units = unit_names(actor=actor, today=today)
    reports = [report for place in asked.places for report in _guesses(place, units, today)]
    if asked.json:
        answer({"files": reports})
    else:
        for report in reports:
            said = report["refusal"] or f"{report['unit_name'] or '—'} {report['as_of'] or '—'}  {report['reason']}"
            say(f"{report['file']}: {said}")
    return 1 if any(report["refusal"] for report in reports) else 0


def _guesses(place: Path, units: "Sequence[UnitNames]", today: "date") -> Iterator[dict[str, Any]]:
    """What is guessed of each workbook of a place; a refusal is told with its file, and the others go on."""
    try:
        if place.is_dir():
            for path in sorted(path for path in place.rglob("*") if archive.is_readable(path.as_posix())):
                yield _guess(path, str(path.relative_to(place.parent)), units, today)
        elif not place.is_file():
            raise NoSuchFile(path=place, reason="")
        elif archive.is_archive(place):
            for member in archive.unpack(place, name=place.name).members:
                with _unpacked(member) as path:
                    yield _guess(path, f"{place.name}/{member.name}", units, today)
        else:
            archive.check_kind(place, name=place.name)
            yield _guess(place, str(place), units, today)
    except DomainError as refusal:
        yield _refused(str(place), refusal)


@contextmanager
def _unpacked(member: archive.Member) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile() as file:
        for chunk in member.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)


def _guess(path: Path, name: str, units: "Sequence[UnitNames]", today: "date") -> dict[str, Any]:
    from duban.workbook.guessing import guess_day, guess_unit
    from duban.workbook.looking import clues_in

    try:
        clues = clues_in(path, name=name)
    except DomainError as refusal:
        return _refused(name, refusal)
    unit, day = guess_unit(clues, units), guess_day(clues, today=today)
    names = {known.code: known.name for known in units}
    return {
        "file": name,
        "refusal": None,
        "unit": unit.unit_code,
        "unit_name": names.get(unit.unit_code or ""),
        "reason": str(unit.reason),
        "confidence": unit.confidence,
        "rivals": list(unit.rivals),
        "as_of": day.day.isoformat() if day.day else None,
        "as_of_reason": str(day.reason),
    }


def _refused(name: str, refusal: DomainError) -> dict[str, Any]:
    nothing = dict.fromkeys(("unit", "unit_name", "reason", "as_of", "as_of_reason"))
    return {"file": name, "refusal": str(refusal), **nothing, "confidence": 0.0, "rivals": []}
