"""A row of a statement beside what its reporter stated last and what the ledger holds: the three-way merge. Pure.

A claim is merged piece by piece: the amount, what was cleared, and each part besides the undisputed one, which is what
all others leave. A piece that only the reporter changed takes the reporter's side; one that only the ledger changed
keeps the ledger's; one that both changed is a conflict, unless both say the same now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from duban.arrears.rules.accounts import COUNTED, MOVES, Account, Balances, Rule
from duban.arrears.rules.matching import equal_as_shown
from duban.arrears.rules.statement import Change, Move, Proposal, Stated
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence

_A = Account


class Piece(StrEnum):
    """What is merged by itself."""

    AMOUNT = "amount"
    CLEARED = "cleared"
    UNSETTLED = "unsettled"
    NOT_DUE = "not_due"
    DISPUTED = "disputed"
    JUDICIAL = "judicial"

    @property
    def label(self) -> Sentence:
        """The piece's name in the reader's language."""
        return _PIECE_LABELS.get(self) or Account(self.value).label


_PIECE_LABELS = {
    Piece.AMOUNT: Sentence(N_("The amount owed")),
    Piece.CLEARED: Sentence(N_("What was cleared")),
}
_PARTS = (Piece.UNSETTLED, Piece.NOT_DUE, Piece.DISPUTED, Piece.JUDICIAL)
Pieces = Mapping[Piece, Money]

_BOTH = N_(
    "{piece}: the last statement had {before}, this one has {stated}, and meanwhile the ledger has {held}. "
    "Say which holds; the claim's page shows who changed it."
)
_NO_WAY = N_(
    "{amount} would go from {source} to {destination}, and no entry leads there. If an earlier entry was wrong, "
    "reverse that entry on the claim; otherwise state the ledger's amounts here."
)
_CONFIRMED = N_(
    "{amount} less is stated as cleared, and only {held} of what was stated is not confirmed yet. A confirmed payment "
    "is not taken back by a sheet; reverse it on the claim, or state it here."
)
_TOO_MUCH = N_(
    "With what the ledger has of this claim, its parts and what was cleared would exceed the amount owed by {amount}. "
    "State the amounts that hold now; the claim's page shows what changed meanwhile."
)


def merge(theirs: Stated, ours: Balances, base: Stated | None, *, is_due: bool) -> Proposal:
    """What entering a row would do to its claim.

    Equal means equal as shown: within half a unit of the coarser of two steps. The finer one is kept.

    Args:
        ours: the claim's balances now, by account.
        base: what the same reporter stated of the claim last. None where it never did, or where a person decided that
            the sheet's side holds: then whatever differs from the ledger is taken.
        is_due: whether the claim's due day has come by the day of the statement. Then time moves what was not due, and
            a sheet that still has it as not due is late, not another opinion.
    """
    view = _View(theirs, _pieces_of(theirs), _pieces_held(ours), base, _pieces_of(base) if base else None)
    picked = {piece: _pick(piece, view, is_due=is_due) for piece in Piece}
    both = [piece for piece, pick in picked.items() if pick.is_conflict]
    if both:
        return _conflict(Sentence(_BOTH, _sides(both[0], view)))
    taken = {piece for piece, pick in picked.items() if pick.is_taken}
    target = {piece: pick.amount for piece, pick in picked.items()}
    target = _without_rest(target, taken, theirs)
    if (rest := _rest(target)) < ZERO:
        return _conflict(Sentence(_TOO_MUCH, {"amount": -rest}), is_possible=False)
    return _proposal(view.held, target, taken, ours, is_due=is_due)


@dataclass(frozen=True, slots=True)
class _View:
    """The three sides of a claim, piece by piece."""

    theirs: Stated
    stated: Pieces
    held: Pieces
    base: Stated | None
    before: Pieces | None

    def held_step(self, piece: Piece) -> int:
        """How finely the ledger knows a piece: as the last statement showed it, where nothing else changed it."""
        is_from_base = self.base is not None and self.before is not None and self.before[piece] == self.held[piece]
        return self.base.step if self.base is not None and is_from_base else 1


@dataclass(frozen=True, slots=True)
class _Pick:
    """Which side of a piece holds."""

    amount: Money
    is_taken: bool = False
    """From the sheet, and another one than the ledger's."""
    is_conflict: bool = False


def _pick(piece: Piece, view: _View, *, is_due: bool) -> _Pick:
    stated, held = view.stated[piece], view.held[piece]
    step, held_step = view.theirs.step, view.held_step(piece)
    if _are_equal(piece, stated, step, held, held_step):
        return _Pick(stated if step < held_step else held)
    if piece is Piece.NOT_DUE and is_due and stated > held:
        return _Pick(held)
    if view.before is None or view.base is None:
        return _Pick(stated, is_taken=True)
    before = view.before[piece]
    if _are_equal(piece, stated, step, before, view.base.step):
        return _Pick(held)
    if _are_equal(piece, held, held_step, before, view.base.step):
        return _Pick(stated, is_taken=True)
    return _Pick(held, is_conflict=True)


def _are_equal(piece: Piece, one: Money, step: int, other: Money, other_step: int) -> bool:
    """Whether two amounts may be the same. A part takes the rounding of the others, so it may be a whole unit off."""
    coarser = max(step, other_step)
    if piece in _PARTS and coarser > 1:
        return abs(one.fen - other.fen) <= coarser
    return equal_as_shown(one.fen, step, other.fen, other_step)


def _without_rest(target: Pieces, taken: set[Piece], theirs: Stated) -> dict[Piece, Money]:
    """The target without a rest that is rounding: what a coarse sheet shows as nothing undisputed leaves no cents."""
    merged = dict(target)
    rest = _rest(merged)
    shows_none = theirs.open_parts.get(_A.UNDISPUTED, ZERO) == ZERO
    movable = [piece for piece in (Piece.CLEARED, *_PARTS) if piece in taken]
    if theirs.step > 1 and shows_none and movable and abs(rest.fen) <= theirs.step:
        largest = max(movable, key=lambda piece: merged[piece])
        merged[largest] += rest
    return merged


def _pieces_of(stated: Stated) -> dict[Piece, Money]:
    parts = {piece: stated.parts.get(Account(piece.value), ZERO) for piece in _PARTS}
    return {Piece.AMOUNT: stated.amount, Piece.CLEARED: stated.cleared, **parts}


def _pieces_held(ours: Balances) -> dict[Piece, Money]:
    recognised = sum(ours.values(), ZERO) - ours.get(_A.REDUCED, ZERO)
    cleared = sum((ours.get(account, ZERO) for account in COUNTED[Rule.C0]), ZERO)
    parts = {piece: ours.get(Account(piece.value), ZERO) for piece in _PARTS}
    return {Piece.AMOUNT: recognised, Piece.CLEARED: cleared, **parts}


def _rest(pieces: Pieces) -> Money:
    """What is undisputed and still owed: what the others leave of the amount."""
    return pieces[Piece.AMOUNT] - pieces[Piece.CLEARED] - sum((pieces[part] for part in _PARTS), ZERO)


def _sides(piece: Piece, view: _View) -> dict[str, object]:
    assert view.before is not None  # noqa: S101 - without a base there are no two changes
    sides = {"before": view.before[piece], "stated": view.stated[piece], "held": view.held[piece]}
    return {"piece": piece.label, **sides}


def _conflict(why: Sentence, *, is_possible: bool = True) -> Proposal:
    return Proposal(conflict=why, is_possible=is_possible)


# -- From one state to another ----------------------------------------------------------------------------------------

_WAYS = (
    # What was newly owed comes first, then time, then what people say of the rest.
    *((_A.RECOGNISED, part) for part in (_A.UNDISPUTED, _A.UNSETTLED, _A.NOT_DUE, _A.DISPUTED, _A.JUDICIAL)),
    *((part, _A.REDUCED) for part in (_A.UNDISPUTED, _A.DISPUTED, _A.NOT_DUE, _A.UNSETTLED, _A.JUDICIAL)),
    (_A.UNSETTLED, _A.NOT_DUE), (_A.NOT_DUE, _A.UNDISPUTED), (_A.UNSETTLED, _A.UNDISPUTED),
    (_A.DISPUTED, _A.JUDICIAL), (_A.JUDICIAL, _A.DISPUTED), (_A.JUDICIAL, _A.UNDISPUTED), (_A.DISPUTED, _A.UNDISPUTED),
    *((part, _A.DISPUTED) for part in (_A.UNDISPUTED, _A.NOT_DUE, _A.UNSETTLED)),
    *((part, _A.JUDICIAL) for part in (_A.UNDISPUTED, _A.NOT_DUE, _A.UNSETTLED)),
)  # fmt: skip
"""From which account to which an amount goes, the likeliest first; directly or by way of undisputed."""
_HIDDEN = frozenset({_A.DISPUTED, _A.JUDICIAL})
_PLAIN = frozenset({_A.UNDISPUTED, _A.NOT_DUE, _A.UNSETTLED})


def _proposal(held: Pieces, target: Pieces, taken: set[Piece], ours: Balances, *, is_due: bool) -> Proposal:
    """The parts are moved as they were first owed, what was cleared among them; then what was cleared moves by itself.

    So an amount that grew and was paid at once is told as both.
    """
    legs = _legs(_owed(held), _owed(target))
    if (lost := next((leg for leg in legs if (leg.source, leg.destination) not in _WAYS), None)) is not None:
        values = {"amount": lost.amount, "source": lost.source.label, "destination": lost.destination.label}
        return _conflict(Sentence(_NO_WAY, values), is_possible=False)
    paid = target[Piece.CLEARED] - held[Piece.CLEARED]
    if -paid > ours.get(_A.REPORTED, ZERO):
        values = {"amount": -paid, "held": ours.get(_A.REPORTED, ZERO)}
        return _conflict(Sentence(_CONFIRMED, values), is_possible=False)
    relabelled = [leg.amount for leg in legs if leg.source in _PLAIN and leg.destination in _HIDDEN]
    return Proposal(
        changes={change: amount for change, amount in _changes(legs, paid, taken, is_due=is_due) if amount != ZERO},
        moves=tuple(_moves(legs, paid)),
        relabelled=sum(relabelled, ZERO) if taken & set(_PARTS) else ZERO,
    )


def _owed(pieces: Pieces) -> dict[Account, Money]:
    """The parts of the amount as first owed: what was cleared is inside the undisputed one."""
    parts = {Account(part.value): pieces[part] for part in _PARTS}
    return {**parts, _A.UNDISPUTED: pieces[Piece.AMOUNT] - sum(parts.values(), ZERO)}


def _legs(before: Mapping[Account, Money], after: Mapping[Account, Money]) -> list[Move]:
    """What goes from where to where, each amount once; an amount for which there is no way is named all the same."""
    changed = {account: after[account] - before[account] for account in after}
    gives = {account: -difference for account, difference in changed.items() if difference < ZERO}
    takes = {account: difference for account, difference in changed.items() if difference > ZERO}
    owed = sum(changed.values(), ZERO)
    if owed > ZERO:
        gives[_A.RECOGNISED] = owed
    elif owed < ZERO:
        takes[_A.REDUCED] = -owed
    legs = [leg for source, destination in _WAYS if (leg := _take(source, destination, gives, takes)) is not None]
    lost = [(account, amount) for account, amount in gives.items() if amount > ZERO]
    found = [account for account, amount in takes.items() if amount > ZERO]
    return legs + [Move(source, found[0], amount) for source, amount in lost]


def _take(
    source: Account, destination: Account, gives: dict[Account, Money], takes: dict[Account, Money]
) -> Move | None:
    """What one account can give another of what is left on both sides, taken off both."""
    amount = min(gives.get(source, ZERO), takes.get(destination, ZERO))
    if amount == ZERO:
        return None
    gives[source] -= amount
    takes[destination] -= amount
    return Move(source, destination, amount)


def _changes(legs: Sequence[Move], paid: Money, taken: set[Piece], *, is_due: bool) -> Iterator[tuple[Change, Money]]:
    """What is told of the pieces that were taken. Anything else is rounding that a finer sheet shows, and no change."""
    if Piece.AMOUNT in taken:
        grew = sum((leg.amount for leg in legs if leg.source is _A.RECOGNISED), ZERO)
        yield Change.AMOUNT, grew - sum((leg.amount for leg in legs if leg.destination is _A.REDUCED), ZERO)
    if Piece.CLEARED in taken:
        yield (Change.CLEARED, paid) if paid > ZERO else (Change.WITHDRAWN, -paid)
    if not taken & set(_PARTS):
        return
    between = [leg for leg in legs if _A.RECOGNISED is not leg.source and _A.REDUCED is not leg.destination]
    in_time = [leg for leg in between if is_due and (leg.source, leg.destination) == (_A.NOT_DUE, _A.UNDISPUTED)]
    fell_due = sum((leg.amount for leg in in_time), ZERO)
    yield Change.DUE, fell_due
    yield Change.SPLIT, sum((leg.amount for leg in between), ZERO) - fell_due


def _moves(legs: Sequence[Move], paid: Money) -> Iterator[Move]:
    if paid < ZERO:
        yield Move(_A.REPORTED, _A.UNDISPUTED, -paid)
    for leg in legs:
        if leg.destination in MOVES[leg.source]:
            yield leg
        else:
            yield Move(leg.source, _A.UNDISPUTED, leg.amount)
            yield Move(_A.UNDISPUTED, leg.destination, leg.amount)
    if paid > ZERO:
        yield Move(_A.UNDISPUTED, _A.REPORTED, paid)
