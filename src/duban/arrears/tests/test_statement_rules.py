from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules.accounts import HELD, MOVES, Account, Balances
from duban.arrears.rules.statement import POSTED, Change, Move, Proposal, Stated, compare, opening
from duban.kernel.money import ZERO, Money

PARTS = (Account.UNSETTLED, Account.NOT_DUE, Account.UNDISPUTED, Account.DISPUTED, Account.JUDICIAL)


@st.composite
def stated_claims(draw: st.DrawFn) -> Stated:
    """A claim as a sheet states it: what was cleared is inside the undisputed part."""
    parts = {part: Money(draw(st.integers(0, 1000))) for part in PARTS}
    cleared = draw(st.integers(0, parts[Account.UNDISPUTED].fen))
    return Stated(parts, Money(cleared))


def after(moves: tuple[Move, ...], balances: Balances | None = None) -> dict[Account, Money]:
    held = dict.fromkeys(HELD, ZERO) | dict(balances or {})
    for move in moves:
        if move.source is not Account.RECOGNISED:
            held[move.source] -= move.amount
        held[move.destination] += move.amount
    return held


def with_parts(stated: Stated, **changed: int) -> Stated:
    parts = {part: stated.parts[part] + Money(changed.get(part.value, 0)) for part in PARTS}
    return Stated(parts, stated.cleared)


@given(stated_claims())
def test_an_opening_posts_what_is_stated_by_allowed_moves(stated: Stated) -> None:
    proposal = opening(stated)
    assert all(move.amount > ZERO and move.destination in MOVES[move.source] for move in proposal.moves)
    held = after(proposal.moves)
    assert {part: amount for part in PARTS if (amount := held[part]) != ZERO} == stated.open_parts
    assert held[Account.REPORTED] == stated.cleared
    assert sum(held.values(), ZERO) == stated.amount == proposal.amount


@given(stated=stated_claims(), is_due=st.booleans())
def test_what_is_stated_again_proposes_nothing(stated: Stated, *, is_due: bool) -> None:
    held = after(opening(stated).moves)
    assert compare(stated, held, is_due=is_due) == Proposal(Change.NOTHING, ZERO)


@given(stated_claims(), st.data())
def test_more_cleared_proposes_just_the_difference(stated: Stated, data: st.DataObject) -> None:
    left = stated.parts[Account.UNDISPUTED] - stated.cleared
    more = Money(data.draw(st.integers(0, left.fen)))
    restated = Stated(stated.parts, stated.cleared + more)
    held = after(opening(stated).moves)
    proposal = compare(restated, held)
    if more == ZERO:
        assert proposal.change is Change.NOTHING
    else:
        assert proposal == Proposal(Change.CLEARED, more, (Move(Account.UNDISPUTED, Account.REPORTED, more),))
    assert after(proposal.moves, held) == after(opening(restated).moves)


@given(before=stated_claims(), now=stated_claims(), is_due=st.booleans())
def test_whatever_is_posted_makes_the_ledger_what_is_stated(before: Stated, now: Stated, *, is_due: bool) -> None:
    held = after(opening(before).moves)
    proposal = compare(now, held, is_due=is_due)
    assert bool(proposal.moves) == (proposal.change in POSTED)
    if proposal.change in POSTED or proposal.change is Change.NOTHING:
        assert after(proposal.moves, held) == after(opening(now).moves)
        assert all(amount >= ZERO for amount in after(proposal.moves, held).values())


@given(stated_claims(), st.integers(-1000, 1000).filter(bool))
def test_another_amount_is_told_with_its_difference(stated: Stated, difference: int) -> None:
    held = after(opening(stated).moves)
    assert compare(with_parts(stated, disputed=difference), held) == Proposal(Change.AMOUNT, Money(difference))


@given(stated_claims(), st.data())
def test_less_cleared_is_told_with_its_difference(stated: Stated, data: st.DataObject) -> None:
    less = Money(data.draw(st.integers(0, stated.cleared.fen)))
    proposal = compare(Stated(stated.parts, stated.cleared - less), after(opening(stated).moves))
    assert proposal == (Proposal(Change.WITHDRAWN, less) if less > ZERO else Proposal(Change.NOTHING, ZERO))


@given(stated_claims(), st.integers(1, 1000))
def test_an_amount_in_another_part_is_told(stated: Stated, moved: int) -> None:
    held = after(opening(with_parts(stated, disputed=moved)).moves)
    assert compare(with_parts(stated, judicial=moved), held) == Proposal(Change.SPLIT, Money(moved))


@given(stated_claims(), st.integers(1, 1000))
def test_what_fell_due_is_moved_only_once_its_day_has_come(stated: Stated, fell_due: int) -> None:
    held = after(opening(with_parts(stated, not_due=fell_due)).moves)
    now = with_parts(stated, undisputed=fell_due)
    assert compare(now, held, is_due=False) == Proposal(Change.SPLIT, Money(fell_due))
    move = Move(Account.NOT_DUE, Account.UNDISPUTED, Money(fell_due))
    assert compare(now, held, is_due=True) == Proposal(Change.DUE, Money(fell_due), (move,))


@given(stated_claims(), st.integers(1, 1000), st.data())
def test_what_fell_due_and_was_cleared_is_told_as_cleared(stated: Stated, fell_due: int, data: st.DataObject) -> None:
    held = after(opening(with_parts(stated, not_due=fell_due)).moves)
    due = with_parts(stated, undisputed=fell_due)
    paid = Money(data.draw(st.integers(1, (due.parts[Account.UNDISPUTED] - due.cleared).fen)))
    now = Stated(due.parts, due.cleared + paid)
    proposal = compare(now, held, is_due=True)
    assert (proposal.change, proposal.amount) == (Change.CLEARED, paid)
    assert after(proposal.moves, held) == after(opening(now).moves)


@given(stated_claims(), st.data())
def test_a_confirmed_payment_is_still_what_was_stated(stated: Stated, data: st.DataObject) -> None:
    held = after(opening(stated).moves)
    for account in (Account.CASH, Account.INSTRUMENT, Account.OFFSET):
        confirmed = Money(data.draw(st.integers(0, held[Account.REPORTED].fen)))
        held = after((Move(Account.REPORTED, account, confirmed),), held)
    assert compare(stated, held).change is Change.NOTHING


@given(stated_claims(), st.data())
def test_a_reduced_amount_is_stated_without_what_was_reduced(stated: Stated, data: st.DataObject) -> None:
    held = after(opening(stated).moves)
    reduced = Money(data.draw(st.integers(0, held[Account.DISPUTED].fen)))
    held = after((Move(Account.DISPUTED, Account.REDUCED, reduced),), held)
    assert compare(with_parts(stated, disputed=-reduced.fen), held).change is Change.NOTHING
