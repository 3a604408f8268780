"""What row security costs inside the database: the pages' own queries, with the policies on and off, in turns.

Both run as the application role in an entered transaction and narrow to the same scopes; only the policies differ.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID

from django.db import connection
from django.utils import timezone
from psycopg import sql

from bench import city
from bench.house import owner, row_of, set_row_security
from duban.arrears.queries.claim import claim_on
from duban.arrears.queries.ledger import LedgerWish, ledger_count, ledger_page, ledger_totals
from duban.arrears.queries.position import Dimension, position
from duban.arrears.queries.progress import progress_table
from duban.identity import entry
from duban.identity.access import scopes_where
from duban.identity.models import Appointment
from duban.identity.rules import Permission

FIRST = slice(0, 50)
SLOW_S = 0.5
"""What takes longer than this is run once a round."""

Query = Callable[[Appointment], object]


@dataclass(frozen=True, slots=True)
class Case:
    """A query and who asks it."""

    name: str
    who: str
    ask: Query


@dataclass(slots=True)
class Times:
    """Milliseconds of one case, by whether the policies were on."""

    on: list[float] = field(default_factory=list)
    off: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, object]:
        """Medians and their ratio."""
        on, off = median(self.on), median(self.off)
        return {"on_ms": round(on, 2), "off_ms": round(off, 2), "ratio": round(on / off, 2), "runs": len(self.on)}


def measure(*, rounds: int) -> list[dict[str, object]]:
    """Ask every case with the policies on and off, in turns, and tell the medians."""
    persons = sessions()
    cases = _cases(timezone.localdate())
    times = {(case.name, case.who): Times() for case in cases}
    with owner() as boss:
        try:
            for turn in range(rounds):
                # Which of the two comes first changes, so that neither always meets the warmer cache.
                for on in (True, False) if turn % 2 == 0 else (False, True):
                    set_row_security(boss, on=on)
                    for case in cases:
                        taken = times[case.name, case.who]
                        (taken.on if on else taken.off).extend(_timed(case, persons[case.who]))
        finally:
            set_row_security(boss, on=True)
    return [{"query": case.name, "who": case.who, **times[case.name, case.who].summary()} for case in cases]


def sessions() -> Mapping[str, str]:
    """Tokens of those who look: the city's office, a county's, and a department of one line."""
    found = {}
    with owner() as boss:
        for name in (city.CITY_OFFICE, city.COUNTY_OFFICE, city.DEPARTMENT):
            person = row_of(boss, "SELECT id FROM identity_person WHERE name = %s", [name])[0]
            token = entry.open_session(person, agent="bench")
            if token is None:
                msg = f"The measured city has no {name}."
                raise RuntimeError(msg)
            found[name] = token
    return found


def _timed(case: Case, token: str) -> list[float]:
    """One run that is not counted, then three that are, or one where it is slow."""
    taken: list[float] = []
    with entry.entered(token) as actor:
        _ = actor.sight
        for run in range(4):
            begun = time.perf_counter()
            case.ask(actor)
            seconds = time.perf_counter() - begun
            if run or seconds > SLOW_S:
                taken.append(1000 * seconds)
            if seconds > SLOW_S:
                break
    return taken


def _cases(today: date) -> list[Case]:
    earlier = today.replace(day=1) - timedelta(days=100)
    known = timezone.make_aware(datetime.combine(earlier, datetime.min.time()))
    office, county, department = city.CITY_OFFICE, city.COUNTY_OFFICE, city.DEPARTMENT
    disputed = LedgerWish(unit=city.COUNTY, part="disputed", sort="open", descending=True)
    then = LedgerWish(as_of=earlier, sort="open", descending=True)
    largest, by_day = LedgerWish(sort="open", descending=True), LedgerWish(sort="due_on")
    uid = _some_claim()
    return [
        Case("progress table", office, lambda actor: progress_table(actor=actor, as_of=today)),
        Case("progress table", county, lambda actor: progress_table(actor=actor, as_of=today)),
        Case("ledger, first page, largest first", office, _page(largest)),
        Case("ledger, first page, largest first", county, _page(largest)),
        Case("ledger, first page, largest first", department, _page(largest)),
        Case("ledger, first page, longest due first", office, _page(by_day)),
        Case("ledger, disputed claims of a county", office, _page(disputed)),
        Case("ledger, count", office, lambda actor: ledger_count(largest, actor=actor)),
        Case("ledger, sums over a county", county, lambda actor: ledger_totals(largest, actor=actor)),
        Case("ledger of an earlier day, first page", county, _page(then)),
        Case("claim by its uid", office, lambda actor: claim_on(uid, as_of=today, actor=actor)),
        Case("sum over all transfers", office, _sum_of_transfers),
        Case(
            "position as known 100 days before this month",
            office,
            lambda actor: position(actor=actor, as_of=earlier, known_at=known, by=[Dimension.UNIT]),
        ),
        Case(
            "position by category", county, lambda actor: position(actor=actor, as_of=today, by=[Dimension.CATEGORY])
        ),
        Case(
            "position by category", office, lambda actor: position(actor=actor, as_of=today, by=[Dimension.CATEGORY])
        ),
    ]  # fmt: skip


def _page(wish: LedgerWish) -> Query:
    return lambda actor: ledger_page(wish, actor=actor, window=FIRST)


def _sum_of_transfers(actor: Appointment) -> object:
    with connection.cursor() as cursor:
        seen = scopes_where(actor, Permission.ARREARS_VIEW).having("scope_id")
        cursor.execute(
            sql.SQL("SELECT destination, sum(amount) FROM arrears_transfer WHERE {} GROUP BY destination").format(seen)
        )
        return cursor.fetchall()


def _some_claim() -> UUID:
    """A claim in the middle of the ledger."""
    with owner() as boss:
        middle = row_of(boss, "SELECT max(id) / 2 FROM arrears_claim")[0]
        uid: UUID = row_of(boss, "SELECT uid FROM arrears_claim WHERE id >= %s ORDER BY id LIMIT 1", [middle])[0]
    return uid
