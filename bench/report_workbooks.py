"""The part of the page of benchmarks that is about workbooks."""

from collections.abc import Sequence
from typing import Any

from bench.tables import as_table, circumstances, met, times

CALAMINE_TIMES, OPENPYXL_TIMES, WRITE_TIMES = 2, 8, 5
MANY_MB, ONE_MB, WRITE_MB = 600, 1_200, 700
NAMES = {
    "duban": "Duban: read, typed, checked",
    "calamine": "calamine: cells only",
    "pandas": "pandas: a frame",
    "openpyxl": "openpyxl read-only: cells only",
}
Result = dict[str, Any]


def workbooks(result: Result) -> str:
    """What was measured of workbooks, and which aims were met."""
    parts = ["## Workbooks", circumstances(result), _aims(result), _many(result), _sheets(result), _written(result)]
    return "\n\n".join(parts)


def _aims(result: Result) -> str:
    many, one, written = result["many"], result["sheets"][-1], result["written"][-1]
    rows = []
    for what, by, limit in (
        (f"{many['files']} workbooks", many["by"], MANY_MB),
        (f"one sheet of {one['rows']:,} rows", one["by"], ONE_MB),
    ):
        floor = times(by["calamine"]["rows_per_s"], by["duban"]["rows_per_s"])
        peer = times(by["duban"]["rows_per_s"], by["openpyxl"]["rows_per_s"])
        rows += [
            (f"{what}: ≤ {CALAMINE_TIMES} × the time of calamine", f"{floor:.2f} ×", met(floor <= CALAMINE_TIMES)),
            (f"{what}: ≥ {OPENPYXL_TIMES} × as fast as openpyxl", f"{peer:.1f} ×", met(peer >= OPENPYXL_TIMES)),
            (f"{what}: peak < {limit:,} MB", _mb(by["duban"]), met(by["duban"]["peak_mb"] < limit)),
        ]
    what, by = f"writing {written['rows']:,} rows", written["by"]
    peer = times(by["duban"]["rows_per_s"], by["openpyxl"]["rows_per_s"])
    rows += [
        (f"{what}: ≥ {WRITE_TIMES} × as fast as openpyxl", f"{peer:.1f} ×", met(peer >= WRITE_TIMES)),
        (f"{what}: peak < {WRITE_MB} MB", _mb(by["duban"]), met(by["duban"]["peak_mb"] < WRITE_MB)),
    ]
    return as_table(("aim", "measured", "met"), rows)


def _many(result: Result) -> str:
    many = result["many"]
    by = many["by"]
    seldom = by["openpyxl"]["rows"] // many["rows"]
    scaled = f" (openpyxl reads {seldom} of them)" if seldom < many["files"] else ""
    text = (
        f"### Reading many\n\n{many['files']} workbooks of {many['rows']:,} rows and {result['columns']} columns, "
        f"{many['kib']:,} KiB each: {many['distinct']} different ones, read over and over, in turns{scaled}. Duban "
        "reads through calamine, types every cell and runs the checks of the schema; the others only bring cells into "
        "memory. Each runs in a process of its own; memory is that of the process and all it starts, what they share "
        "divided among them."
    )
    rows = [
        (label, f"{by[name]['rows_per_s']:,}", f"{_times(by, name):.2f}", _mb(by[name]))
        for name, label in NAMES.items()
    ]
    return f"{text}\n\n{as_table(('reader', 'rows a second', 'time, calamine = 1', 'peak'), rows)}"


def _sheets(result: Result) -> str:
    sheets = result["sheets"]
    heads = ("reader", *(f"{one['rows']:,} rows" for one in sheets), "time, calamine = 1", "peak by size, MB")
    text = f"### Reading one sheet\n\nOne sheet of {result['columns']} columns at three sizes, rows a second."
    rows = [
        (
            label,
            *(f"{one['by'][name]['rows_per_s']:,}" for one in sheets),
            f"{_times(sheets[-1]['by'], name):.2f}",
            _peaks(sheets, name),
        )
        for name, label in NAMES.items()
    ]
    return f"{text}\n\n{as_table(heads, rows)}"


def _written(result: Result) -> str:
    written = result["written"]
    heads = ("writer", *(f"{one['rows']:,} rows" for one in written), "peak by size, MB", "largest file, MB")
    text = (
        f"### Writing\n\nA list of {result['width']} columns (texts, money, days, numbers) as an export writes it, "
        "with number formats, borders, a filter and what printing needs; openpyxl's write-only mode writes the bare "
        "values. Rows a second."
    )
    rows = [
        (
            name,
            *(f"{one['by'][key]['rows_per_s']:,}" for one in written),
            _peaks(written, key),
            round(written[-1]["by"][key]["kib"] * 1024 / 1_000_000, 1),
        )
        for key, name in (("duban", "Duban"), ("openpyxl", "openpyxl write-only"))
    ]
    return f"{text}\n\n{as_table(heads, rows)}"


def _times(by: Result, name: str) -> float:
    return times(by["calamine"]["rows_per_s"], by[name]["rows_per_s"])


def _peaks(sizes: Sequence[Result], name: str) -> str:
    return " / ".join(f"{one['by'][name]['peak_mb']:,}" for one in sizes)


def _mb(found: Result) -> str:
    return f"{found['peak_mb']:,} MB"
