"""What the ledger forbids, the database forbids: to the application, and to the owner of the tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.utils import DatabaseError
from tests import make

from duban.arrears.models import ClaimNow, ClosedMonth
from duban.arrears.rules.accounts import CARRIED, MOVES, Account
from duban.arrears.rules.facts import FACTS, FactKind
from duban.arrears.tests import making
from duban.arrears.tests.making import days_ago, enter, office, today
from duban.audit import commands as audit
from duban.identity import entry
from duban.identity.models import Appointment, Unit

ROLES = ("default", "owner")
"""The application role, which row security binds, and the owner of the tables."""
OPENED, LATER = days_ago(40), days_ago(10)

Rows = list[dict[str, Any]]


class Books:
    """Three claims of one county, and an open transaction of one of the roles, which has entered as its clerk."""

    def __init__(self, clerk: Appointment, using: str) -> None:
        self.clerk, self.using = clerk, using
        self.first, self.second, self.third = (making.claim(clerk, number) for number in "123")
        self.token = make.session(clerk)

    @contextmanager
    def entered(self) -> Iterator[None]:
        with transaction.atomic(using=self.using):
            assert entry.enter(self.token, using=self.using) is not None
            yield

    def run(self, query: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as a cursor takes them
        with connections[self.using].cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def posting(self) -> tuple[Any, ...]:
        columns = "uid, kind, appointment_id, who, scope_id, reason, evidence_sha256"
        values = ["arrears.test", self.clerk.pk, "clerk", self.first.scope_id, "", ""]
        query = (
            f"INSERT INTO audit_posting ({columns}) VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s)"
            " RETURNING id, recorded_at"
        )
        return self.run(query, *values)[0]

    def insert(self, *given: dict[str, Any]) -> None:
        """Transfers in one statement; what one does not name is a sound second transfer of the first claim."""
        posting_id, recorded_at = self.posting()
        sound = {
            "claim_id": self.first.pk, "scope_id": self.first.scope_id, "posting_id": posting_id,
            "recorded_at": recorded_at, "n": 2, "source": "undisputed", "destination": "reported", "amount": 100,
            "value_on": None, "effective_on": LATER, "reverses_id": None,
        }  # fmt: skip
        rows = [{**sound, **row} for row in given]
        places = ", ".join(f"({', '.join(['%s'] * len(sound))})" for _ in rows)
        self.run(
            f"INSERT INTO arrears_transfer ({', '.join(sound)}) VALUES {places}",
            *(value for row in rows for value in row.values()),
        )


@pytest.fixture(params=ROLES)
def books(request: pytest.FixtureRequest, database: str) -> Books:
    clerk = office()
    enter(
        clerk,
        {"ledger_no": "1", "amount": 100},
        {"ledger_no": "2", "amount": 100},
        {"ledger_no": "3", "amount": 100, "cleared": 40},
        as_of=OPENED,
    )
    return Books(clerk, request.param)


def is_refused(books: Books, act: Callable[[], object], *, because: str = ".") -> None:
    with pytest.raises(DatabaseError, match=because), books.entered():
        act()


def test_a_sound_transfer_is_taken(books: Books) -> None:
    with books.entered():
        books.insert({})
    assert making.balances(books.clerk, "1") == {"undisputed": "99.00", "reported": "1.00"}


ADDED_ONLY = (
    "arrears_transfer", "arrears_claim", "arrears_claimfact", "arrears_contract", "arrears_part",
    "arrears_statementrow", "audit_posting", "audit_event", "evidence_file",
)  # fmt: skip


def test_rows_are_only_ever_added(books: Books) -> None:
    because = "permission denied" if books.using == "default" else "only ever added"
    for table, act in product(ADDED_ONLY, ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE")):
        is_refused(books, partial(books.run, act.format(table)), because=because)


def test_the_application_does_not_write_projections(books: Books) -> None:
    if books.using == "owner":
        pytest.skip("the owner may; `audit verify` tells")
    acts = "UPDATE {} SET scope_id = scope_id", "DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES"
    for table, act in product(("arrears_claimnow", "arrears_flow"), acts):
        is_refused(books, partial(books.run, act.format(table)), because="permission denied")


WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "an amount of nothing": ("positive_amount", {"amount": 0}),
    "an amount below zero": ("positive_amount", {"amount": -1}),
    "one account for both sides": ("allowed_move|two_accounts", {"source": "cash", "destination": "cash"}),
    "a direction that is not allowed": ("allowed_move", {"source": "reported", "destination": "disputed"}),
    "an account that there is not": ("allowed_move", {"source": "undisputed", "destination": "pocket"}),
    "more than the account holds": ("no_balance_is_below_zero", {"amount": 10001}),
    "a number that leaves a gap": ("without a gap", {"n": 3}),
    "a number that is taken": ("numbered", {"n": 1}),
    "a day that has not come": ("has not come", {"effective_on": today() + timedelta(days=1)}),
    "a day of the bank that has not come": ("has not come", {"value_on": today() + timedelta(days=1)}),
    "another instant than its posting's": ("recorded_with_its_posting|later posting", {"recorded_at": "2020-01-01"}),
    "a posting that there is not": ("recorded_with_its_posting", {"posting_id": 99999}),
    "a claim that there is not": ("in_its_claims_scope|without a gap", {"claim_id": 99999, "n": 1}),
}


def test_a_transfer_that_the_ledger_forbids_is_refused(books: Books) -> None:
    for because, row in WRONG.values():
        is_refused(books, partial(books.insert, row), because=because)
    assert making.balances(books.clerk, "1") == {"undisputed": "100.00"}


def test_a_transfer_in_another_scope_than_its_claim_is_refused(books: Books) -> None:
    with make.operator():
        other = Unit.objects.get(code="root").scopes.get().pk
    is_refused(books, lambda: books.insert({"scope_id": other}), because="in_its_claims_scope|row-level security")


def test_an_earlier_day_may_not_fall_below_zero_either(books: Books) -> None:
    backdated = {"effective_on": OPENED - timedelta(days=1)}
    is_refused(books, lambda: books.insert(backdated), because="below zero on some day")
    with books.entered():
        books.insert({"effective_on": OPENED})


def test_what_is_back_on_a_later_day_does_not_help_the_day_between(books: Books) -> None:
    with books.entered():
        books.insert({"source": "undisputed", "destination": "disputed", "amount": 10000, "effective_on": OPENED})
    with books.entered():
        books.insert({"n": 3, "source": "disputed", "destination": "undisputed", "amount": 10000})
    between = {"n": 4, "effective_on": LATER - timedelta(days=1)}
    is_refused(books, lambda: books.insert(between), because="below zero on some day")
    with books.entered():
        books.insert({"n": 4, "effective_on": LATER})


def test_today_is_the_day_in_shanghai(books: Books) -> None:
    shanghai = "(clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date"
    # From 16:00 in UTC it is the next day there; whatever zone a session asks for, the day is that of Shanghai.
    for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
        with books.entered():
            books.run(f"SET LOCAL TimeZone = '{zone}'")
            assert books.run(f"SELECT identity.today() = {shanghai}, identity.today()")[0] == (True, today())
    with books.entered():
        books.insert({"effective_on": today()})


def test_a_closed_month_takes_nothing_more(books: Books) -> None:
    with make.acting(books.clerk) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.closed", scope_id=books.first.scope_id)
        ClosedMonth.objects.create(scope_id=books.first.scope_id, month=LATER.replace(day=1), posting=posting)
    last = (LATER.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    for day in (LATER.replace(day=1), min(last, today()), OPENED):
        is_refused(books, partial(books.insert, {"effective_on": day}), because="month is closed")
    is_refused(books, lambda: books.run("DELETE FROM arrears_closedmonth"), because="permission denied|only ever added")


def test_a_month_is_named_by_its_first_day(books: Books) -> None:
    def close() -> None:
        posting_id, _ = books.posting()
        values = [books.first.scope_id, date(2026, 1, 2), posting_id]
        books.run("INSERT INTO arrears_closedmonth (scope_id, month, posting_id) VALUES (%s, %s, %s)", *values)

    is_refused(books, close, because="named_by_its_first_day")


def reversal(books: Books, **given: object) -> dict[str, Any]:
    """A sound reversal of a part of what was cleared of the third claim."""
    cleared = books.run("SELECT id FROM arrears_transfer WHERE claim_id = %s AND n = 2", books.third.pk)[0][0]
    sound = {
        "claim_id": books.third.pk,
        "n": 3,
        "source": "reported",
        "destination": "undisputed",
        "reverses_id": cleared,
    }
    return {**sound, **given}


def test_a_transfer_is_reversed_in_parts_up_to_what_was_moved(books: Books) -> None:
    with books.entered():
        books.insert(reversal(books, amount=1500))
        books.insert(reversal(books, n=4, amount=2500))
    assert making.balances(books.clerk, "3") == {"undisputed": "100.00"}
    with books.entered():
        books.insert({"claim_id": books.third.pk, "n": 5, "amount": 100})
    is_refused(books, lambda: books.insert(reversal(books, n=6, amount=1)), because="by no more than was moved")


def test_a_reversal_of_more_than_was_moved_is_refused_also_in_one_statement(books: Books) -> None:
    with books.entered():
        books.insert({"claim_id": books.third.pk, "n": 3, "amount": 3000})
    both = (4, 2500), (5, 2500)
    is_refused(
        books,
        lambda: books.insert(*(reversal(books, n=n, amount=amount) for n, amount in both)),
        because="by no more than was moved",
    )


def test_a_reversal_goes_back_on_the_same_claim_between_the_same_accounts(books: Books) -> None:
    def take_back(**wrong: object) -> None:
        books.insert(reversal(books, **wrong))

    of_another = {"claim_id": books.second.pk, "n": 2}
    for wrong in (of_another, {"source": "undisputed", "destination": "reported"}, {"destination": "cash"}):
        is_refused(books, partial(take_back, **wrong), because="goes back on the same claim")


def test_a_reversal_is_not_reversed(books: Books) -> None:
    with books.entered():
        books.insert(reversal(books))

    def act() -> None:
        back = books.run("SELECT id FROM arrears_transfer WHERE claim_id = %s AND n = 3", books.third.pk)[0][0]
        books.insert(reversal(books, n=4, source="undisputed", destination="reported", reverses_id=back))

    is_refused(books, act, because="goes back on the same claim")


def test_a_recognition_goes_back_only_as_a_reversal(books: Books) -> None:
    def opened() -> int:
        query = "SELECT id FROM arrears_transfer WHERE claim_id = %s AND n = 1"
        return int(books.run(query, books.first.pk)[0][0])

    back = {"source": "undisputed", "destination": "recognised", "amount": 10000}
    is_refused(books, lambda: books.insert(back), because="allowed_move")
    with books.entered():
        books.insert({**back, "reverses_id": opened()})
    assert making.balances(books.clerk, "1") == {}


def test_a_set_is_refused_as_a_whole(books: Books) -> None:
    sound = [{}, {"claim_id": books.second.pk}]
    for wrong in ({"amount": 10001}, {"n": 4}, {"destination": "court"}, {"effective_on": OPENED - timedelta(days=1)}):
        third = {"claim_id": books.third.pk, "n": 3, **wrong}
        is_refused(books, partial(books.insert, *sound, third))
    assert [making.balances(books.clerk, number) for number in "12"] == [{"undisputed": "100.00"}] * 2
    with books.entered():
        books.insert(*sound, {"claim_id": books.third.pk, "n": 3})


def test_the_numbers_of_a_claim_follow_the_instants_of_their_postings(books: Books) -> None:
    def act() -> None:
        posting_id, recorded_at = books.posting()
        books.insert({})
        books.insert({"n": 3, "posting_id": posting_id, "recorded_at": recorded_at})

    is_refused(books, act, because="a later posting is on the claim already")


SAID = [name for name, kind in FACTS.items() if kind is FactKind.TEXT and not name.startswith("law_")]


def test_versions_of_a_claim_have_no_gap_and_belong_to_it(books: Books) -> None:
    def add(**wrong: object) -> None:
        posting_id, recorded_at = books.posting()
        sound = {
            "claim_id": books.first.pk, "scope_id": books.first.scope_id, "posting_id": posting_id,
            "recorded_at": recorded_at, "n": 2, **dict.fromkeys(SAID, "x"),
        }  # fmt: skip
        row = {**sound, **wrong}
        books.run(
            f"INSERT INTO arrears_claimfact ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})", *row.values()
        )

    for wrong, because in (
        ({"n": 3}, "without a gap"),
        ({"n": 0}, "without a gap"),
        ({"n": 1}, "versions_of_a_claim_are_numbered"),
        ({"claim_id": 99999}, "in_its_claims_scope"),
        ({"recorded_at": "2020-01-01"}, "recorded_with_its_posting"),
    ):
        is_refused(books, partial(add, **wrong), because=because)
    with books.entered():
        add()
    with make.acting(books.clerk):
        now = ClaimNow.objects.get(pk=books.first.pk)
        assert (now.ledger_no, now.versions) == ("x", 2)


def test_another_unit_cannot_post_here(database: str) -> None:
    clerk = office("East")
    enter(clerk, {"ledger_no": "1", "amount": 100}, {"ledger_no": "2", "amount": 1}, {"ledger_no": "3", "amount": 1})
    books = Books(clerk, "default")
    books.token = make.session(office("West"))
    with pytest.raises(DatabaseError, match="row-level security"), books.entered():
        books.insert({})


@pytest.mark.parametrize("ground", [None, "moved", "discount"])
def test_the_table_of_moves_is_the_check_of_the_database(database: str, ground: str | None) -> None:
    """Every pair of accounts, and a name that is none, asked of both; a check that says nothing lets a row in."""
    names = [account.value for account in Account] + ["pocket"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint"
            " WHERE conname = 'a_transfer_follows_an_allowed_move'"
        )
        condition = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT source, destination, coalesce({condition}, true) FROM unnest(%s::text[]) source,"
            " unnest(%s::text[]) destination, (SELECT NULL::bigint AS reverses_id, %s::text AS ground) given",
            [names, names, ground],
        )
        found = {(source, destination): allowed for source, destination, allowed in cursor.fetchall()}
    expected = {
        (source, destination): destination in {move.value for move in MOVES.get(Account(source), frozenset())}
        if source != "pocket"
        else False
        for source, destination in product(names, names)
    }
    if ground == "moved":
        expected |= {(account.value, "recognised"): True for account in CARRIED}
    assert found == expected
