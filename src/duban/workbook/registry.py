"""The sheets that the house can read, by code. Each context registers its own when the application starts."""

from collections.abc import Sequence

from duban.kernel.errors import DomainError
from duban.kernel.words import N_
from duban.workbook.schema import SheetSchema

_schemas: dict[str, SheetSchema] = {}


class UnknownSchema(DomainError):
    """A code that no registered sheet has."""

    text = N_("There is no kind of sheet called {code}. Known are: {codes}.")

    def __init__(self, *, code: str, codes: Sequence[str]) -> None:
        super().__init__(code=code, codes=", ".join(codes))


def register(schema: SheetSchema) -> None:
    """Make a sheet known under its code; registered again, the later one counts."""
    _schemas[schema.code] = schema


def schemas() -> list[SheetSchema]:
    """All registered sheets, in the order of their codes."""
    return [_schemas[code] for code in sorted(_schemas)]


def schema(code: str) -> SheetSchema:
    """The sheet of a code.

    Raises:
        UnknownSchema: no context has registered it.
    """
    if code not in _schemas:
        raise UnknownSchema(code=code, codes=sorted(_schemas))
    return _schemas[code]
