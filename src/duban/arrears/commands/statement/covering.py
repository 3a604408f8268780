"""Of which part of a ledger a statement is (覆盖范围): the whole, or one line, debtor kind and category."""

from collections.abc import Callable, Mapping

from duban.arrears.sheet.columns import CATEGORIES, DEBTOR_KINDS
from duban.identity import queries as units
from duban.kernel.errors import DomainError
from duban.kernel.words import N_
from duban.workbook.schema import Choice


class UnknownCoverage(DomainError):
    """A part of the ledger that there is not."""

    text = N_(
        "The workbook cannot be of “{key}={value}” alone. Give line, kind or category, each with a code or name that "
        "the ledger knows, such as category=works."
    )

    def __init__(self, *, key: str, value: str) -> None:
        super().__init__(key=key, value=value)


def coverage(wanted: Mapping[str, str]) -> dict[str, str]:
    """The coverage as it is kept, with codes for names.

    Args:
        wanted: any of `line`, `kind` (of the debtor) and `category`, by code or by a name that a sheet may use.

    Raises:
        UnknownCoverage: a key or a value that the ledger does not know.
    """
    found = {key: _CODES.get(key, _no_code)(value) for key, value in wanted.items()}
    for key, code in found.items():
        if not code:
            raise UnknownCoverage(key=key, value=wanted[key])
    return found


def _of(choices: tuple[Choice, ...]) -> Callable[[str], str]:
    codes = {name: one.code for one in choices for name in (one.code, one.label, *one.aliases)}
    return lambda value: codes.get(value, "")


def _line(value: str) -> str:
    line = units.line_by_code(value)
    return line.code if line else ""


def _no_code(value: str) -> str:  # noqa: ARG001 - of a key that is none
    return ""


_CODES: Mapping[str, Callable[[str], str]] = {
    "line": _line, "kind": _of(DEBTOR_KINDS), "category": _of(CATEGORIES),
}  # fmt: skip
