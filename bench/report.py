"""Writes the page of benchmarks from the results kept."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench import report_workbooks
from bench.tables import as_table, circumstances, met, times

AIM_P95_MS = 200
AIM_RATIO = 1.3
Result = dict[str, Any]


def page(claims: Iterable[Path], workbooks: Path | None = None) -> str:
    """The whole page: results of the house by number of claims, sizes in rising order, and those of workbooks."""
    results = sorted((_read(path) for path in claims), key=lambda one: one["claims"])
    parts = [
        "# Benchmarks",
        "Written by `make bench`; do not edit. Speeds are aims, measured beside a peer in the same run; no test times.",
        *(_house(results) if results else ()),
    ]
    if workbooks is not None:
        parts.append(report_workbooks.workbooks(_read(workbooks)))
    return "\n\n".join(parts) + "\n"


def _read(path: Path) -> Result:
    result: Result = json.loads(path.read_text(encoding="utf-8"))
    return result


def _house(results: Sequence[Result]) -> list[str]:
    largest = results[-1]
    return [
        _circumstances(largest),
        _aims(largest),
        _pages(results),
        _each_page(largest),
        _queries(results),
        _imports(results),
        _houses(results),
    ]


def _circumstances(result: Result) -> str:
    database = result["database"]
    engine = f"PostgreSQL {database['postgresql']}, "
    return (
        f"{circumstances(result, also=engine)} Database, site, worker and generator "
        f"share the cores. The city has {database['scopes']:,} scopes at every size; its claims and transfers went "
        "through the ledger's own triggers, and `audit verify` found nothing wrong."
    )


# -- Aims -------------------------------------------------------------------------------------------------------------


def _aims(result: Result) -> str:
    on, off = result["pages"]["on"], result["pages"]["off"]
    p95, ratio = on["all"]["p95_ms"], times(on["all"]["p95_ms"], off["all"]["p95_ms"])
    rows = [
        (f"p95 of the mix of pages ≤ {AIM_P95_MS} ms", f"{p95:,.0f} ms", met(p95 <= AIM_P95_MS)),
        (f"p95 ≤ {AIM_RATIO} × the same pages without row security", f"{ratio:.2f} ×", met(ratio <= AIM_RATIO)),
    ]
    return "\n\n".join(
        [
            "## Aims",
            f"At {result['claims']:,} claims and {result['pages']['rate']} requests a second:",
            as_table(("aim", "measured", "met"), rows),
            _shortfall(result),
        ]
    )


def _shortfall(result: Result) -> str:
    on, off = result["pages"]["on"]["by_page"], result["pages"]["off"]["by_page"]
    slow = [f"{name} ({one['p95_ms']:,.0f} ms)" for name, one in on.items() if one["p95_ms"] > AIM_P95_MS]
    dear = [
        f"{name} ({ratio:.2f} ×)"
        for name, one in on.items()
        if (ratio := times(one["p95_ms"], off[name]["p95_ms"])) > AIM_RATIO
    ]
    queries = [
        f"{one['query']}, {one['who']} ({one['ratio']:.2f} ×)" for one in result["queries"] if one["ratio"] > AIM_RATIO
    ]
    said = [
        f"Pages whose own p95 is above {AIM_P95_MS} ms: {_listed(slow)}.",
        f"Pages whose p95 is more than {AIM_RATIO} × that without row security: {_listed(dear)}.",
        f"Queries that row security makes more than {AIM_RATIO} × dearer: {_listed(queries)}.",
    ]
    return "Where we fall short. " + " ".join(said)


def _listed(names: Sequence[str]) -> str:
    return "; ".join(names) or "none"


# -- Measures ---------------------------------------------------------------------------------------------------------


def _pages(results: Sequence[Result]) -> str:
    rows = []
    for result in results:
        for name, label in (("on", "with"), ("off", "without")):
            one = result["pages"][name]
            mix = one["all"]
            rows.append(
                (
                    f"{result['claims']:,}", label, f"{mix['requests']:,}", mix["errors"],
                    *(f"{mix[part]:,.0f}" for part in ("p50_ms", "p95_ms", "p99_ms", "max_ms")),
                    " / ".join(f"{p95:,.0f}" for p95 in one["p95_by_round"]),
                    f"{one['generator_cpu']:.3f}", f"{one['site_cpu']:.2f}", f"{one['database_cpu']:.2f}",
                    f"{one['site_memory_mib']:,}", f"{one['database_memory_mib']:,}",
                )
            )  # fmt: skip
    pages = results[-1]["pages"]
    text = (
        f"`duban serve` with {pages['workers']} workers, asked over 127.0.0.1 by an open-loop generator in a process "
        f"of its own: {pages['rate']} requests a second at random instants, latency counted from the instant at which "
        "a request was due. The peer is the same site and database with the policies of every table switched off; the "
        f"two take turns ({pages['rounds']} rounds of {pages['seconds']:.0f} s at the largest size) and get the same "
        "requests. Times in ms, processors in cores, memory in MiB (shared pages divided; the worker and PostgreSQL's "
        "buffers included)."
    )
    heads = (
        "claims", "row security", "requests", "errors", "p50", "p95", "p99", "max", "p95 by round", "generator CPU",
        "site CPU", "database CPU", "site memory", "database memory",
    )  # fmt: skip
    return f"## Pages\n\n{text}\n\n{as_table(heads, rows)}"


def _each_page(result: Result) -> str:
    on, off, start = result["pages"]["on"]["by_page"], result["pages"]["off"]["by_page"], result["pages"]["start"]
    rows = [
        (
            name, one["requests"], f"{one['p50_ms']:,.0f}", f"{one['p95_ms']:,.0f}", f"{off[name]['p50_ms']:,.0f}",
            f"{off[name]['p95_ms']:,.0f}", f"{times(one['p50_ms'], off[name]['p50_ms']):.2f}",
            f"{times(one['p95_ms'], off[name]['p95_ms']):.2f}", one["kib"],
        )
        for name, one in on.items()
    ]  # fmt: skip
    heads = ("page", "requests", "p50", "p95", "p50 without", "p95 without", "ratio p50", "ratio p95", "KiB")
    text = (
        f"Each page at {result['claims']:,} claims. From the command to the first answer of the site: "
        f"{start['until_sign_in_s']:.1f} s; the first progress table then {start['first_page_ms']:,.0f} ms, the next "
        f"{start['second_page_ms']:,.0f} ms."
    )
    return f"{text}\n\n{as_table(heads, rows)}"


def _queries(results: Sequence[Result]) -> str:
    text = (
        "The queries of the pages, in the application role, entered and narrowed as on the page; the peer has the "
        "policies switched off. Interleaved rounds, medians in ms. A ratio below 1 is noise. Without policies "
        "PostgreSQL spreads a large sum over both cores; with them it may not, because its workers do not know "
        "who entered."
    )
    rows = []
    for number, one in enumerate(results[-1]["queries"]):
        growth = [f"{result['queries'][number]['on_ms']:,.1f}" for result in results]
        rows.append((one["query"], one["who"], *growth, f"{one['off_ms']:,.1f}", f"{one['ratio']:.2f}"))
    heads = ("query", "who", *(f"{result['claims']:,} claims" for result in results), "without", "ratio")
    return f"## Row security in the database\n\n{text}\n\n{as_table(heads, rows)}"


def _imports(results: Sequence[Result]) -> str:
    text = (
        "One workbook of a reporter that has no claims yet, checked and entered (the peer, openpyxl, only reads its "
        "cells); then the same with 3 % of its claims paid further. Seconds, medians."
    )
    rows = [
        (
            f"{result['claims']:,}", f"{one['rows']:,}", f"{one['peer_read_s']:.1f}", f"{one['check_s']:.1f}",
            f"{one['accept_s']:.1f}", f"{one['rows_per_s']:,}",
            f"{times(one['check_s'] + one['accept_s'], one['peer_read_s']):.1f}",
            *(f"{one[name]:.1f}" if name in one else "—" for name in ("again_check_s", "again_accept_s")),
        )
        for result in results
        for one in (result["import"],)
    ]  # fmt: skip
    heads = (
        "claims in the ledger",
        "rows",
        "openpyxl reads",
        "check",
        "enter",
        "rows a second",
        "ratio to the peer",
        "check again",
        "enter again",
    )
    return f"## Taking in a workbook\n\n{text}\n\n{as_table(heads, rows)}"


def _houses(results: Sequence[Result]) -> str:
    rows = [
        (
            f"{result['claims']:,}", f"{result['database']['transfers']:,}", f"{result['database']['flows']:,}",
            f"{result['database']['mib']:,}", f"{result['made']['fill_s']:,.0f}", f"{result['made']['verify_s']:,.1f}",
        )
        for result in results
    ]  # fmt: skip
    text = (
        "Twelve months of claims entered set by set through the triggers, and `audit verify` over all of it. Seconds."
    )
    table = as_table(("claims", "transfers", "flows", "MiB", "fill", "verify"), rows)
    return f"## Filling and verifying\n\n{text}\n\n{table}"
