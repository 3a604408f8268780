"""The three-way merge of a row: laws that hold for every claim, and the cases an office meets."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from duban.arrears.rules.accounts import HELD, MOVES, Account, Balances
from duban.arrears.rules.merging import merge
from duban.arrears.rules.statement import Change, Move, Proposal, Stated, opening
from duban.kernel.money import ZERO, Money

PARTS = (Account.UNSETTLED, Account.NOT_DUE, Account.UNDISPUTED, Account.DISPUTED, Account.JUDICIAL)
A = Account


@st.composite
def stated_claims(draw: st.DrawFn) -> Stated:
    """A claim as a sheet states it: what was cleared is inside the undisputed part."""
    parts = {part: Money(draw(st.integers(0, 1000))) for part in PARTS}
    cleared = draw(st.integers(0, parts[A.UNDISPUTED].fen))
    return Stated(parts, Money(cleared))


def after(moves: tuple[Move, ...], balances: Balances | None = None) -> dict[Account, Money]:
    held = dict.fromkeys(HELD, ZERO) | dict(balances or {})
    for move in moves:
        if move.source is not A.RECOGNISED:
            held[move.source] -= move.amount
        held[move.destination] += move.amount
    return held


def opened(stated: Stated) -> dict[Account, Money]:
    return after(opening(stated).moves)


def with_parts(stated: Stated, **changed: int) -> Stated:
    parts = {part: stated.parts[part] + Money(changed.get(part.value, 0)) for part in PARTS}
    return Stated(parts, stated.cleared, stated.step)


def claim(*, cleared: int = 0, step: int = 1, **parts: int) -> Stated:
    return Stated({part: Money(parts.get(part.value, 0)) for part in PARTS}, Money(cleared), step)


def says_nothing(proposal: Proposal) -> bool:
    return proposal == Proposal()


@given(stated_claims())
def test_an_opening_posts_what_is_stated_by_allowed_moves(stated: Stated) -> None:
    proposal = opening(stated)
    assert all(move.amount > ZERO and move.destination in MOVES[move.source] for move in proposal.moves)
    held = opened(stated)
    assert {part: amount for part in PARTS if (amount := held[part]) != ZERO} == stated.open_parts
    assert held[A.REPORTED] == stated.cleared
    assert sum(held.values(), ZERO) == stated.amount == proposal.changes[Change.NEW]


@given(stated=stated_claims(), base=st.none() | stated_claims(), is_due=st.booleans())
def test_what_the_ledger_says_already_proposes_nothing(stated: Stated, base: Stated | None, *, is_due: bool) -> None:
    assert says_nothing(merge(stated, opened(stated), base, is_due=is_due))


@given(stated=stated_claims(), ours=stated_claims(), is_due=st.booleans())
def test_what_a_reporter_states_again_proposes_nothing_whatever_was_done_meanwhile(
    stated: Stated, ours: Stated, *, is_due: bool
) -> None:
    proposal = merge(stated, opened(ours), stated, is_due=is_due)
    assert (dict(proposal.changes), proposal.moves, proposal.conflict) == ({}, (), None)


@given(before=stated_claims(), now=stated_claims(), is_due=st.booleans())
def test_where_the_ledger_did_not_change_the_sheet_is_taken(before: Stated, now: Stated, *, is_due: bool) -> None:
    held = opened(before)
    proposal = merge(now, held, before, is_due=is_due)
    assert proposal == merge(now, held, None, is_due=is_due)
    assert all(move.amount > ZERO and move.destination in MOVES[move.source] for move in proposal.moves)
    assert bool(proposal.moves) == bool(proposal.changes)
    assert all(amount >= ZERO for amount in after(proposal.moves, held).values())
    is_late = is_due and now.parts[A.NOT_DUE] > before.parts[A.NOT_DUE]
    if proposal.conflict is None and not is_late:
        reached = after(proposal.moves, held)
        assert {part: amount for part in PARTS if (amount := reached[part]) != ZERO} == now.open_parts
        assert (reached[A.REPORTED], reached[A.REDUCED]) == (now.cleared, max(before.amount - now.amount, ZERO))


@given(stated_claims(), st.data())
def test_more_cleared_proposes_just_the_difference(stated: Stated, data: st.DataObject) -> None:
    left = stated.parts[A.UNDISPUTED] - stated.cleared
    assume(left > ZERO)
    more = Money(data.draw(st.integers(1, left.fen)))
    restated = Stated(stated.parts, stated.cleared + more)
    proposal = merge(restated, opened(stated), stated, is_due=False)
    assert proposal == Proposal({Change.CLEARED: more}, (Move(A.UNDISPUTED, A.REPORTED, more),))


@given(stated_claims(), st.data())
def test_less_cleared_is_taken_back(stated: Stated, data: st.DataObject) -> None:
    assume(stated.cleared > ZERO)
    less = Money(data.draw(st.integers(1, stated.cleared.fen)))
    proposal = merge(Stated(stated.parts, stated.cleared - less), opened(stated), stated, is_due=False)
    assert proposal == Proposal({Change.WITHDRAWN: less}, (Move(A.REPORTED, A.UNDISPUTED, less),))


@given(stated_claims(), st.data())
def test_a_confirmed_payment_is_not_taken_back_by_a_sheet(stated: Stated, data: st.DataObject) -> None:
    assume(stated.cleared > ZERO)
    confirmed = Money(data.draw(st.integers(1, stated.cleared.fen)))
    held = after((Move(A.REPORTED, A.CASH, confirmed),), opened(stated))
    assert says_nothing(merge(stated, held, stated, is_due=False))
    proposal = merge(Stated(stated.parts, ZERO), held, stated, is_due=False)
    assert "not confirmed yet" in str(proposal.conflict)
    assert not proposal.is_possible


@given(stated_claims(), st.integers(1, 1000))
def test_an_amount_grows_into_the_part_that_grew(stated: Stated, more: int) -> None:
    proposal = merge(with_parts(stated, disputed=more), opened(stated), stated, is_due=False)
    assert proposal == Proposal({Change.AMOUNT: Money(more)}, (Move(A.RECOGNISED, A.DISPUTED, Money(more)),)) or (
        dict(proposal.changes) == {Change.AMOUNT: Money(more)} and proposal.relabelled == ZERO
    )


@given(stated_claims(), st.data())
def test_an_amount_falls_as_a_reduction_and_never_as_a_payment(stated: Stated, data: st.DataObject) -> None:
    assume(stated.parts[A.DISPUTED] > ZERO)
    less = Money(data.draw(st.integers(1, stated.parts[A.DISPUTED].fen)))
    proposal = merge(with_parts(stated, disputed=-less.fen), opened(stated), stated, is_due=False)
    assert proposal == Proposal({Change.AMOUNT: -less}, (Move(A.DISPUTED, A.REDUCED, less),))


@given(stated_claims(), st.data())
def test_what_becomes_disputed_is_told_as_relabelled(stated: Stated, data: st.DataObject) -> None:
    left = stated.parts[A.UNDISPUTED] - stated.cleared
    assume(left > ZERO)
    moved = data.draw(st.integers(1, left.fen))
    now = with_parts(stated, undisputed=-moved, disputed=moved)
    proposal = merge(now, opened(stated), stated, is_due=False)
    assert (dict(proposal.changes), proposal.relabelled) == ({Change.SPLIT: Money(moved)}, Money(moved))
    back = merge(stated, opened(now), now, is_due=False)
    assert (dict(back.changes), back.relabelled) == ({Change.SPLIT: Money(moved)}, ZERO)


@given(stated_claims(), st.integers(1, 1000))
def test_time_moves_what_was_not_due_and_a_late_sheet_does_not_move_it_back(stated: Stated, amount: int) -> None:
    before, now = with_parts(stated, not_due=amount), with_parts(stated, undisputed=amount)
    move = Move(A.NOT_DUE, A.UNDISPUTED, Money(amount))
    assert merge(now, opened(before), before, is_due=True) == Proposal({Change.DUE: Money(amount)}, (move,))
    assert merge(now, opened(before), before, is_due=False).changes == {Change.SPLIT: Money(amount)}
    assert says_nothing(merge(before, opened(now), None, is_due=True))


def test_no_amount_goes_back_to_not_due() -> None:
    proposal = merge(claim(not_due=100), opened(claim(undisputed=100)), claim(undisputed=100), is_due=False)
    assert "no entry leads there" in str(proposal.conflict)
    assert not proposal.is_possible


def test_several_changes_of_one_row_are_told_each() -> None:
    before = claim(undisputed=100, disputed=50)
    now = claim(undisputed=120, disputed=20, judicial=30, cleared=40)
    proposal = merge(now, opened(before), before, is_due=False)
    assert {change: amount.fen for change, amount in proposal.changes.items()} == {
        "amount": 20,
        "cleared": 40,
        "split": 30,
    }


def test_what_both_changed_is_a_conflict_that_names_the_three_amounts() -> None:
    base = claim(undisputed=10_000)
    held = opened(claim(undisputed=10_000, cleared=3_000))
    proposal = merge(claim(undisputed=10_000, cleared=5_000), held, base, is_due=False)
    assert proposal.is_possible
    assert "the last statement had 0.00, this one has 50.00, and meanwhile the ledger has 30.00" in str(
        proposal.conflict
    )
    decided = merge(claim(undisputed=10_000, cleared=5_000), held, None, is_due=False)
    assert decided.changes == {Change.CLEARED: Money(2_000)}


def test_what_both_changed_to_the_same_is_no_conflict() -> None:
    now = claim(undisputed=100, cleared=30)
    assert says_nothing(merge(now, opened(now), claim(undisputed=100), is_due=False))


def test_a_denied_payment_is_not_posted_anew_by_a_sheet_that_still_has_it() -> None:
    stated = claim(undisputed=100, cleared=40)
    denied = after((Move(A.REPORTED, A.UNDISPUTED, Money(40)),), opened(stated))
    assert says_nothing(merge(stated, denied, stated, is_due=False))


def test_parts_that_no_longer_fit_what_was_paid_meanwhile_are_a_conflict() -> None:
    base = claim(undisputed=100)
    proposal = merge(claim(disputed=100), opened(claim(undisputed=100, cleared=30)), base, is_due=False)
    assert "would exceed the amount owed by 0.30" in str(proposal.conflict)


WAN = 1_000_000
"""One 万元 in fen; a sheet shows it with two decimals, in steps of 10,000 fen."""


def shown_in_wan(stated: Stated) -> Stated:
    def rounded(amount: Money) -> Money:
        return Money((amount.fen + 5_000) // 10_000 * 10_000)

    cleared = rounded(stated.cleared)
    others: dict[Account, Money] = {part: rounded(stated.parts[part]) for part in PARTS if part is not A.UNDISPUTED}
    undisputed = rounded(stated.amount) - sum(others.values(), ZERO)
    return Stated({**others, A.UNDISPUTED: undisputed}, min(cleared, undisputed), step=10_000)


@given(st.builds(claim, undisputed=st.integers(0, 50 * WAN), disputed=st.integers(0, 9 * WAN)))
def test_the_same_in_wan_proposes_nothing_and_the_ledger_keeps_its_cents(fine: Stated) -> None:
    assert says_nothing(merge(shown_in_wan(fine), opened(fine), fine, is_due=False))


@given(
    st.builds(
        claim, undisputed=st.integers(WAN, 50 * WAN), disputed=st.integers(0, 9 * WAN), cleared=st.integers(0, WAN)
    )
)
def test_a_ledger_that_came_in_wan_takes_the_cents_of_one_in_yuan_and_calls_it_no_change(fine: Stated) -> None:
    coarse = shown_in_wan(fine)
    proposal = merge(fine, opened(coarse), coarse, is_due=False)
    assert (dict(proposal.changes), proposal.conflict) == ({}, None)
    reached = after(proposal.moves, opened(coarse))
    assert {part: amount for part in PARTS if (amount := reached[part]) != ZERO} == fine.open_parts


@pytest.mark.parametrize("owed", [1_234_512, 1_230_000, 1_239_999])
def test_what_is_paid_in_full_in_wan_leaves_no_cents(owed: int) -> None:
    fine = claim(undisputed=owed)
    shown = shown_in_wan(fine)
    paid = Stated(shown.parts, shown.amount, step=10_000)
    proposal = merge(paid, opened(fine), fine, is_due=False)
    assert proposal == Proposal({Change.CLEARED: Money(owed)}, (Move(A.UNDISPUTED, A.REPORTED, Money(owed)),))
