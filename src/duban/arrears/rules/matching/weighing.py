"""How much speaks for two rows being the same claim.

The weights are in bits: one bit more doubles the odds, as in the usual theory of record linkage (Fellegi and Sunter,
1969). They are stated and not learned, so that they mean the same in every office; `docs/explanation/matching.md` has
the table and what follows from it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from duban.arrears.rules.matching.amounts import Shown, alike, power_of_ten
from duban.arrears.rules.matching.items import FIELDS, Field, Item, Key, Numbers, Pair, Party
from duban.arrears.rules.matching.names import Kind, likeness
from duban.register.rules.names import spelling, without_form

PRIOR = -11
"""What any two rows begin with: in a ledger of two thousand, one row in two thousand is the right one."""
CERTAIN = 5
"""From here on a pair is sure, 97 %."""
LEAST = -2
"""Below this, 20 %, two rows are not even asked about."""
MARGIN = 5
"""By how much the best assignment must beat the best one without a pair for the pair to be sure."""

CREDITOR = {Kind.SAME: 9, Kind.FORM: 9, Kind.REGION: 4, Kind.NEAR: 1, Kind.OTHER: -9}
DEBTOR = {Kind.SAME: 4, Kind.FORM: 4, Kind.REGION: 2, Kind.NEAR: 1, Kind.OTHER: -7}
TWO_CODES = -1
"""The same name with two credit codes: an error in a code, or another party."""
CONTRACT = (8, -10)
AMOUNT = (6, -3)
AMOUNT_OF_ANOTHER_UNIT = 2
NUMBER = {Numbers.CONFIRMED: (8, -2), Numbers.UNKNOWN: (5, 0), Numbers.DENIED: (0, 0)}
PROJECT = (4, -2)
PROJECT_IN_PART = 2
SIGNED = (2, -2)
DUE = (2, -1)
CATEGORY = (2, -1)
STATE = (4, 0)

Weights = tuple[int, ...]
"""Of each field in the order of `FIELDS`; 0 where nothing can be said."""

_AGREES: Mapping[Field, int] = {
    Field.CREDITOR: CREDITOR[Kind.REGION],
    Field.DEBTOR: DEBTOR[Kind.REGION],
    Field.AMOUNT: AMOUNT[0],
}
"""From which weight on a field agrees; of the other fields any weight above 0 does."""
_BY_NAME = "="  # no credit code has it


@dataclass(slots=True)
class Traits:
    """An item as it is compared: texts without what typists vary, parties by who they are in both ledgers."""

    item: Item
    key: Key
    creditor: str
    debtor: str
    contract: str
    amount: Shown
    number: str
    project: str
    signed: date | None
    due: date | None
    category: str
    state: tuple[Shown, ...]

    @property
    def content(self) -> tuple[object, ...]:
        """All that a swap with another row could change for anybody; not the number."""
        parties = _as_known(self.creditor, self.item.creditor), _as_known(self.debtor, self.item.debtor)
        days = self.signed, self.due
        return self.amount, self.state, *parties, self.contract, self.project, self.category, *days

    @property
    def order(self) -> tuple[object, ...]:
        """A place among rows that are alike, which does not depend on how the rows are ordered in the sheet."""
        parties = spelling(self.item.creditor.name), spelling(self.item.debtor.name)
        amounts = self.amount.fen, *(part.fen for part in self.state)
        texts = self.contract, self.project, self.category
        days = self.due or date.min, self.signed or date.min
        return *days, amounts, *texts, *parties, len(self.number), self.number, str(self.key)


def _as_known(identity: str, party: Party) -> str:
    """A party by its code; two of whom no code is known are the same only if they are written the same."""
    return spelling(party.name) if identity.startswith(_BY_NAME) else identity


def traits_of(theirs: Sequence[Item], base: Sequence[Item]) -> tuple[list[Traits], list[Traits]]:
    """Both sides, ready to be compared."""
    who = _who_is_who(party for side in (theirs, base) for item in side for party in (item.creditor, item.debtor))
    return [_traits(item, who) for item in theirs], [_traits(item, who) for item in base]


def _traits(item: Item, who: Callable[[Party], str]) -> Traits:
    return Traits(
        item=item,
        key=item.key,
        creditor=who(item.creditor),
        debtor=who(item.debtor),
        contract=spelling(item.contract_no),
        amount=item.amount,
        number=spelling(item.ledger_no).lstrip("0"),
        project=spelling(item.project),
        signed=item.signed_on,
        due=item.due_on,
        category=spelling(item.category),
        state=item.state,
    )


def _who_is_who(parties: Iterable[Party]) -> Callable[[Party], str]:
    """Tell parties apart over both ledgers: by code, else by the one code that the name has elsewhere, else by name.

    Nobody is known by nothing: the empty text.
    """
    codes: dict[str, set[str]] = defaultdict(set)
    distinct = set(parties)
    for party in distinct:
        if code := spelling(party.uscc or ""):
            codes[without_form(party.name)].add(code)
            codes[_BY_NAME + spelling(party.name)].add(code)

    def identity(party: Party) -> str:
        code, bare = spelling(party.uscc or ""), without_form(party.name)
        if code or not bare:
            return code
        for name in (bare, _BY_NAME + spelling(party.name)):
            if len(codes.get(name, ())) == 1:
                return next(iter(codes[name]))
        return _BY_NAME + bare

    return {party: identity(party) for party in distinct}.__getitem__


def weigh(one: Traits, other: Traits, numbers: Numbers) -> Weights:
    """The weight of each field; it is the same from both sides."""
    creditor = _party(one.creditor, one.item.creditor, other.creditor, other.item.creditor, CREDITOR)
    debtor = _party(one.debtor, one.item.debtor, other.debtor, other.item.debtor, DEBTOR)
    contract = _text(one.contract, other.contract, CONTRACT)
    # Numbers start anew in every ledger; alone they say nothing.
    counts = creditor > TWO_CODES or debtor > TWO_CODES or contract > 0
    return (
        creditor,
        debtor,
        contract,
        _amount(one.amount, other.amount),
        _text(one.number, other.number, NUMBER[numbers]) if counts else 0,
        _project(one.project, other.project),
        _day(one.signed, other.signed, SIGNED),
        _day(one.due, other.due, DUE),
        _text(one.category, other.category, CATEGORY),
        _state(one.state, other.state),
    )


def score(weights: Weights) -> int:
    """What speaks for a pair, in bits; at 0 it is as likely as not.

    What was cleared tells twins apart, and says nothing of a pair by itself.
    """
    return sum(weights) - weights[-1] + PRIOR


def has_same_parties(weights: Weights) -> bool:
    """Whether both parties are the same: otherwise a claim went from one to another, which a person must say."""
    return weights[0] >= _AGREES[Field.CREDITOR] and weights[1] >= _AGREES[Field.DEBTOR]


def pair_of(one: Traits, other: Traits, numbers: Numbers) -> Pair:
    """The pair, with what it rests on."""
    weights = weigh(one, other, numbers)
    said = [(field, weight) for field, weight in zip(FIELDS, weights, strict=True) if weight]
    return Pair(
        theirs=one.key,
        base=other.key,
        confidence=min(99, round(100 / (1 + 2 ** -score(weights)))),
        agrees=tuple(field for field, weight in said if weight >= _AGREES.get(field, 1)),
        differs=tuple(field for field, weight in said if weight < _AGREES.get(field, 1)),
    )


def _party(one: str, as_one: Party, other: str, as_other: Party, weights: dict[Kind, int]) -> int:
    if not one or not other:
        return 0
    if one == other:
        return weights[Kind.SAME]
    kind = likeness(as_one.name, as_other.name).kind
    if as_one.uscc and as_other.uscc:
        return TWO_CODES if kind >= Kind.FORM else weights[Kind.OTHER]
    return weights[kind]


def _text(one: str, other: str, weights: tuple[int, int]) -> int:
    if not one or not other:
        return 0
    return weights[0] if one == other else weights[1]


def _day(one: date | None, other: date | None, weights: tuple[int, int]) -> int:
    if one is None or other is None:
        return 0
    return weights[0] if one == other else weights[1]


def _project(one: str, other: str) -> int:
    if one != other and one and other and (one in other or other in one):
        return PROJECT_IN_PART
    return _text(one, other, PROJECT)


def _amount(one: Shown, other: Shown) -> int:
    if alike(one, other):
        return AMOUNT[0]
    return AMOUNT_OF_ANOTHER_UNIT if power_of_ten(one, other) else AMOUNT[1]


def _state(one: tuple[Shown, ...], other: tuple[Shown, ...]) -> int:
    if not one or len(one) != len(other):
        return 0
    return STATE[0] if all(map(alike, one, other)) else STATE[1]
