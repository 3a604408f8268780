import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules.matching.amounts import Shown
from duban.arrears.rules.matching.meanings import Cleared, Divided, Sums, meanings


def sums(amount: int, *, cleared: int | None = None, parts: int | None = None, balance: int | None = None) -> Sums:
    others = (None if value is None else Shown(value) for value in (cleared, parts, balance))
    return Sums(Shown(amount), *others)


def test_parts_of_the_amount_and_of_the_balance_are_told_apart_where_something_was_cleared() -> None:
    original = meanings([(sums(100, cleared=30, parts=100), None), (sums(50, parts=50), None)])
    balance = meanings([(sums(100, cleared=30, parts=70), None), (sums(50, parts=50), None)])
    assert original.divided.chosen is Divided.ORIGINAL
    assert balance.divided.chosen is Divided.BALANCE
    assert balance.divided.votes == {Divided.ORIGINAL: 0, Divided.BALANCE: 1}


def test_cleared_in_all_and_in_the_month_are_told_apart_by_the_balance() -> None:
    in_all = meanings([(sums(100, cleared=40, balance=60), Shown(30))])
    this_month = meanings([(sums(100, cleared=40, balance=30), Shown(30))])
    assert in_all.cleared.chosen is Cleared.IN_ALL
    assert this_month.cleared.chosen is Cleared.THIS_MONTH


def test_without_a_balance_last_month_tells() -> None:
    """A total does not fall, and it stays when nothing is paid."""
    assert meanings([(sums(100, cleared=30), Shown(30))]).cleared.chosen is Cleared.IN_ALL
    assert meanings([(sums(100, cleared=0), Shown(30))]).cleared.chosen is Cleared.THIS_MONTH
    assert meanings([(sums(100, cleared=40), Shown(30))]).cleared.chosen is None


def test_both_are_decided_together() -> None:
    """60 = 100 − 30 − 10: the parts are what is left after last month's 30 and this month's 10."""
    meaning = meanings([(sums(100, cleared=10, parts=60), Shown(30))])
    assert (meaning.divided.chosen, meaning.cleared.chosen) == (Divided.BALANCE, Cleared.THIS_MONTH)


def test_a_first_statement_reads_the_same_either_way() -> None:
    meaning = meanings([(sums(100, cleared=40, balance=60), None)])
    assert meaning.cleared.chosen is None
    assert not meaning.cleared.matters
    assert str(meaning.cleared.reason).startswith("Every row reads the same whether")


def test_a_claim_that_is_all_cleared_says_nothing_of_its_parts() -> None:
    assert not meanings([(sums(100, cleared=100, parts=0), None)]).divided.matters


@pytest.mark.parametrize("second", [70, 55])
def test_rows_that_disagree_or_fit_nothing_are_asked(second: int) -> None:
    rows = [(sums(100, cleared=30, parts=second), None)]
    if second == 70:
        rows.append((sums(100, cleared=30, parts=100), None))
    meaning = meanings(rows).divided
    assert meaning.chosen is None
    assert meaning.matters
    assert str(meaning.reason).endswith("Say which of the two is meant.")


def test_a_tenth_of_the_rows_may_be_wrong() -> None:
    right, wrong = (sums(100, cleared=30, parts=70), None), (sums(100, cleared=30, parts=100), None)
    assert meanings([right] * 9 + [wrong]).divided.chosen is Divided.BALANCE
    assert meanings([right] * 8 + [wrong]).divided.chosen is None


@given(
    claims=st.lists(st.tuples(*[st.integers(1000, 90_000)] * 3), min_size=1, max_size=8),
    divided=st.sampled_from(Divided),
    cleared=st.sampled_from(Cleared),
    step=st.sampled_from([1, 100]),
)
def test_a_ledger_that_is_written_one_way_is_never_read_the_other(
    claims: list[tuple[int, int, int]], divided: Divided, cleared: Cleared, step: int
) -> None:
    """Amounts are written in steps, so sums are off by some of them."""
    rows = []
    for before, paid, left in claims:
        amounts = (before + paid + left, before + paid, paid, left)
        amount, in_all, this_month, balance = (Shown((part + step // 2) // step * step, step) for part in amounts)
        parts = amount if divided is Divided.ORIGINAL else balance
        written = in_all if cleared is Cleared.IN_ALL else this_month
        rows.append((Sums(amount, written, parts, balance), Shown(before)))
    meaning = meanings(rows)
    assert meaning.divided.chosen is divided
    assert meaning.cleared.chosen is cleared
