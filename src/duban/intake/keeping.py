"""What was seen of a workbook as JSON, and back: sentences keep their text and values, so they follow the reader."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from duban.kernel.words import Sentence
from duban.workbook.findings import sentence_from_stored, stored_sentence
from duban.workbook.looked import Fate, Heading, Looked, LookedColumn, SheetSeen

KEPT_ROWS = 20_000
"""Of a longer file so many rows are kept to be looked at, and beyond them those with an error."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a look beside its rows and findings.

    Args:
        rows, errors, warnings: all there were; of very long files not all are kept.
    """

    format: str
    schema: str
    reason: Sentence
    facts: list[Sentence]
    sheets: list[SheetSeen]
    headings: list[Heading]
    columns: list[LookedColumn]
    rows: int
    errors: int
    warnings: int


def storable(value: Any) -> Any:  # noqa: ANN401 - any JSON, of the kind that was given
    """JSON that PostgreSQL takes: a cell may hold characters that are no text there."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode(errors="replace").decode()
    if isinstance(value, Mapping):
        return {name: storable(held) for name, held in value.items()}
    return [storable(held) for held in value] if isinstance(value, list | tuple) else value


def stored(looked: Looked) -> dict[str, object]:
    """A look as JSON."""
    errors = sum(finding.severity == "error" for finding in looked.findings)
    return {
        "format": looked.format.value,
        "schema": looked.schema.code if looked.schema else "",
        "reason": stored_sentence(looked.reason),
        "facts": [stored_sentence(fact) for fact in looked.facts],
        "sheets": [
            {"name": sheet.name, "is_read": sheet.is_read, "said": stored_sentence(sheet.said)}
            for sheet in looked.sheets
        ],
        "headings": [
            asdict(heading) | {"reason": stored_sentence(heading.reason) if heading.reason else None}
            for heading in looked.headings
        ],
        "columns": [asdict(column) for column in looked.columns],
        "rows": len(looked.rows),
        "errors": errors,
        "warnings": len(looked.findings) - errors,
    }


def from_stored(kept: Mapping[str, Any]) -> Kept:
    """Read back what `stored` wrote."""
    return Kept(
        format=kept["format"],
        schema=kept["schema"],
        reason=sentence_from_stored(kept["reason"]),
        facts=[sentence_from_stored(fact) for fact in kept["facts"]],
        sheets=[SheetSeen(**{**sheet, "said": sentence_from_stored(sheet["said"])}) for sheet in kept["sheets"]],
        headings=[_heading(heading) for heading in kept["headings"]],
        columns=[LookedColumn(**column) for column in kept["columns"]],
        rows=kept["rows"],
        errors=kept["errors"],
        warnings=kept["warnings"],
    )


def _heading(kept: Mapping[str, Any]) -> Heading:
    reason = sentence_from_stored(kept["reason"]) if kept["reason"] else None
    return Heading(**{**kept, "fate": Fate(kept["fate"]), "reason": reason})
