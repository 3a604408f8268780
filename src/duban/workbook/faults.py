"""What is to be said about a cell: found by a check, shown to people, and kept to be shown again."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from duban.kernel.words import Sentence


class Severity(StrEnum):
    """An error holds its row back; a warning is to be read and lets the row pass."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on one cell.

    Args:
        rule: short and stable, such as "L04".
        cell: "G66", or "" when the remark is on the whole sheet.
        value: what stands in the cell.
        expected: what could stand there, when that can be said without words; else empty.
    """

    rule: str
    severity: Severity
    sheet: str
    cell: str
    value: str
    message: Sentence
    expected: str = ""

    def as_json(self) -> dict[str, str]:
        """The finding for whoever reads now: the message is in the reader's language."""
        return {**self._plain(), "message": str(self.message)}

    def stored(self) -> dict[str, object]:
        """The finding for a jsonb column: the message keeps its text and values, to be shown later in any language."""
        return {**self._plain(), "message": stored_sentence(self.message)}

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any]) -> Self:
        """Read back what `stored` wrote."""
        return cls(**{**kept, "severity": Severity(kept["severity"]), "message": sentence_from_stored(kept["message"])})

    def _plain(self) -> dict[str, str]:
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "sheet": self.sheet,
            "cell": self.cell,
            "value": self.value,
            "expected": self.expected,
        }


def stored_sentence(sentence: Sentence) -> dict[str, object]:
    """Write a sentence as JSON: ``{"text": …, "values": {…}}``; a value is a text or such a sentence."""
    return {
        "text": sentence.text,
        "values": {
            name: stored_sentence(value) if isinstance(value, Sentence) else str(value)
            for name, value in sentence.values.items()
        },
    }


def sentence_from_stored(kept: Mapping[str, Any]) -> Sentence:
    """Read back what `stored_sentence` wrote."""
    return Sentence(
        kept["text"],
        {
            name: sentence_from_stored(value) if isinstance(value, Mapping) else value
            for name, value in kept["values"].items()
        },
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check has to say about a column of a row; `ReadSheet.report` turns it into a finding with its cell."""

    rule: str
    column: str
    message: Sentence
    severity: Severity = Severity.ERROR
    expected: str = ""
