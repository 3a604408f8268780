"""The speed of pages: the real server under an open-loop load, with row security on and off, in turns."""

import http.client
import json
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any

from django.conf import settings

from bench import city
from bench.house import ROOT, home_of, owner, row_security
from bench.load import Shot
from bench.machine import cpu_s, family, memory_mib
from bench.rowsecurity import sessions
from duban.postgres import processes
from duban.postgres.server import Server

RATE = 20
"""Requests a second."""
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the mix, and how often it is asked for."""

    name: str
    who: str
    path: str
    weight: int


PAGES = (
    Page("progress table, city", city.CITY_OFFICE, "/arrears/progress/", 15),
    Page("progress table, county", city.COUNTY_OFFICE, "/arrears/progress/", 10),
    Page("ledger, city", city.CITY_OFFICE, "/arrears/ledger/", 15),
    Page("ledger, one line", city.DEPARTMENT, "/arrears/ledger/", 10),
    Page("ledger, a county's disputed", city.CITY_OFFICE, f"/arrears/ledger/?unit={city.COUNTY}&part=disputed", 15),
    Page("claim", city.CITY_OFFICE, "/arrears/claims/{uid}/", 25),
    Page("imports", city.CITY_OFFICE, "/arrears/imports/", 10),
)


@dataclass(frozen=True, slots=True)
class Use:
    """Processor time and memory of a group of processes over a run."""

    cpu_s: float
    memory_mib: float


def measure(claims: int, *, seconds: float, rounds: int) -> dict[str, object]:
    """Load the site with the policies on and off, in turns, the same requests each time."""
    tokens, uids = sessions(), _some_uids()
    port = _free_port()
    runs: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    with _served(port) as (site, until_sign_in_s):
        start = {"until_sign_in_s": until_sign_in_s, **_first_answers(port, tokens)}
        _run(port, _shots(tokens, uids, seconds=4, seed=0))
        for turn in range(rounds):
            for on in (True, False):
                shots = _shots(tokens, uids, seconds=seconds, seed=turn + 1)
                with row_security(on=on):
                    _run(port, shots[: 2 * RATE])  # plans and caches of this state
                    runs[on].append(_watched(port, shots, site, _database(claims)))
    return {
        "rate": RATE,
        "seconds": seconds,
        "rounds": rounds,
        "workers": WORKERS,
        "start": start,
        "on": _summary(runs[True]),
        "off": _summary(runs[False]),
    }


# -- The load ---------------------------------------------------------------------------------------------------------


def _shots(tokens: Mapping[str, str], uids: Sequence[str], *, seconds: float, seed: int) -> list[Shot]:
    """Requests at random instants (exponential pauses), as independent people would send them."""
    rng = random.Random(seed)
    shots: list[Shot] = []
    at_s = rng.expovariate(RATE)
    while at_s < seconds:
        page = rng.choices(PAGES, [page.weight for page in PAGES])[0]
        cookie = f"{settings.SESSION_COOKIE}={tokens[page.who]}"
        shots.append(Shot(at_s, page.name, page.path.format(uid=rng.choice(uids)), cookie))
        at_s += rng.expovariate(RATE)
    return shots


def _some_uids() -> list[str]:
    with owner() as boss:
        rows = boss.execute(
            "SELECT uid FROM arrears_claim TABLESAMPLE bernoulli (100) ORDER BY uid LIMIT 500"
        ).fetchall()
    return [str(row[0]) for row in rows]


def _run(port: int, shots: list[Shot]) -> dict[str, Any]:
    plan = {"port": port, "shots": [asdict(shot) for shot in shots]}
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _watched(port: int, shots: list[Shot], site: int, database: int) -> dict[str, Any]:
    """A run, with what the site and the database used meanwhile."""
    before = {"site": cpu_s(family(site)), "database": cpu_s(family(database))}
    begun = time.perf_counter()
    run = _run(port, shots)
    run["wall_s"] = time.perf_counter() - begun
    for name, pid in (("site", site), ("database", database)):
        pids = family(pid)
        run[name] = {"cpu_s": cpu_s(pids) - before[name], "memory_mib": memory_mib(pids)}
    return run


def _summary(runs: list[dict[str, Any]]) -> dict[str, object]:
    hits = [hit for run in runs for hit in run["hits"]]
    wall = sum(run["wall_s"] for run in runs)
    return {
        "all": _spread(hits),
        "by_page": {page.name: _spread([hit for hit in hits if hit["page"] == page.name]) for page in PAGES},
        "p95_by_round": [_spread(run["hits"])["p95_ms"] for run in runs],
        "generator_cpu": round(sum(run["cpu_s"] for run in runs) / wall, 3),
        **{
            f"{name}_{what}": value
            for name in ("site", "database")
            for what, value in (
                ("cpu", round(sum(run[name]["cpu_s"] for run in runs) / wall, 2)),
                ("memory_mib", round(max(run[name]["memory_mib"] for run in runs))),
            )
        },
    }


def _spread(hits: list[dict[str, Any]]) -> dict[str, object]:
    ms = sorted(hit["ms"] for hit in hits)
    cuts = quantiles(ms, n=100, method="inclusive")
    return {
        "requests": len(hits),
        "errors": sum(hit["status"] != 200 for hit in hits),
        **{f"p{part}_ms": round(cuts[part - 1], 1) for part in (50, 95, 99)},
        "max_ms": round(ms[-1], 1),
        "kib": round(sum(hit["size"] for hit in hits) / len(hits) / 1024),
    }


# -- The server -------------------------------------------------------------------------------------------------------


@contextmanager
def _served(port: int) -> Iterator[tuple[int, float]]:
    """`duban serve` on a port of the loop-back interface; gives its process id and how long it took to answer."""
    command = [sys.executable, "-m", "duban.cli", "serve", "--port", str(port), "--workers", str(WORKERS)]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as site:
        try:
            while _get(port, "/sign-in/", "")[0] != 200:
                if site.poll() is not None or time.perf_counter() - begun > 60:
                    msg = "The site did not start."
                    raise RuntimeError(msg)
                time.sleep(0.02)
            yield site.pid, round(time.perf_counter() - begun, 2)
        finally:
            site.send_signal(signal.SIGTERM)
            site.wait(30)


def _first_answers(port: int, tokens: Mapping[str, str]) -> dict[str, object]:
    """How long the first progress table takes, on a worker that has answered nothing yet, and then the next."""
    cookie = f"{settings.SESSION_COOKIE}={tokens[city.CITY_OFFICE]}"
    first, second = (round(_get(port, "/arrears/progress/", cookie)[1], 1) for _ in range(2))
    return {"first_page_ms": first, "second_page_ms": second}


def _get(port: int, path: str, cookie: str) -> tuple[int, float]:
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return 0, 0.0
    finally:
        connection.close()
    return answer.status, 1000 * (time.perf_counter() - begun)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _database(claims: int) -> int:
    from duban.postgres.home import Home

    pid = processes.recorded_pid(Server(Home(home_of(claims))).data)
    if pid is None:
        msg = "The database is not running."
        raise RuntimeError(msg)
    return pid
