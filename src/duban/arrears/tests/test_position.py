from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests import make

from duban.arrears import commands
from duban.arrears.models import ClaimFact, ClaimNow, Transfer
from duban.arrears.queries.position import FutureInstant, PositionRow, added_up, newly_recognised, now, position
from duban.arrears.rules import position as rules
from duban.arrears.rules.accounts import HELD, MOVES, Account, Rule
from duban.arrears.rules.position import Dimension
from duban.arrears.tests.making import days_ago, enter, office, today
from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.audit.verify import verify
from duban.identity.models import Appointment, Scope
from duban.identity.rules import Role
from duban.identity.units import Kind
from duban.kernel.money import ZERO, Money

METHODS = {"reported", "cash", "instrument", "offset", "court", "reduced"}


@pytest.fixture
def leader(database: str) -> Appointment:
    """The leader of a city of two counties and two lines, whose claims moved at random on days of a year."""
    make.unit("City", kind=Kind.CITY)
    for line in ("housing", "health"):
        make.unit(f"{line} bureau", kind=Kind.BUREAU, under="City", line=line)
    rng = Random(20201123)  # noqa: S311 - chance that can be had again
    for county in ("East", "West"):
        clerk = office(county, under="City")
        enter(clerk, *(stated(rng, number) for number in range(12)), as_of=days_ago(300))
        later = {"ledger_no": "99", "amount": 3, "category": "货款"}
        enter(clerk, later, as_of=days_ago(200), mode="changes")
        for turn in range(60):
            move_something(clerk, rng)
            if turn == 30:
                fold()
    return make.appointment(Role.LEADER, of="City")


def fold() -> bool:
    """Add up what there is so far, as the worker does; the second time within the minute."""
    make.as_owner("UPDATE arrears_fold SET made_at = made_at - interval '1 hour'")
    return commands.fold_flows(at_least=1)


def stated(rng: Random, number: int) -> dict[str, Any]:
    return {
        "ledger_no": str(number),
        "amount": rng.choice([499_999, 500_000, 4_999_999, 5_000_000, 7]),
        "debtor_kind": rng.choice(["机关", "事业单位", None]),
        "category": rng.choice(["工程款", "货款", None]),
        "department": rng.choice(["housing bureau", "health bureau", None]),
        "due_on": days_ago(rng.choice([-400, 10, 365, 366, 1100, 2000])),
    }


def move_something(clerk: Appointment, rng: Random) -> None:
    """Move an amount of some claim on some day, or take one back; what the ledger does not let through is not done."""
    with make.acting(clerk) as actor, suppress(DatabaseError), transaction.atomic():
        claim = rng.choice(list(ClaimNow.objects.order_by("pk")))
        made = list(Transfer.objects.filter(claim=claim.pk, reverses=None, reversals=None).order_by("n"))
        if rng.random() < 0.4 and made:
            wrong: Transfer | None = rng.choice(made)
            assert wrong is not None
            source, destination, amount = wrong.destination, wrong.source, wrong.amount
        else:
            wrong, source = None, rng.choice(list(MOVES))
            destination, amount = rng.choice(sorted(MOVES[Account(source)])), Money(rng.randint(1, 1000))
        posting = audit.open_posting(actor=actor, kind="arrears.test", scope_id=claim.scope_id)
        Transfer.objects.create(
            claim_id=claim.pk, scope_id=claim.scope_id, posting=posting, recorded_at=posting.recorded_at,
            n=claim.transfers + 1, source=source, destination=destination, amount=amount, reverses=wrong,
            effective_on=days_ago(rng.randint(0, 320)),
        )  # fmt: skip


class Plainly:
    """The same answers by walking over every transfer and fact."""

    def __init__(self) -> None:
        self.transfers = list(Transfer.objects.order_by("claim_id", "n"))
        self.facts = list(ClaimFact.objects.order_by("claim_id", "n"))
        self.unit = dict(Scope.objects.values_list("pk", "unit__code"))
        self.line = {pk: line or "" for pk, line in Scope.objects.values_list("pk", "line__code")}

    def position(self, as_of: date, known_at: datetime, by: list[Dimension]) -> dict[tuple[str, ...], tuple[int, Any]]:
        held: dict[int, dict[str, int]] = {}
        scope = {}
        for transfer in self.transfers:
            if transfer.effective_on <= as_of and transfer.recorded_at <= known_at:
                of_claim = held.setdefault(transfer.claim_id, {})
                of_claim[transfer.source] = of_claim.get(transfer.source, 0) - transfer.amount.fen
                of_claim[transfer.destination] = of_claim.get(transfer.destination, 0) + transfer.amount.fen
                scope[transfer.claim_id] = transfer.scope_id
        facts = {fact.claim_id: fact for fact in self.facts if fact.recorded_at <= known_at}
        cells: dict[tuple[str, ...], tuple[set[int], dict[str, int]]] = {}
        for claim, accounts in held.items():
            for account, fen in accounts.items():
                if account != "recognised" and fen:
                    values = self.values(scope[claim], facts[claim], -accounts["recognised"], account, as_of)
                    claims, sums = cells.setdefault(tuple(values[name] for name in by), (set(), {}))
                    claims.add(claim)
                    sums[account] = sums.get(account, 0) + fen
        return {key: (len(claims), sums) for key, (claims, sums) in cells.items()}

    def values(self, scope: int, fact: ClaimFact, recognised: int, account: str, as_of: date) -> dict[Dimension, str]:
        return {
            Dimension.REGION: "",
            Dimension.UNIT: self.unit[scope],
            Dimension.LINE: self.line[scope],
            Dimension.KIND: fact.debtor_kind,
            Dimension.CATEGORY: fact.category,
            Dimension.AGE: age(fact.due_on, as_of),
            Dimension.SIZE: "<50" if recognised < 50_0000_00 else "50-500" if recognised < 500_0000_00 else ">=500",
            Dimension.METHOD: account if account in METHODS else "",
        }


def age(due_on: date | None, as_of: date) -> str:
    if due_on is None:
        return ""
    if due_on > as_of:
        return "not_due"
    bands = [(1, "<=1"), (3, "1-3"), (5, "3-5")]
    return next((band for years, band in bands if due_on.replace(year=due_on.year + years) >= as_of), ">5")


def as_cells(rows: list[PositionRow]) -> dict[tuple[str, ...], tuple[int, Any]]:
    return {
        tuple(row.keys.values()): (
            row.claims,
            {account.value: amount.fen for account, amount in row.balances.items() if amount != ZERO},
        )
        for row in rows
    }


BREAKDOWNS = [
    [], [Dimension.UNIT], [Dimension.LINE], [Dimension.UNIT, Dimension.LINE], [Dimension.REGION], [Dimension.KIND],
    [Dimension.CATEGORY], [Dimension.AGE], [Dimension.SIZE], [Dimension.METHOD],
    [Dimension.UNIT, Dimension.AGE, Dimension.METHOD], [Dimension.SIZE, Dimension.LINE, Dimension.KIND],
]  # fmt: skip


def test_a_position_is_the_plain_sum_on_any_day_at_any_instant_along_any_dimension(leader: Appointment) -> None:
    rng = Random(7)  # noqa: S311 - chance that can be had again
    with make.acting(leader) as actor:
        plainly = Plainly()
        assert sum(transfer.reverses_id is not None for transfer in plainly.transfers) > 3
        instants = sorted(Posting.objects.values_list("recorded_at", flat=True))
        for by in BREAKDOWNS:
            for _ in range(12):
                day = days_ago(rng.randint(0, 321))
                instant = rng.choice(instants) - timedelta(microseconds=rng.choice([0, 1]))
                found = position(actor=actor, as_of=day, known_at=instant, by=by)
                assert as_cells(found) == plainly.position(day, instant, by), (by, day, instant)
            live = position(actor=actor, as_of=today(), by=by)
            assert as_cells(live) == plainly.position(today(), instants[-1], by)


def test_what_moved_at_random_is_sound(leader: Appointment) -> None:
    with make.operator():
        verdict = verify()
        assert verdict.first is None


def test_claims_count_from_their_first_day_until_all_is_taken_back(database: str) -> None:
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 10}, {"ledger_no": "2", "amount": 20}, as_of=days_ago(50))

    def counts(*days: int) -> list[int]:
        with make.acting(clerk) as actor:
            return [added_up(position(actor=actor, as_of=days_ago(day))).claims for day in days]

    assert counts(51, 50, 0) == [0, 2, 2]
    add(clerk, "1", more, days=60)
    assert counts(61, 60, 51, 50, 0) == [0, 1, 1, 2, 2]
    add(clerk, "2", take_back, days=30)
    assert counts(61, 60, 50, 31, 30, 0) == [0, 1, 2, 2, 1, 1]
    add(clerk, "1", take_back, days=20)
    assert counts(50, 30, 20, 0) == [2, 1, 1, 1]
    with make.operator():
        assert verify().ok


def more(opened: Transfer) -> dict[str, Any]:
    return {"source": "recognised", "destination": "disputed", "amount": Money(1)}


def take_back(opened: Transfer) -> dict[str, Any]:
    return {"source": "undisputed", "destination": "recognised", "amount": opened.amount, "reverses": opened}


def add(clerk: Appointment, number: str, made: Callable[[Transfer], dict[str, Any]], *, days: int) -> None:
    with make.acting(clerk) as actor:
        claim = ClaimNow.objects.get(ledger_no=number)
        opened = Transfer.objects.get(claim=claim.pk, n=1)
        posting = audit.open_posting(actor=actor, kind="arrears.test", scope_id=claim.scope_id)
        Transfer.objects.create(
            claim_id=claim.pk, scope_id=claim.scope_id, posting=posting, recorded_at=posting.recorded_at,
            n=claim.transfers + 1, effective_on=days_ago(days), **made(opened),
        )  # fmt: skip


def test_nothing_in_sight_is_an_empty_position_without_rates(database: str) -> None:
    with make.acting(office()) as actor:
        for by in BREAKDOWNS:
            assert position(actor=actor, as_of=today(), by=by) == []
        total = added_up([])
    assert (total.claims, set(total.balances)) == (0, set(HELD))
    assert rules.rates(total.balances, Rule.C0).progress is None


def test_a_county_a_line_and_the_city_add_up_to_what_each_sees(leader: Appointment) -> None:
    with make.acting(leader) as actor:
        whole = {tuple(row.keys.values()): row for row in position(actor=actor, as_of=today(), by=[Dimension.LINE])}
    for line in ("housing", "health"):
        department = make.appointment(Role.DEPARTMENT, of=f"{line} bureau")
        with make.acting(department) as actor:
            assert position(actor=actor, as_of=today(), by=[Dimension.LINE]) == [whole[(line,)]]


def test_what_is_new_leaves_openings_out_and_is_seen_along_a_line(leader: Appointment) -> None:
    clerk = office("North", under="City")
    enter(clerk, {"ledger_no": "1", "amount": 10}, as_of=days_ago(9))
    added = {"ledger_no": "2", "amount": 5, "department": "housing bureau"}
    enter(clerk, {"ledger_no": "1", "amount": 10}, added, as_of=days_ago(8))
    department = make.appointment(Role.DEPARTMENT, of="housing bureau")
    for who, expected in ((clerk, "5.00"), (department, "5.00")):
        with make.acting(who) as actor:
            new = newly_recognised(actor=actor, since=days_ago(8), as_of=days_ago(8), known_at=now())
            assert str(new) == expected
    with make.acting(clerk) as actor:
        assert newly_recognised(actor=actor, since=days_ago(9), as_of=today()) == Money.of("5")
        assert newly_recognised(actor=actor, since=days_ago(7), as_of=today()) == ZERO


def test_what_will_be_known_cannot_be_asked(database: str) -> None:
    with make.acting(office()) as actor, pytest.raises(FutureInstant, match="Give an earlier instant"):
        position(actor=actor, as_of=today(), known_at=now() + timedelta(hours=1))


# -- Folds ------------------------------------------------------------------------------------------------------------


def test_the_two_latest_folds_are_kept(leader: Appointment) -> None:
    folds = make.as_owner("SELECT last_flow FROM arrears_fold ORDER BY 1")
    assert len(folds) == 2
    assert make.as_owner("SELECT DISTINCT fold_id FROM arrears_foldedflow ORDER BY 1") == folds


def test_a_position_takes_the_latest_fold_that_was_known(leader: Appointment) -> None:
    """Each fold is marked by an amount of its own, which tells where a position had it from."""
    [(first, known_first), (second, known_second)] = make.as_owner(
        "SELECT last_flow, recorded_until FROM arrears_fold ORDER BY 1"
    )
    instants = (known_first - timedelta(microseconds=1), known_first, known_second)
    right = [undisputed(leader, instant) for instant in instants]
    for fold, mark in ((first, 1_000_000_000), (second, 2_000_000_000)):
        make.as_owner(
            "UPDATE arrears_foldedflow SET amount = amount + %s WHERE account = 'undisputed' AND fold_id = %s"
            " AND scope_id = (SELECT min(scope_id) FROM arrears_foldedflow WHERE account = 'undisputed')", mark, fold,
        )  # fmt: skip
    marked = [undisputed(leader, instant) for instant in instants]
    assert [with_mark - without for with_mark, without in zip(marked, right, strict=True)] == [
        0, 1_000_000_000, 2_000_000_000,
    ]  # fmt: skip


def undisputed(leader: Appointment, known_at: datetime) -> int:
    with make.acting(leader) as actor:
        rows = position(actor=actor, as_of=today(), known_at=known_at, by=[Dimension.UNIT])
    return added_up(rows).balances[Account.UNDISPUTED].fen


def test_nothing_is_folded_twice_within_a_minute_nor_while_a_posting_is_open(leader: Appointment) -> None:
    assert not commands.fold_flows(at_least=1)  # within the minute
    make.as_owner("UPDATE arrears_fold SET made_at = made_at - interval '1 hour'")
    with make.operator() as actor:
        audit.open_posting(
            actor=actor, kind="arrears.test", scope_id=make.as_owner("SELECT id FROM identity_scope")[0][0]
        )
        assert not make.elsewhere(lambda: commands.fold_flows(at_least=0))
        transaction.set_rollback(True)


def test_verify_finds_a_fold_that_is_not_the_sum_of_its_flows(leader: Appointment) -> None:
    make.as_owner(
        "UPDATE arrears_foldedflow SET claims = claims + 1 WHERE account = 'recognised'"
        " AND fold_id = (SELECT max(fold_id) FROM arrears_foldedflow)"
    )
    with make.operator():
        first = verify().first
    assert first is not None
    assert (first.table, first.column) == ("arrears_foldedflow", "claims")
