"""Which parties may be the same one, and how much speaks for it. Pure.

Codes are looked at first. Names come second, and a bare one (a trade name, or an office without its place) never is
enough: there is a 财政局 in every county.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from duban.kernel.codes import Uscc
from duban.kernel.errors import DomainError
from duban.kernel.numbers import half_width
from duban.kernel.words import N_, Sentence
from duban.register.rules.names import Parts, parts_of, spelling, stems_of

MOST_RIVALS = 3
"""A party without code is held against no more than so many others of one kind; more are a list and no proposal."""
_MISREAD = str.maketrans("IOSZV", "1052U")


class Ground(StrEnum):
    """Why two parties may be the same."""

    SAME_CODE = "same_code"
    NEAR_CODE = "near_code"
    SAME_NAME = "same_name"
    SHARED_NAME = "shared_name"
    SAME_PARTS = "same_parts"
    OTHER_FORM = "other_form"

    @property
    def reason(self) -> Sentence:
        """What speaks for it, for people."""
        return Sentence(_REASONS[self])

    @property
    def confidence(self) -> int:
        """How much speaks for it, in per cent: a stated order of what to look at first, and no measured rate."""
        return _CONFIDENCE[self]


_REASONS = {
    Ground.SAME_CODE: N_("The two codes are one code written differently: spaces, case, or letters that none has."),
    Ground.NEAR_CODE: N_(
        "The two codes differ in one character or in two neighbours, and one of them does not pass its check."
    ),
    Ground.SAME_NAME: N_("One has no code, and its name is that of exactly one party with a code."),
    Ground.SHARED_NAME: N_("One has no code, and several parties with a code have its name: compare the papers."),
    Ground.SAME_PARTS: N_(
        "Region, trade name, business and legal form of the two names are the same; 有限公司 is 有限责任公司."
    ),
    Ground.OTHER_FORM: N_(
        "Region, trade name and business of the two names are the same; the legal form differs, as after a conversion."
    ),
}
_CONFIDENCE = {
    Ground.SAME_CODE: 98,
    Ground.NEAR_CODE: 90,
    Ground.SAME_NAME: 85,
    Ground.SAME_PARTS: 75,
    Ground.OTHER_FORM: 55,
    Ground.SHARED_NAME: 50,
}


class Verdict(StrEnum):
    """What a person decided on two parties; the latest one counts."""

    SAME = "same"
    DIFFERENT = "different"
    OPEN = "open"
    """Undone: as if nobody had decided."""

    @property
    def label(self) -> Sentence:
        """The decision in the reader's language."""
        return Sentence(_VERDICTS[self])


_VERDICTS = {
    Verdict.SAME: N_("The same"),
    Verdict.DIFFERENT: N_("Different"),
    Verdict.OPEN: N_("Undone"),
}


class ReasonMissing(DomainError):
    """A decision without what it rests on."""

    text = N_("A decision on {name} needs what it rests on. Name the paper, and its day or number.")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


class NotTwo(DomainError):
    """Two parties that are one already."""

    text = N_("{first} and {second} are the same party already. Undo that decision first if it is wrong.")

    def __init__(self, *, first: str, second: str) -> None:
        super().__init__(first=first, second=second)


class IsAlias(DomainError):
    """A party that stands for another one already."""

    text = N_("{alias} counts as {survivor} already. Decide on {survivor} instead, or undo that decision first.")

    def __init__(self, *, alias: str, survivor: str) -> None:
        super().__init__(alias=alias, survivor=survivor)


class NothingDecided(DomainError):
    """A decision that is to be undone and is none."""

    text = N_("Nothing is decided on {first} and {second}, so there is nothing to undo.")

    def __init__(self, *, first: str, second: str) -> None:
        super().__init__(first=first, second=second)


@dataclass(frozen=True, slots=True)
class Known:
    """A party as the register knows it."""

    id: int
    name: str
    uscc: str | None


@dataclass(frozen=True, slots=True)
class Likely:
    """Two parties that may be one; the first has the lower id."""

    first: int
    second: int
    ground: Ground


def likely_duplicates(parties: Sequence[Known], *, places: Iterable[str] = ()) -> list[Likely]:
    """Pairs that may be the same party, each once and for the first ground that holds, in a few passes.

    Args:
        places: of the city, in full: names that leave 市, 县 or 区 out are placed by them.
    """
    stems = stems_of(places)
    made_of = {party.id: parts_of(party.name, stems) for party in parties}
    found: dict[tuple[int, int], Ground] = {}
    for one, other, ground in (*_by_code(parties), *_by_name(parties, made_of), *_by_parts(parties, made_of)):
        found.setdefault((min(one.id, other.id), max(one.id, other.id)), ground)
    return [Likely(first, second, ground) for (first, second), ground in sorted(found.items())]


def survivor_of(one: Known, other: Known) -> Known:
    """Of two parties that are the same, the one to go on with: with a sound code, with a code, known for longer."""
    return min(one, other, key=lambda party: (not _is_sound(party.uscc), party.uscc is None, party.id))


_Found = Iterator[tuple[Known, Known, Ground]]


def _by_code(parties: Sequence[Known]) -> _Found:
    coded = {party.uscc: party for party in parties if party.uscc}
    meant = {party.id: written(code) for code, party in coded.items()}
    for alike in _grouped(coded.values(), meant).values():
        yield from ((one, other, Ground.SAME_CODE) for one, other in combinations(alike[:MOST_RIVALS], 2))
    by_slip: dict[str, Known] = {}
    for code, party in coded.items():
        if not _is_sound(code):
            by_slip |= dict.fromkeys(_slips(code), party)
    if by_slip:
        for code, party in coded.items():
            for slip in _masks(code) | {code}:
                other = by_slip.get(slip)
                if other is not None and other is not party:
                    yield party, other, Ground.NEAR_CODE


def written(code: str) -> str:
    """A code as it was meant: half width, capitals, no spaces or hyphens, no letters that no code has."""
    return "".join(half_width(code).split()).replace("-", "").upper().translate(_MISREAD)


def _is_sound(code: str | None) -> bool:
    try:
        return code is not None and Uscc.parse(code, as_issued=True).code == code
    except DomainError:
        return False


def _masks(code: str) -> set[str]:
    """The code with each of its characters taken out in turn; two codes that share one differ in that place alone."""
    return {f"{code[:place]}?{code[place + 1 :]}" for place in range(len(code))}


def _slips(code: str) -> set[str]:
    """What a code with one wrong character, or two neighbours in the wrong order, may have been."""
    swapped = {
        code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        for place in range(len(code) - 1)
        if code[place] != code[place + 1]
    }
    return _masks(code) | swapped


def _by_name(parties: Sequence[Known], made_of: Mapping[int, Parts]) -> _Found:
    plain = {party.id: spelling(party.name) for party in parties}
    for alike in _grouped(parties, plain).values():
        coded = [party for party in alike if party.uscc]
        if not coded or _is_bare(made_of[alike[0].id]):
            continue
        ground = Ground.SAME_NAME if len(coded) == 1 else Ground.SHARED_NAME
        yield from _held_against(coded, alike, ground)


def _is_bare(parts: Parts) -> bool:
    """Whether a name says neither where its bearer is nor what kind of firm it is."""
    return not parts.place and not (parts.business and parts.form)


def _by_parts(parties: Sequence[Known], made_of: Mapping[int, Parts]) -> _Found:
    whole = [party for party in parties if made_of[party.id].is_whole]
    keys = {id_: (parts.place, parts.trade, parts.business) for id_, parts in made_of.items()}
    for alike in _grouped(whole, keys).values():
        anchors = [party for party in alike if party.uscc] or alike[:1]
        for one, other, _ in _held_against(anchors, alike, Ground.SAME_PARTS):
            mine, yours = made_of[one.id], made_of[other.id]
            if mine.may_lie_with(yours):
                yield one, other, Ground.SAME_PARTS if mine.form == yours.form else Ground.OTHER_FORM


def _held_against(anchors: Sequence[Known], alike: Iterable[Known], ground: Ground) -> _Found:
    """Each party without code beside those it may be. Two sound codes are two parties, whatever their names."""
    for party in alike:
        if not party.uscc:
            yield from ((anchor, party, ground) for anchor in anchors[:MOST_RIVALS] if anchor is not party)


def _grouped(parties: Iterable[Known], keys: Mapping[int, Hashable]) -> dict[Hashable, list[Known]]:
    """Parties of the same key together; who is alone is left out."""
    groups: defaultdict[Hashable, list[Known]] = defaultdict(list)
    for party in parties:
        groups[keys[party.id]].append(party)
    return {key: group for key, group in groups.items() if len(group) > 1}
