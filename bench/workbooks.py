"""Workbooks, read and written: rows a second, and the memory of all processes together, beside what others use.

Needs no database. The workbooks are made first, always the same; each reader and writer then runs in a process of its
own, in turns, so that what else the machine does meets them alike.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.house import ROOT
from bench.ledger import SCHEMA, write_ledger
from bench.machine import family, machine, memory_mib, versions
from bench.workbook_tasks import WIDTH

SAMPLE_S = 0.05
MIB_IN_MB = 1.048576
LIBRARIES = ("python-calamine", "openpyxl", "pandas")


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured.

    Args:
        distinct: workbooks that are made; they are read over and over.
        peer_files: of the many, how many the slowest peer reads; its seconds are scaled, and the page says so.
    """

    files: int
    file_rows: int
    distinct: int
    peer_files: int
    rounds: int
    sheets: Sequence[int]
    written: Sequence[int]


WHOLE = Amount(
    files=100,
    file_rows=10_000,
    distinct=4,
    peer_files=8,
    rounds=4,
    sheets=(10_000, 50_000, 200_000),
    written=(10_000, 100_000, 1_000_000),
)
QUICK = Amount(
    files=8,
    file_rows=500,
    distinct=2,
    peer_files=4,
    rounds=2,
    sheets=(500, 1_000, 2_000),
    written=(1_000, 2_000, 5_000),
)


def measure(amount: Amount, *, load: float) -> dict[str, object]:
    """Measure all; `load` is that of the machine before anything of ours ran."""
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as folder:
        many = [_ledger(Path(folder), amount.file_rows, seed=seed) for seed in range(amount.distinct)]
        return {
            "date": date.today().isoformat(),  # noqa: DTZ011 - the day of this machine
            "machine": {**machine(), "load_before": round(load, 2)},
            "versions": versions(LIBRARIES),
            "columns": len(SCHEMA.columns),
            "width": WIDTH,
            "many": {
                "files": amount.files,
                "rows": amount.file_rows,
                "distinct": amount.distinct,
                "kib": many[0].stat().st_size // 1024,
                "by": _read_many(many, amount),
            },
            "sheets": [_read_one(Path(folder), rows) for rows in amount.sheets],
            "written": [_write_one(Path(folder), rows) for rows in amount.written],
        }


def _ledger(folder: Path, rows: int, *, seed: int) -> Path:
    path = folder / f"台账-{rows}-{seed}.xlsx"
    print(f"Making a ledger of {rows:,} rows …", flush=True)
    write_ledger(path, rows, seed=seed)
    return path


def _read_many(paths: Sequence[Path], amount: Amount) -> dict[str, dict[str, float]]:
    """Each reader reads a share of the files in each round."""
    readers = {"read_calamine": amount.files, "read_duban": amount.files, "read_pandas": amount.files}
    readers["read_openpyxl"] = amount.peer_files
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in readers}
    for _ in range(amount.rounds):
        for name, files in readers.items():
            share = files // amount.rounds
            runs[name].append(_run(name, [str(paths[place % len(paths)]) for place in range(share)]))
    return {name.removeprefix("read_"): _together(found) for name, found in runs.items()}


def _read_one(folder: Path, rows: int) -> dict[str, object]:
    path = _ledger(folder, rows, seed=99)
    names = ("read_calamine", "read_duban", "read_pandas", "read_openpyxl")
    by = {name.removeprefix("read_"): _together([_run(name, [str(path)])]) for name in names}
    return {"rows": rows, "kib": path.stat().st_size // 1024, "by": by}


def _write_one(folder: Path, rows: int) -> dict[str, object]:
    by: dict[str, dict[str, float]] = {}
    for name in ("duban", "openpyxl"):
        path = folder / f"{name}.xlsx"
        by[name] = _together([_run(f"write_{name}", [str(path), str(rows)])])
        by[name]["kib"] = path.stat().st_size // 1024
    return {"rows": rows, "by": by}


def _together(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    """Several runs as one: rows and seconds added, the highest peak."""
    rows, seconds = sum(run["rows"] for run in runs), sum(run["seconds"] for run in runs)
    peak = max(run["peak_mib"] for run in runs) * MIB_IN_MB
    return {"rows": rows, "seconds": round(seconds, 2), "rows_per_s": round(rows / seconds), "peak_mb": round(peak)}


def _run(task: str, arguments: Sequence[str]) -> dict[str, float]:
    """Run a task in a process of its own and watch the memory of that process and all it starts."""
    print(f"  {task} …", end=" ", flush=True)
    command = [sys.executable, "-m", "bench.workbook_tasks", task, *arguments]
    peak = 0.0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, memory_mib(family(process.pid)))
            time.sleep(SAMPLE_S)
        said = process.communicate()[0]
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, said)
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    # A peak between two looks is missed, but not where it is the process's own.
    found["peak_mib"] = max(peak, found.pop("own_peak_mib"))
    print(f"{found['rows'] / found['seconds']:,.0f} rows a second", flush=True)
    return found
