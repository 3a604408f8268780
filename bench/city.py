"""The measured city: units and people by the commands that people use, claims set by set through the real triggers.

Nothing is switched off while it is filled: foreign keys, the refusals of the ledger and its projections all work, and
what they kept is proved afterwards by `duban.audit.verify`.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import connection as django_connection

from bench.house import Connection, owner

if TYPE_CHECKING:
    from duban.identity.models import Appointment

HERE = Path(__file__).parent
MONTHS = 12
LONG_AGO = date(2020, 1, 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
CITY, COUNTY, LINE = "bench", "bench-c01", "住建"
LINES = ("住建", "交通", "教育", "卫健", "水务", "农业")
CITY_OFFICE, COUNTY_OFFICE, DEPARTMENT = "city office", "county office", "city department"
BODIES = (("bureau", 24), ("park", 6), ("soe", 10))


@dataclass(frozen=True, slots=True)
class Size:
    """How large a city is. The tree is the same for all, so that only the number of claims grows."""

    claims: int
    counties: int = 15
    townships: int = 20

    @property
    def parties(self) -> int:
        """Enterprises and debtors: a fifth of the claims."""
        return max(self.claims // 5, 500)


def build(size: Size, *, today: date) -> None:
    """Fill a migrated, empty database."""
    _load_units(size)
    _make_scopes()
    _appoint()
    days = month_ends(today)
    with owner() as connection:
        _draw_plan(connection, size, today=today, begin=days[0])
        groups = connection.execute("SELECT DISTINCT grp FROM bench.scopes ORDER BY 1").fetchall()
    # Two at a time, as two imports would: claims of one reporter are entered in the order of their months.
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda group: _hand_in(group[0], days), groups))
    _tidy_up()
    _list_statements(days)
    with owner() as connection:
        connection.execute("DROP SCHEMA bench CASCADE")
        # What the worker of a house in use has done by now.
        connection.execute("SELECT arrears.fold_flows(1)")
        connection.execute("VACUUM (ANALYZE)")


def month_ends(today: date) -> list[date]:
    """The last days of the past twelve months."""
    ends = [today.replace(day=1) - timedelta(days=1)]
    while len(ends) < MONTHS:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]


def _load_units(size: Size) -> None:
    from duban.identity import commands
    from duban.identity.units import Kind, UnitRow

    rows = [UnitRow(0, CITY, "澜江市", Kind.CITY, "539900", "", "", ())]
    for county in range(1, size.counties + 1):
        code = f"{CITY}-c{county:02}"
        rows.append(UnitRow(0, code, f"第{county}县", Kind.COUNTY, f"5399{county:02}", CITY, "", ()))
        rows += [
            UnitRow(0, f"{code}-{town:02}", f"第{county}县第{town}镇", Kind.TOWNSHIP, f"5399{county:02}", code, "", ())
            for town in range(1, size.townships + 1)
        ]
    for kind, count in BODIES:
        rows += [
            UnitRow(0, f"{CITY}-{kind}{n:02}", f"市第{n}{kind}", Kind(kind), "539900", CITY, LINES[n % len(LINES)], ())
            for n in range(count)
        ]
    rows.append(UnitRow(0, f"{CITY}-office", "市清欠办", Kind.OFFICE, "539900", CITY, "", ()))
    with _operator() as actor:
        commands.load_units(rows, on=LONG_AGO, actor=actor)


def _make_scopes() -> None:
    """Cross regions with every line, as imports of theirs would by the departments that they name."""
    with owner() as connection:
        connection.execute(
            "INSERT INTO identity_scope (unit_id, line_id) SELECT u.unit_id, l.id FROM identity_unitversion u"
            " CROSS JOIN identity_line l WHERE u.kind IN ('county', 'township', 'park') ON CONFLICT DO NOTHING"
        )
    with _operator(), django_connection.cursor() as cursor:
        cursor.execute("SELECT identity.refresh_sight(NULL)")


def _appoint() -> None:
    from duban.identity import commands

    with _operator() as actor:
        for name, unit, role, line in (
            (CITY_OFFICE, f"{CITY}-office", "office", ""),
            (COUNTY_OFFICE, COUNTY, "office", ""),
            (DEPARTMENT, f"{CITY}-bureau00", "department", LINE),
        ):
            person = commands.appoint(name=name, unit_code=unit, role=role, line=line, on=LONG_AGO, actor=actor).person
            commands.set_first_password(person, actor=actor, must_change=False)


def _operator() -> AbstractContextManager["Appointment"]:
    from duban.cli.common import acting

    return acting(None)


def _draw_plan(connection: Connection, size: Size, *, today: date, begin: date) -> None:
    values = {"claims": size.claims, "parties": size.parties, "today": today, "begin": begin}
    _run(connection, (HERE / "city.sql").read_text(encoding="utf-8"), values)


def _run(connection: Connection, script: str, values: Mapping[str, object]) -> None:
    """Run a script statement by statement, with values written into it; none of ours has a semicolon in a text."""
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement.encode(), values)


def _hand_in(group: int, days: list[date]) -> None:
    """Enter twelve months of one reporter, each in a transaction of its own."""
    opening, *steps = (HERE / "city_month.sql").read_text(encoding="utf-8").split("\n--\n")
    with owner() as connection:
        for month, day in enumerate(days):
            # The ledger of a month comes in on the fifth of the next.
            recorded_at = datetime.combine(day + timedelta(days=5), time(9, group % 60), SHANGHAI)
            values: dict[str, object] = {"grp": group, "month": month, "day": day, "recorded_at": recorded_at}
            with connection.transaction():
                posting = connection.execute(opening.encode(), values).fetchone()
                values |= {"posting": posting[0] if posting else None}
                for step in steps:
                    connection.execute(step.encode(), values)


def _tidy_up() -> None:
    """Ids were given; what comes next counts on from them."""
    with owner() as connection:
        for table in ("register_party", "arrears_contract", "arrears_part", "arrears_claim"):
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))".encode()
            )


def _list_statements(days: list[date]) -> None:
    """A list of workbooks handed in, none of them read: what a measured page shows of them."""
    from duban.arrears.models import Statement
    from duban.evidence import commands as evidence

    with owner() as connection:
        reporters = connection.execute("SELECT reporter_id, min(scope_id) FROM bench.scopes GROUP BY 1").fetchall()
    with _operator() as actor:
        file = evidence.keep([b"-"], name="清欠台账.xlsx", scope_id=reporters[0][1], actor=actor)
    Statement.objects.using("owner").bulk_create(
        Statement(
            unit_id=unit, scope_id=scope, as_of=day, file_id=file.pk, state="received", appointment_id=actor.pk
        )
        for day, (unit, scope) in product(days, reporters)
    )  # fmt: skip
