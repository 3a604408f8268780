import pytest

from duban.arrears.rules.accounts import CARRIED, MOVES, Account
from duban.arrears.rules.acts import Link
from duban.arrears.rules.carrying import (
    NEEDED,
    NothingLeft,
    NothingOwed,
    PaidHere,
    brought_in,
    check_duplicate,
    check_split,
    still_owed,
    taken_out,
)
from duban.kernel.money import ZERO, Money

HELD = {Account.UNDISPUTED: Money.of(60), Account.JUDICIAL: Money.of(20), Account.CASH: Money.of(20)}


def test_what_is_owed_goes_and_what_was_paid_stays() -> None:
    assert still_owed(HELD) == {Account.UNDISPUTED: Money.of(60), Account.JUDICIAL: Money.of(20)}
    with pytest.raises(NothingOwed, match="What was paid stays"):
        still_owed({Account.CASH: Money.of(20), Account.UNDISPUTED: ZERO})


def test_every_account_that_is_carried_over_may_be_entered_and_leaves_nothing_reduced() -> None:
    parts = dict.fromkeys(CARRIED, Money.of(1))
    assert all(move.destination in MOVES[move.source] for move in brought_in(parts))
    assert {move.destination for move in taken_out(parts)} == {Account.RECOGNISED}
    assert {move.source for move in taken_out(parts)} == {move.destination for move in brought_in(parts)}


def test_a_split_leaves_something() -> None:
    check_split({Account.UNDISPUTED: Money.of(60)}, HELD)
    with pytest.raises(NothingLeft, match=r"All 80\.00 still owed"):
        check_split({Account.UNDISPUTED: Money.of(60), Account.JUDICIAL: Money.of(20)}, HELD)


def test_a_duplicate_has_no_payments() -> None:
    check_duplicate({Account.UNDISPUTED: Money.of(60)})
    with pytest.raises(PaidHere, match=r"Payments of 20\.00"):
        check_duplicate(HELD)


def test_every_link_needs_a_paper() -> None:
    assert set(NEEDED) == set(Link)
    assert all(NEEDED.values())
