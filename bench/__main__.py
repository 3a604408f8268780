"""`python -m bench`: measure the house at every size and workbooks, and write `docs/reference/benchmarks.md`.

With `--quick` little of each is measured for a look: the report is printed, and nothing is kept in the repository.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from bench import report, workbooks
from bench.house import HOMES, ROOT

RESULTS = ROOT / "bench" / "results"
WORKBOOKS = RESULTS / "workbooks.json"
SIZES = (10_000, 100_000, 1_000_000)
PARTS = ("house", "workbooks")
PAGE = ROOT / "docs" / "reference" / "benchmarks.md"


def main() -> None:
    """Measure and report."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("--quick", action="store_true", help="a small amount of each, about a minute")
    asked.add_argument("--only", choices=PARTS, help="measure one part; workbooks need no database")
    asked.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of claims")
    asked.add_argument("--report", action="store_true", help="measure nothing, write the page from the results kept")
    given = asked.parse_args()
    load = os.getloadavg()[0]  # of others: nothing of ours runs yet
    parts = (given.only,) if given.only else PARTS
    if given.quick:
        print(_quick(parts, load=load))
        return
    if not given.report:
        _measure_all(parts, given.sizes, load=load)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    kept = WORKBOOKS if WORKBOOKS.exists() else None
    PAGE.write_text(report.page(sorted(RESULTS.glob("claims-*.json")), kept), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")


def _quick(parts: Collection[str], *, load: float) -> str:
    """Measure little of each part and return the page."""
    claims, books = HOMES / "quick.json", HOMES / "quick-workbooks.json"
    if "house" in parts:
        _measure(2_000, claims, townships=2, seconds=4, rounds=1, rows=500, load=load)
    if "workbooks" in parts:
        _measure_workbooks(workbooks.QUICK, books, load=load)
    return report.page([claims] if "house" in parts else [], books if "workbooks" in parts else None)


def _measure_all(parts: Collection[str], sizes: Collection[int], *, load: float) -> None:
    """Measure what the page is about, and keep it."""
    for claims in sizes if "house" in parts else ():
        # The largest is what the aims are about; the smaller ones show how cost grows.
        seconds = 30 if claims == max(sizes) else 10
        kept = RESULTS / f"claims-{claims}.json"
        _measure(claims, kept, townships=20, seconds=seconds, rounds=2, rows=10_000, load=load)
    if "workbooks" in parts:
        _measure_workbooks(workbooks.WHOLE, WORKBOOKS, load=load)


def _measure_workbooks(amount: workbooks.Amount, to: Path, *, load: float) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    result = workbooks.measure(amount, load=load)
    to.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _measure(claims: int, to: Path, **options: float) -> None:
    print(f"Measuring {claims:,} claims …", flush=True)
    to.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bench.measure", "--claims", str(claims), "--to", str(to)]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
