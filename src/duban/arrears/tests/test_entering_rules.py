from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules.accounts import Account, NotEnough
from duban.arrears.rules.entering import NothingEntered, entered, settled, stands_in
from duban.arrears.rules.statement import Move
from duban.kernel.money import ZERO, Money

DAY = date(2026, 3, 31)
amounts = st.integers(1, 10**12).map(Money)


def test_an_amount_is_not_due_before_its_day_and_due_on_it_or_without_one() -> None:
    assert stands_in(date(2026, 4, 1), on=DAY) is Account.NOT_DUE
    assert stands_in(DAY, on=DAY) is Account.UNDISPUTED
    assert stands_in(None, on=DAY) is Account.UNDISPUTED


def test_what_is_owed_and_what_is_estimated_are_recognised_apart() -> None:
    moves = entered(owed=Money.of(30), estimated=Money.of(5), due_on=date(2026, 5, 1), on=DAY)
    assert moves == (
        Move(Account.RECOGNISED, Account.NOT_DUE, Money.of(30)),
        Move(Account.RECOGNISED, Account.UNSETTLED, Money.of(5)),
    )


@pytest.mark.parametrize(("owed", "estimated"), [(0, 0), (-1, 5), (5, -1)])
def test_nothing_and_less_than_nothing_are_not_entered(owed: int, estimated: int) -> None:
    with pytest.raises(NothingEntered):
        entered(owed=Money.of(owed), estimated=Money.of(estimated), due_on=None, on=DAY)


@given(amounts, amounts)
def test_the_whole_estimate_leaves_and_just_what_was_confirmed_stands(estimated: Money, confirmed: Money) -> None:
    moves = settled(estimated=estimated, confirmed=confirmed, due_on=None, on=DAY)
    left = sum((move.amount for move in moves if move.source is Account.UNSETTLED), ZERO)
    came = sum((move.amount for move in moves if move.destination is Account.UNDISPUTED), ZERO)
    assert (left, came) == (estimated, confirmed)
    assert all(move.amount > ZERO for move in moves)


def test_a_settlement_of_nothing_or_without_an_estimate_is_refused() -> None:
    with pytest.raises(NothingEntered):
        settled(estimated=Money.of(5), confirmed=ZERO, due_on=None, on=DAY)
    with pytest.raises(NotEnough, match=r"Unsettled, which holds 0\.00"):
        settled(estimated=ZERO, confirmed=Money.of(5), due_on=None, on=DAY)
