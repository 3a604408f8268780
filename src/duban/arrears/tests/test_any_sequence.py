"""Whatever people do to two claims, one act after another on any days: what has to hold, holds.

What is refused is refused by a rule, in a sentence: a refusal of the database would fail these tests.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import make

from duban.arrears import commands
from duban.arrears.commands import claim as acts
from duban.arrears.models import ClaimNow, Settlement, Transfer
from duban.arrears.queries.position import added_up, now, position
from duban.arrears.rules.accounts import CARRIED, HELD, Account
from duban.arrears.rules.acts import Cause, Ground
from duban.arrears.rules.settling import SETTLES_AS, WAITING, Method, Step
from duban.arrears.tests.making import days_ago, office, today
from duban.audit.models import Posting
from duban.audit.verify import verify
from duban.identity import entry
from duban.identity.models import Appointment
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.register.commands import Named

MANY = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DAYS = 6
numbers = count(1)


class Doing(NamedTuple):
    """One thing that somebody tries: by name, with an amount, so many days ago, on one of what there is."""

    name: str
    yuan: int
    ago: int
    pick: int


class House:
    """Two people of an office, and two claims between the same parties of which everything here is about."""

    def __init__(self, clerk: Appointment, second: Appointment) -> None:
        self.clerk, self.second = make.session(clerk), make.session(second)
        self.claims: list[int] = []

    def begin(self) -> None:
        """Two new claims: one half unsettled and half not due, one with a bill, a dispute and a court case."""
        self.claims = [self._claim(owed=50, estimated=50, due=-2), self._claim(owed=100, estimated=0, due=30)]
        done = [
            self.try_to(Doing(name, yuan, DAYS - 1, 1))
            for name, yuan in (("report", 30), ("dispute", 20), ("court", 15))
        ]
        assert all(done)

    def _claim(self, *, owed: int, estimated: int, due: int) -> int:
        with entry.entered(self.clerk) as actor:
            found = acts.recognise(
                unit_code="East", debtor=Named("甲局"), creditor=Named("乙公司"),
                facts={"ledger_no": f"N{next(numbers)}", "due_on": days_ago(due)}, owed=Money.of(owed),
                estimated=Money.of(estimated), act=self.act("recognise", DAYS), actor=actor,
            )  # fmt: skip
            return claim_of(found.uid)

    def act(self, name: str, ago: int) -> acts.Act:
        """An act with the papers that it needs; a few, because each is written to disk."""
        papers = [acts.Paper(role, f"{role}.pdf", [role.encode()]) for role in ROLES.get(name, "").split()]
        return acts.Act(days_ago(ago), today(), "材料齐全", papers=papers)

    def try_to(self, doing: Doing) -> bool:
        """Do it, unless a rule refuses it or there is nothing to do it to."""
        token = self.clerk if doing.name == "report" else self.second
        try:
            with entry.entered(token) as actor:
                DOINGS[doing.name](self, doing, actor)
        except (DomainError, NothingThere):
            return False
        return True

    def balances(self) -> dict[int, dict[Account, Money]]:
        with entry.entered(self.second):
            return {pk: held(ClaimNow.objects.get(pk=pk)) for pk in self.claims}


class NothingThere(Exception):
    """There is no payment, posting or account to do something to."""


def held(claim: ClaimNow) -> dict[Account, Money]:
    return {account: getattr(claim, account.value) for account in HELD}


def picked(among: Iterable[Any], doing: Doing) -> Any:  # noqa: ANN401 - one of them
    there = list(among)
    if not there:
        raise NothingThere
    return there[doing.pick % len(there)]


def on_claim(what: Callable[..., Any], house: House, doing: Doing, actor: Appointment, **given: Any) -> None:  # noqa: ANN401 - of the act
    what(claim_id=picked(house.claims, doing), act=house.act(doing.name, doing.ago), actor=actor, **given)


def amount(what: Callable[..., Any], house: House, doing: Doing, actor: Appointment, **given: Any) -> None:  # noqa: ANN401 - of the act
    on_claim(what, house, doing, actor, amount=Money.of(doing.yuan), **given)


def report(house: House, doing: Doing, actor: Appointment) -> None:
    method = picked(SETTLES_AS, doing)
    amount(acts.report_payment, house, doing, actor, method=method, voucher=acts.Voucher())


def pay(what: Callable[..., Any], house: House, doing: Doing, actor: Appointment) -> None:
    payment = picked(Settlement.objects.filter(claim_id__in=house.claims).order_by("pk"), doing)
    what(settlement=payment.uid, act=house.act(doing.name, doing.ago), actor=actor)


def split(house: House, doing: Doing, actor: Appointment) -> None:
    parts = {picked(CARRIED, doing): Money.of(doing.yuan)}
    on_claim(partial(keep_new, house, acts.split), house, doing, actor, parts=parts, ledger_no=f"N{next(numbers)}")


def reassign(house: House, doing: Doing, actor: Appointment) -> None:
    to = {"unit_code": "East", "debtor": Named(f"第{doing.pick % 3}公司"), "debtor_kind": ""}
    on_claim(partial(keep_new, house, acts.reassign), house, doing, actor, ledger_no=f"N{next(numbers)}", **to)


def keep_new(house: House, what: Callable[..., UUID], **given: Any) -> None:  # noqa: ANN401 - of the act
    house.claims.append(claim_of(what(**given)))


def claim_of(uid: UUID) -> int:
    return ClaimNow.objects.get(claim__uid=uid).claim_id


def other(what: Callable[..., Any], argument: str, house: House, doing: Doing, actor: Appointment) -> None:
    mine = picked(house.claims, doing)
    on_claim(what, house, doing, actor, **{argument: picked([pk for pk in house.claims if pk != mine], doing)})


def take_back(house: House, doing: Doing, actor: Appointment) -> None:
    entries = Transfer.objects.filter(claim_id__in=house.claims).values("posting_id")
    posting = picked(Posting.objects.filter(pk__in=entries).order_by("pk"), doing)
    acts.reverse_posting(posting=posting.uid, act=house.act(doing.name, doing.ago), actor=actor)


def move(house: House, doing: Doing, actor: Appointment) -> None:
    source, destination = list(Account)[doing.pick % 12], list(Account)[doing.yuan % 12]
    commands.move(
        claim_id=picked(house.claims, doing), source=source, destination=destination, amount=Money.of(doing.yuan),
        effective_on=days_ago(doing.ago), today=today(), reason="", actor=actor,
        ground=Ground.TWO_SIDED if destination is Account.REDUCED else None,
    )  # fmt: skip


def reverse(house: House, doing: Doing, actor: Appointment) -> None:
    wrong = picked(Transfer.objects.filter(claim_id__in=house.claims).order_by("pk"), doing)
    commands.reverse(transfer_id=wrong.pk, amount=Money.of(doing.yuan), effective_on=days_ago(doing.ago),
                     today=today(), reason="", actor=actor)  # fmt: skip


def settle(house: House, doing: Doing, actor: Appointment) -> None:
    on_claim(acts.settle, house, doing, actor, confirmed=Money.of(doing.yuan), due_on=days_ago(doing.pick % 9 - 4))


ROLES = {
    "recognise": "basis",
    "report": "voucher",
    "voucher": "voucher",
    "confirm": "creditor_confirmation",
    "dispute": "debtor_statement creditor_statement",
    "court": "court_paper",
    "court over": "court_paper",
    "enforce": "court_paper",
    "reduce": "agreement",
    "settle": "settlement",
    "split": "reconciliation",
    "merge": "reconciliation",
    "reassign": "creditor_consent",
    "duplicate": "comparison",
}
DOINGS: Mapping[str, Callable[[House, Doing, Appointment], object]] = {
    "report": report,
    "voucher": partial(pay, acts.show_voucher),
    "confirm": partial(pay, acts.confirm_payment),
    "deny": partial(pay, acts.deny_payment),
    "dishonour": partial(pay, acts.dishonour_payment),
    "dispute": partial(amount, acts.dispute, cause=Cause.QUALITY, expires_on=days_ago(-30)),
    "agree": partial(amount, acts.withdraw_dispute),
    "court": partial(amount, acts.go_to_court, source=Account.UNDISPUTED, case_number="(2026)1"),
    "court over": partial(amount, acts.come_back_from_court, destination=Account.DISPUTED),
    "enforce": partial(amount, acts.enforce),
    "reduce": partial(amount, acts.reduce, source=Account.UNDISPUTED, ground=Ground.DISCOUNT),
    "settle": settle,
    "split": split,
    "reassign": reassign,
    "merge": partial(other, acts.merge, "into"),
    "duplicate": partial(other, acts.mark_duplicate, "of"),
    "take back": take_back,
    "move": move,
    "reverse": reverse,
    "fall due": lambda _house, _doing, actor: commands.fall_due(today=today(), actor=actor),
}
doings = st.builds(Doing, st.sampled_from(sorted(DOINGS)), st.integers(1, 30), st.integers(0, DAYS), st.integers(0, 99))


@pytest.fixture
def house(database: str) -> House:
    return House(office(), make.appointment(of="East"))


def added(transfers: Iterable[Transfer]) -> dict[Account, Money]:
    balances = dict.fromkeys(Account, ZERO)
    for transfer in transfers:
        balances[Account(transfer.source)] -= transfer.amount
        balances[Account(transfer.destination)] += transfer.amount
    return balances


def transfers_of(claim_id: int) -> list[Transfer]:
    return list(Transfer.objects.filter(claim_id=claim_id).order_by("n"))


@MANY
@given(st.lists(doings, min_size=1, max_size=10))
def test_any_sequence_of_acts_keeps_every_balance_on_every_day(house: House, sequence: list[Doing]) -> None:
    house.begin()
    for doing in sequence:
        house.try_to(doing)
    with entry.entered(house.second):
        for claim_id in house.claims:
            moved = transfers_of(claim_id)
            for day in {transfer.effective_on for transfer in moved}:
                until = added(transfer for transfer in moved if transfer.effective_on <= day)
                assert min(until[account] for account in HELD) >= ZERO, (day, until)
                assert sum(until.values(), ZERO) == ZERO
            random.shuffle(moved)
            in_any_order = added(moved)
            assert {account: in_any_order[account] for account in HELD} == held(ClaimNow.objects.get(pk=claim_id))
        check_payments(house)
    with make.operator():
        assert verify().first is None


def check_payments(house: House) -> None:
    """Where each payment stands, its transfers left its amount, and nowhere else."""
    for payment in Settlement.objects.filter(claim_id__in=house.claims):
        step = Step(payment.events.latest("n").step)
        left = added(payment.transfers.all())
        stands = Account.REPORTED if step in WAITING else None
        stands = SETTLES_AS[Method(payment.method)] if step is Step.CONFIRMED else stands
        expected = {stands: payment.amount} if stands else {}
        found = {
            account: money for account, money in left.items() if money > ZERO and account is not Account.UNDISPUTED
        }
        assert found == expected, (step, left)


@MANY
@given(st.lists(doings, max_size=6), doings)
def test_what_is_taken_back_is_as_if_it_had_not_been(house: House, sequence: list[Doing], last: Doing) -> None:
    house.begin()
    for doing in sequence:
        house.try_to(doing)
    before, count_before = house.balances(), posting_count(house)
    if last.name in {"take back", "reverse"} or not house.try_to(last) or posting_count(house) == count_before:
        return
    with entry.entered(house.second) as actor:
        done = Posting.objects.latest("pk")
        if not Transfer.objects.filter(posting=done).exists():
            return
        on = max(Transfer.objects.filter(posting=done).values_list("effective_on", flat=True))
        acts.reverse_posting(posting=done.uid, act=house.act("take back", (today() - on).days), actor=actor)
    after = house.balances()
    assert {pk: after[pk] for pk in before} == before
    assert all(set(after[pk].values()) == {ZERO} for pk in after.keys() - before.keys())


def posting_count(house: House) -> int:
    with entry.entered(house.second):
        return Posting.objects.count()


@MANY
@given(st.lists(doings, min_size=1, max_size=8), st.integers(0, 99), st.integers(0, DAYS))
def test_a_position_as_of_a_day_known_at_an_instant_is_the_replay_of_what_was_known(
    house: House, sequence: list[Doing], which: int, ago: int
) -> None:
    house.begin()
    for doing in sequence:
        house.try_to(doing)
    with entry.entered(house.second) as actor:
        every = list(Transfer.objects.order_by("recorded_at"))
        instant = every[which % len(every)].recorded_at if which else now()
        day: date = days_ago(ago)
        found = added_up(position(actor=actor, as_of=day, known_at=instant)).balances
        known = added(one for one in every if one.effective_on <= day and one.recorded_at <= instant)
        assert {account: known[account] for account in HELD} == dict(found)
