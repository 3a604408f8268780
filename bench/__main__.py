"""`python -m bench`: measure every size and write `docs/reference/benchmarks.md`.

With `--quick` a small house is measured for a look: the report is printed, and nothing of it is kept in the repository.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from bench import report
from bench.house import HOMES, ROOT

RESULTS = ROOT / "bench" / "results"
SIZES = (10_000, 100_000, 1_000_000)
PAGE = ROOT / "docs" / "reference" / "benchmarks.md"


def main() -> None:
    """Measure and report."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("--quick", action="store_true", help="one small size, under a minute")
    asked.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of claims")
    asked.add_argument("--report", action="store_true", help="measure nothing, write the page from the results kept")
    given = asked.parse_args()
    load = os.getloadavg()[0]  # of others: nothing of ours runs yet
    if given.quick:
        result = HOMES / "quick.json"
        _measure(2_000, result, townships=2, seconds=4, rounds=1, rows=500, load=load)
        print(report.page([result]))
        return
    if not given.report:
        for claims in given.sizes:
            # The largest is what the aims are about; the smaller ones show how cost grows.
            seconds = 30 if claims == max(given.sizes) else 10
            _measure(
                claims,
                RESULTS / f"claims-{claims}.json",
                townships=20,
                seconds=seconds,
                rounds=2,
                rows=10_000,
                load=load,
            )
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(report.page(sorted(RESULTS.glob("claims-*.json"))), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")


def _measure(claims: int, to: Path, **options: float) -> None:
    print(f"Measuring {claims:,} claims …", flush=True)
    to.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bench.measure", "--claims", str(claims), "--to", str(to)]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
