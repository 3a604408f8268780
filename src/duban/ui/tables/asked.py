"""What was asked of a table: order, page and filters, read from an address and written back into addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, QueryDict

from duban.ui.tables.made import PAGE_SIZES, Table

LAST_PAGE = 100_000
OWN = ("sort", "page", "size", "export")


@dataclass(frozen=True, slots=True)
class Ask:
    """A question put to a table. Odd values became the usual ones; an address is never a traceback.

    Args:
        page: from 1.
        wants_export: the answer should be the workbook of all that is listed, not a page.
    """

    path: str
    given: QueryDict
    sort: str
    descending: bool
    page: int
    page_size: int
    filters: Mapping[str, str | date | bool | None]
    wants_export: bool = False

    @classmethod
    def of(cls, request: HttpRequest, table: Table) -> "Ask":
        """Read the address of `request`."""
        return cls.read(request.GET, table, path=request.path)

    @classmethod
    def read(cls, given: QueryDict, table: Table, *, path: str = "") -> "Ask":
        """Read a query string."""
        order = _order(given.get("sort", ""), table) or table.sort
        size = given.get("size", "")
        return cls(
            path=path,
            given=given,
            sort=order.removeprefix("-"),
            descending=order.startswith("-"),
            page=_page(given.get("page", "")),
            page_size=int(size) if size in map(str, PAGE_SIZES) else table.page_size,
            filters={filter_.key: filter_.read(given.get(filter_.key)) for filter_ in table.filters},
            wants_export=given.get("export") == "xlsx",
        )

    def text(self, key: str) -> str:
        """What a search or a select is set to; empty for nothing."""
        value = self.filters[key]
        return value if isinstance(value, str) else ""

    def day(self, key: str) -> date | None:
        """The day a day filter is set to."""
        value = self.filters[key]
        return value if isinstance(value, date) else None

    def flag(self, key: str) -> bool:
        """Whether a flag is ticked."""
        return self.filters[key] is True

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * self.page_size

    @property
    def window(self) -> slice:
        """The rows of this page and one more, which tells whether there is a next page."""
        return slice(self.offset, self.offset + self.page_size + 1)

    def ordering(self, fields: Mapping[str, str], *, then: str = "pk") -> tuple[str, ...]:
        """For `order_by`: the database's name of the column asked for, then a tie-breaker that makes pages stable."""
        field = fields.get(self.sort)
        return (f"-{field}" if self.descending else field, then) if field else (then,)

    def link(self, **changes: object) -> str:
        """This question with some values changed; `None` takes one out."""
        values = self.given.copy()
        for name, value in changes.items():
            values.pop(name, None)
            if value is not None:
                values[name] = str(value)
        return f"{self.path}?{values.urlencode()}"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the filter form must carry along: everything but the filters and the page."""
        dropped = {"page", "export", *self.filters}
        return [(name, value) for name in self.given if name not in dropped for value in self.given.getlist(name)]

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter in the address differs from an untouched one."""
        return any(self.given.get(key) for key in self.filters)


def _order(asked: str, table: Table) -> str:
    sortable = {column.key for column in table.columns if column.sortable}
    return asked if asked.removeprefix("-") in sortable else ""


def _page(asked: str) -> int:
    return min(int(asked), LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 9 and int(asked) else 1
