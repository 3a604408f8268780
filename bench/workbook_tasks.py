"""What is measured of workbooks, each run in a process of its own: `python -m bench.workbook_tasks NAME ARGUMENTS`.

The last line printed is JSON: rows handled, and seconds without start and imports.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from importlib import import_module
from operator import itemgetter
from pathlib import Path

from duban.kernel.money import Money

FIRMS = tuple(f"澜江宏达建筑工程有限公司第{number}分公司" for number in range(97))
TEXTS, AMOUNTS, DAYS = range(8), range(8, 14), range(14, 18)
WIDTH = 20


def read_duban(paths: Sequence[str]) -> int:
    """Read, typed and checked; two processes open files side by side, as the machine has two cores."""
    from bench.ledger import SCHEMA
    from duban.workbook.reader import read_sheets
    from duban.workbook.refusals import UnreadableWorkbook

    count = 0
    for sheet in read_sheets([(Path(path), path) for path in paths], SCHEMA, processes=2):
        if isinstance(sheet, UnreadableWorkbook):
            raise sheet
        count += len(sheet.rows)
    return count


def read_calamine(paths: Sequence[str]) -> int:
    """Read the cells: the floor, because Duban reads through it too."""
    from python_calamine import CalamineWorkbook

    return sum(len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) - 3 for path in paths)


def read_openpyxl(paths: Sequence[str]) -> int:
    """Read the cells."""
    from openpyxl.reader.excel import load_workbook

    count = 0
    for path in paths:
        book = load_workbook(path, read_only=True, data_only=True)
        count += sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) - 3
        book.close()
    return count


def read_pandas(paths: Sequence[str]) -> int:
    """Read into a frame with the types that pandas finds."""
    import pandas as pd

    return sum(len(pd.read_excel(path, engine="calamine", header=2)) for path in paths)


def write_duban(arguments: Sequence[str]) -> int:
    """Write with headings, number formats and a filter, as a list is exported."""
    from duban.workbook.export import Field, Table, write_table

    formats = ["General"] * 8 + ["#,##0.00"] * 6 + ["yyyy-mm-dd"] * 4 + ["#,##0", "0.00%"]
    fields = [Field(f"栏目{place}", itemgetter(place), number_format=code) for place, code in enumerate(formats)]
    path, count = arguments
    with Path(path).open("wb") as file:
        return write_table(file, Table(fields, title="台账"), _rows(int(count), Money))


def write_openpyxl(arguments: Sequence[str]) -> int:
    """Write with headings; the days get a format, because openpyxl gives them one by itself."""
    from openpyxl.workbook.workbook import Workbook

    path, count = arguments
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append([f"栏目{place}" for place in range(WIDTH)])
    for row in _rows(int(count), lambda fen: fen / 100):
        sheet.append(row)
    book.save(path)
    return int(count)


def _rows(count: int, money: Callable[[int], object]) -> Iterator[tuple[object, ...]]:
    """Eight texts, six amounts, four days, a number and a share; every fourth amount is blank."""
    first = date(2020, 1, 1)
    for number in range(count):
        yield (
            f"LJ{number:08}",
            *(FIRMS[(number + place) % len(FIRMS)] for place in TEXTS[1:]),
            *(money(number * 37 + place) if (number + place) % 4 else None for place in AMOUNTS),
            *(first + timedelta((number + place) % 2000) for place in DAYS),
            number,
            number % 997 / 997,
        )


TASKS: dict[str, tuple[Callable[[Sequence[str]], int], Sequence[str]]] = {
    "read_duban": (read_duban, ("bench.ledger", "duban.workbook.reader")),
    "read_calamine": (read_calamine, ("python_calamine",)),
    "read_openpyxl": (read_openpyxl, ("openpyxl",)),
    "read_pandas": (read_pandas, ("pandas", "python_calamine")),
    "write_duban": (write_duban, ("duban.workbook.export",)),
    "write_openpyxl": (write_openpyxl, ("openpyxl",)),
}
"""Each with what it imports, which is not part of its time."""


def main() -> None:
    """Run one task."""
    name, *arguments = sys.argv[1:]
    task, modules = TASKS[name]
    for module in modules:
        import_module(module)
    begun = time.perf_counter()
    rows = task(arguments)
    seconds = time.perf_counter() - begun
    print(json.dumps({"rows": rows, "seconds": seconds, "own_peak_mib": _own_peak_kib() / 1024}))


def _own_peak_kib() -> int:
    """The most this process ever had resident; `getrusage` would count what its parent had before it began."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
