from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules.accounts import MOVES, OPEN, Account
from duban.arrears.rules.rollforward import Moved, Term, View, effect, rolled, term_of
from duban.kernel.money import ZERO, Money

WITH, WITHOUT = View
A = Account
EVERY_MOVE = [(source, destination) for source, found in MOVES.items() for destination in sorted(found)]


def terms(source: Account, destination: Account, **said: bool) -> list[Term | None]:
    """The term with the judicial part, and without it."""
    return [term_of(Moved(source, destination, **said), view) for view in View]


@pytest.mark.parametrize(
    ("source", "destination", "with_judicial", "without"),
    [
        (A.UNDISPUTED, A.REPORTED, Term.CLEARED, Term.CLEARED),
        (A.JUDICIAL, A.COURT, Term.CLEARED, None),
        (A.REPORTED, A.UNDISPUTED, Term.GIVEN_BACK, Term.GIVEN_BACK),
        (A.INSTRUMENT, A.UNDISPUTED, Term.GIVEN_BACK, Term.GIVEN_BACK),
        (A.UNDISPUTED, A.REDUCED, Term.REDUCED, Term.REDUCED),
        (A.DISPUTED, A.REDUCED, Term.REDUCED, Term.REDUCED),
        (A.JUDICIAL, A.REDUCED, Term.REDUCED, None),
        (A.NOT_DUE, A.REDUCED, None, None),
        (A.UNDISPUTED, A.JUDICIAL, None, Term.TO_COURT),
        (A.JUDICIAL, A.DISPUTED, None, Term.FROM_COURT),
        (A.UNDISPUTED, A.DISPUTED, None, None),
        (A.REPORTED, A.CASH, None, None),
        (A.RECOGNISED, A.NOT_DUE, None, None),
    ],
)
def test_two_accounts_say_the_term(
    source: Account, destination: Account, with_judicial: Term | None, without: Term | None
) -> None:
    assert terms(source, destination) == [with_judicial, without]


@pytest.mark.parametrize("source", [A.RECOGNISED, A.UNSETTLED, A.NOT_DUE])
def test_what_is_owed_for_the_first_time_is_new_and_more_of_it_is_raised(source: Account) -> None:
    assert terms(source, A.UNDISPUTED, is_first=True) == [Term.NEW, Term.NEW]
    assert terms(source, A.UNDISPUTED) == [Term.RAISED, Term.RAISED]


def test_what_goes_to_court_at_once_is_new_only_where_the_judicial_part_counts() -> None:
    assert terms(A.RECOGNISED, A.JUDICIAL, is_first=True) == [Term.NEW, None]


def test_an_amount_that_goes_on_in_another_claim_is_neither_new_nor_reduced() -> None:
    for source, destination in EVERY_MOVE:
        assert set(terms(source, destination, is_linked=True, is_first=True)) <= {Term.MOVED, None}


def test_a_first_statement_is_neither_new_nor_cleared() -> None:
    assert terms(A.RECOGNISED, A.UNDISPUTED, is_opening=True, is_first=True) == [Term.OPENING, Term.OPENING]
    assert terms(A.UNDISPUTED, A.REPORTED, is_opening=True) == [Term.OPENING, Term.OPENING]


def test_a_reversed_clearing_is_given_back_whenever_it_was_stated() -> None:
    for is_opening in (False, True):
        back = Moved(A.UNDISPUTED, A.REPORTED, is_opening=is_opening, is_reversal=True)
        assert term_of(back, WITH) is Term.GIVEN_BACK
        assert effect(back, Money(7), WITH) == Money(7)


@pytest.mark.parametrize(
    ("source", "destination", "term"),
    [
        (A.RECOGNISED, A.UNDISPUTED, Term.RAISED), (A.UNDISPUTED, A.REDUCED, Term.REDUCED),
        (A.UNDISPUTED, A.JUDICIAL, Term.TO_COURT), (A.JUDICIAL, A.DISPUTED, Term.FROM_COURT),
        (A.REPORTED, A.UNDISPUTED, Term.GIVEN_BACK),
    ],
)  # fmt: skip
def test_a_reversal_takes_from_the_term_of_what_it_reverses(source: Account, destination: Account, term: Term) -> None:
    made, back = Moved(source, destination), Moved(source, destination, is_reversal=True)
    roll = rolled(opening=ZERO, closing=ZERO, moves=[(made, Money(9)), (back, Money(4))], view=WITHOUT)
    assert roll.figure(term) == Money(5)
    assert [other for other, amount in roll.changes.items() if amount != ZERO] == [term]


MOVED = st.builds(
    lambda move, *said: Moved(*move, *said),
    st.sampled_from(EVERY_MOVE), st.booleans(), st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip


@given(st.lists(st.tuples(MOVED, st.integers(1, 10**12).map(Money))), st.sampled_from(View))
def test_the_identity_holds_for_any_moves(moves: list[tuple[Moved, Money]], view: View) -> None:
    held = dict.fromkeys(Account, ZERO)
    for moved, amount in moves:
        there = -amount if moved.is_reversal else amount
        held[moved.source] -= there
        held[moved.destination] += there
    closing = sum((held[part] for part in view.parts), ZERO)
    roll = rolled(opening=ZERO, moves=moves, closing=closing, view=view)
    assert roll.difference == ZERO
    signs = {term: -1 if term.is_subtracted else 1 for term in Term}
    assert sum((roll.figure(term) * signs[term] for term in Term), ZERO) == closing


def test_every_move_that_changes_what_is_open_has_one_term_and_no_other_has() -> None:
    for (source, destination), view in product(EVERY_MOVE, View):
        changes = (source in view.parts) != (destination in view.parts)
        assert (term_of(Moved(source, destination), view) is not None) == changes, (source, destination, view)
    assert WITH.parts == set(OPEN)
    assert WITHOUT.parts == {A.UNDISPUTED, A.DISPUTED}
