from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules.matching import (
    Asked,
    Doubt,
    Field,
    Item,
    Matching,
    Numbers,
    Pair,
    Party,
    Shown,
    check_unit,
    match,
)
from duban.arrears.rules.matching.amounts import WrongUnit, alike

CITY = Party("昆明市住建局")
HONGDA = Party("云南宏达建筑有限公司")
WAN = 1_000_000
"""A 万元 in fen."""
DAY = date(2026, 1, 31)


def row(
    key: int,
    *,
    number: str = "",
    creditor: Party = HONGDA,
    debtor: Party = CITY,
    amount: int = 5 * WAN,
    step: int = 1,
    contract: str = "",
    project: str = "",
    category: str = "",
    due: date | None = None,
    cleared: int | None = None,
) -> Item:
    state = () if cleared is None else (Shown(cleared),)
    return Item(
        key, number or str(key), debtor, creditor, Shown(amount, step), contract, project, category, None, due, state
    )


def matched(matching: Matching) -> set[tuple[object, object]]:
    return {(pair.theirs, pair.base) for pair in matching.sure}


def only_question(matching: Matching) -> Asked:
    (asked,) = matching.asked
    assert not matching.sure
    return asked


# -- What a number is worth -----------------------------------------------------------------------------------------


def test_a_number_alone_joins_nothing() -> None:
    stranger = replace(row(1, number="7"), creditor=Party("大理苍山劳务有限公司"), debtor=Party("大理州交通局"))
    matching = match([stranger], [row(1, number="7")])
    assert (matching.sure, matching.asked, matching.new, matching.vanished) == ((), (), (1,), (1,))


def test_numbers_that_others_have_kept_join_a_claim_whose_amount_changed() -> None:
    base = [
        row(n, creditor=Party(f"云南{letter}建筑有限公司"), amount=n * WAN) for n, letter in enumerate("甲乙丙丁", 1)
    ]
    theirs = [*base[:3], replace(base[3], amount=Shown(41 * WAN))]
    matching = match(theirs, base)
    assert matching.numbers is Numbers.CONFIRMED
    assert matched(matching) == {(n, n) for n in range(1, 5)}
    changed = next(pair for pair in matching.sure if pair.theirs == 4)
    assert changed.differs == (Field.AMOUNT,)
    assert str(changed.reason) == "Certainty 99%: creditor, debtor, ledger number agree; amount as first owed differ."


def test_numbers_moved_by_one_count_for_nothing_even_between_rows_of_the_same_parties() -> None:
    """Row 5 of this month is row 4 of the last; the same number stands at another claim of the same creditor."""
    base = [row(n, amount=n * WAN) for n in range(1, 6)]
    theirs = [replace(item, ledger_no=str(int(item.ledger_no) + 1)) for item in base]
    matching = match(theirs, base)
    assert matching.numbers is Numbers.DENIED
    assert matched(matching) == {(n, n) for n in range(1, 6)}


# -- Parties --------------------------------------------------------------------------------------------------------


def test_two_firms_of_nearly_the_same_name_are_two_firms() -> None:
    one, other = Party("甲建筑有限公司"), Party("乙建筑有限公司")
    matching = match([row(1, creditor=one)], [row(2, creditor=other)])
    assert (matching.new, matching.vanished) == ((1,), (2,))


def test_a_code_given_in_one_month_only_is_the_same_firm() -> None:
    coded = replace(HONGDA, uscc="91530100MA6K123456")
    assert matched(match([row(1, creditor=coded)], [row(2)])) == {(1, 2)}
    assert matched(match([row(1)], [row(2, creditor=coded)])) == {(1, 2)}


def test_a_firm_that_was_renamed_is_known_by_its_code() -> None:
    code = "91530100MA6K123456"
    renamed = Party("昆明长风集团有限公司", code)
    assert matched(match([row(1, creditor=renamed)], [row(2, creditor=replace(HONGDA, uscc=code))])) == {(1, 2)}


def test_two_names_that_differ_in_the_legal_form_are_told_apart_by_the_codes_of_one_month() -> None:
    limited, by_shares = Party("宏达有限公司", "91530100MA6K123456"), Party("宏达股份有限公司", "91530100MA6K654321")
    base = [row(1, creditor=limited), row(2, creditor=by_shares)]
    theirs = [row(3, creditor=Party(by_shares.name)), row(4, creditor=Party(limited.name))]
    assert matched(match(theirs, base)) == {(3, 2), (4, 1)}


def test_a_row_without_a_creditor_is_nobody_known() -> None:
    nameless = replace(row(2, contract="HT1"), creditor=Party("", "91530100MA6K123456"))
    matching = match([replace(row(1, contract="HT1"), creditor=Party(""))], [nameless])
    assert only_question(matching).doubt is Doubt.PARTY


def test_the_same_name_with_two_codes_is_asked() -> None:
    one, other = replace(HONGDA, uscc="91530100MA6K123456"), replace(HONGDA, uscc="91530100MA6K654321")
    asked = only_question(match([row(1, creditor=one)], [row(2, creditor=other)]))
    assert asked.doubt is Doubt.PARTY


@pytest.mark.parametrize("field", ["creditor", "debtor"])
def test_a_claim_with_another_party_is_asked_however_much_agrees(field: str) -> None:
    """It may have been reassigned, or shifted to another debtor: a person must say."""
    base = [row(n, number=f"A{n}", amount=n * WAN, contract=f"HT{n}", project=f"{n}号路") for n in range(1, 6)]
    other = Party("大理苍山劳务有限公司")
    changed = replace(base[4], creditor=other) if field == "creditor" else replace(base[4], debtor=other)
    matching = match([*base[:4], changed], base)
    (asked,) = matching.asked
    assert (asked.pair.theirs, asked.pair.base, asked.doubt) == (5, 5, Doubt.PARTY)
    assert "another party" in str(asked.why)


def test_a_place_written_without_its_suffix_needs_something_else_that_agrees() -> None:
    with_suffix, without = Party("昆明市宏达建筑有限公司"), Party("昆明宏达建筑有限公司")
    alone = match([row(1, creditor=with_suffix)], [row(2, creditor=without)])
    assert only_question(alone).doubt is Doubt.UNLIKELY
    by_contract = match([row(1, creditor=with_suffix, contract="HT1")], [row(2, creditor=without, contract="ht 1")])
    assert matched(by_contract) == {(1, 2)}


# -- Below certainty, and ties --------------------------------------------------------------------------------------


def test_with_nothing_but_the_parties_a_changed_amount_is_asked() -> None:
    asked = only_question(match([row(1, number="2", amount=7 * WAN)], [row(2, amount=5 * WAN)]))
    assert asked.doubt is Doubt.UNLIKELY
    assert asked.pair.confidence == 94
    assert not asked.rivals


def test_another_number_and_another_amount_between_the_same_parties_are_another_claim() -> None:
    matching = match([row(1, number="3", amount=7 * WAN)], [row(2, amount=5 * WAN)])
    assert (matching.asked, matching.new, matching.vanished) == ((), (1,), (2,))


def test_two_rows_for_one_place_are_asked_and_neither_is_new_meanwhile() -> None:
    theirs = [row(1, number="a", amount=7 * WAN, contract="HT1"), row(2, number="b", amount=8 * WAN, contract="HT1")]
    matching = match(theirs, [row(9, amount=5 * WAN, contract="HT1")])
    asked = only_question(matching)
    assert asked.doubt is Doubt.RIVALS
    assert {asked.pair.theirs, asked.rivals[0].theirs} == {1, 2}
    assert matching.undecided_theirs == (asked.rivals[0].theirs,)
    assert matching.new == ()


def test_what_is_sure_is_no_rival_of_what_is_asked() -> None:
    base = [row(n, amount=n * WAN, contract="HT1", due=DAY + timedelta(n)) for n in range(1, 4)]
    theirs = [*base[:2], row(8, amount=41 * WAN, contract="HT1"), row(9, amount=43 * WAN, contract="HT1")]
    matching = match(theirs, base)
    assert matched(matching) == {(1, 1), (2, 2)}
    (asked,) = matching.asked
    assert {rival.base for rival in asked.rivals} == {3}


# -- Twins ----------------------------------------------------------------------------------------------------------


def twins(*cleared: int, first: int = 1, numbers: str = "") -> list[Item]:
    """Rows that only their number and what was cleared tell apart."""
    return [
        row(key, number=numbers and f"{numbers}{key}", contract="HT1", cleared=paid)
        for key, paid in enumerate(cleared, first)
    ]


def test_twins_with_equal_states_are_matched_in_their_order() -> None:
    matching = match(twins(0, 0, 0, numbers="B"), twins(0, 0, 0, numbers="A"))
    assert matched(matching) == {(1, 1), (2, 2), (3, 3)}


def test_twins_are_told_apart_by_what_was_cleared() -> None:
    matching = match(twins(50, 0, 70, numbers="B"), twins(0, 70, 50, numbers="A"))
    assert matched(matching) == {(1, 3), (2, 1), (3, 2)}


def test_when_one_of_equal_twins_was_paid_it_does_not_matter_which() -> None:
    matching = match(twins(0, 50, numbers="B"), twins(0, 0, numbers="A"))
    assert len(matching.sure) == 2
    assert not matching.asked


def test_twins_are_equal_though_a_code_is_given_for_one_of_them() -> None:
    first, second = twins(0, 0, numbers="A")
    coded = [replace(first, creditor=replace(HONGDA, uscc="91530100MA6K123456")), second]
    matching = match(twins(30, 60, numbers="B"), coded)
    assert len(matching.sure) == 2


def test_when_twins_differ_and_changed_it_is_asked_which_is_which() -> None:
    matching = match(twins(30, 60, numbers="B"), twins(0, 50, numbers="A"))
    assert [asked.doubt for asked in matching.asked] == [Doubt.RIVALS] * 2
    assert not matching.sure


def test_numbers_that_others_have_kept_tell_twins_apart() -> None:
    others = [row(n, amount=n * WAN, contract=f"HT{n}") for n in range(10, 20)]
    matching = match([*twins(30, 60), *others], [*twins(0, 50), *others])
    assert {(1, 1), (2, 2)} <= matched(matching)


def test_a_new_twin_of_equal_twins_is_new() -> None:
    matching = match(twins(0, 0, 0, numbers="B"), twins(0, 0, numbers="A"))
    assert len(matching.sure) == 2
    assert len(matching.new) == 1


def test_parts_of_a_contract_are_told_apart_by_their_due_days() -> None:
    base = [row(n, number=f"A{n}", contract="HT1", due=DAY + timedelta(n), cleared=n) for n in range(1, 4)]
    theirs = [row(n, number=f"B{n}", contract="HT1", due=DAY + timedelta(n), cleared=9 * n) for n in (3, 1, 2)]
    assert matched(match(theirs, base)) == {(1, 1), (2, 2), (3, 3)}


@pytest.mark.parametrize("count", [35, 80])
def test_too_many_rows_that_nothing_tells_apart_are_asked_in_their_order(count: int) -> None:
    many = [row(n, number=f"A{n:03}", amount=n * WAN) for n in range(1, count + 1)]
    grown = [replace(item, ledger_no="B" + item.ledger_no, amount=Shown(item.amount.fen + 777)) for item in many]
    matching = match(grown[::-1], many)
    assert {asked.doubt for asked in matching.asked} == {Doubt.CROWD}
    assert {(asked.pair.theirs, asked.pair.base) for asked in matching.asked} == {(n, n) for n in range(1, count + 1)}


def test_of_too_many_rows_the_clear_ones_are_sure() -> None:
    """All hang together by their parties, and each by its project to its own."""
    many = [
        row(n, number=f"A{n:03}", amount=n * WAN, project=f"{n}号路", category="工程款", due=DAY) for n in range(1, 101)
    ]
    grown = [replace(item, ledger_no="B" + item.ledger_no, amount=Shown(item.amount.fen + 777)) for item in many]
    assert matched(match(grown[::-1], many)) == {(n, n) for n in range(1, 101)}


def test_between_too_many_rows_a_single_change_is_seen() -> None:
    many = [row(n, amount=n * WAN, contract=f"HT{n % 7}", due=DAY) for n in range(1, 201)]
    theirs = [*many[:-1], replace(many[-1], amount=Shown(777 * WAN))]
    matching = match(theirs, many)
    assert matched(matching) == {(n, n) for n in range(1, 201)}


# -- The unit -------------------------------------------------------------------------------------------------------


def test_a_file_in_the_wrong_unit_is_matched_all_the_same_and_then_refused() -> None:
    base = [row(n, amount=n * WAN + 12_345, contract=f"HT{n}") for n in range(1, 11)]
    theirs = [replace(item, amount=Shown(item.amount.fen * 10_000)) for item in base]
    matching = match(theirs, base)
    assert matched(matching) == {(n, n) for n in range(1, 11)}
    amounts = {item.key: item.amount for item in base}, {item.key: item.amount for item in theirs}
    with pytest.raises(WrongUnit, match="10 of the 10 rows"):
        check_unit([(amounts[0][pair.base], amounts[1][pair.theirs]) for pair in matching.sure])


# -- Laws -----------------------------------------------------------------------------------------------------------

CREDITORS = ("云南宏达建筑", "昆明长风（集团）科技", "大理苍山 劳务", "玉溪红塔区绿源园林")
FORMS = ("有限公司", "有限责任公司", "股份有限公司")


@dataclass(frozen=True)
class Claim:
    """What a ledger is about; `item` writes it as one month has it."""

    n: int
    creditor: int
    debtor: int
    amount: int
    cleared: int
    contract: str = ""
    project: str = ""
    category: str = ""
    due: date | None = None

    def item(self) -> Item:
        creditor = Party(CREDITORS[self.creditor] + FORMS[0], f"9153010000000{self.creditor:05}")
        debtor = Party(f"昆明市第{self.debtor}局", f"1153010000000{self.debtor:05}")
        return Item(
            self.n, str(self.n + 1), debtor, creditor, Shown(self.amount), self.contract, self.project, self.category,
            None, self.due, (Shown(self.cleared),),
        )  # fmt: skip


@st.composite
def ledgers(draw: st.DrawFn) -> list[Claim]:
    """Claims that are often alike: few parties, contracts, days and amounts."""
    claims = st.builds(
        Claim,
        n=st.just(0),
        creditor=st.integers(0, len(CREDITORS) - 1),
        debtor=st.integers(1, 2),
        amount=st.one_of(
            st.sampled_from([5 * WAN, 5 * WAN + 4_999, 5 * WAN + 5_000, 6 * WAN]), st.integers(1, 9 * WAN)
        ),
        cleared=st.sampled_from([0, 0, 1_234, 15_000]),
        contract=st.sampled_from(["", "", "HT-1", "HT-2"]),
        project=st.sampled_from(["", "环城路"]),
        category=st.sampled_from(["工程款", "货款"]),
        due=st.sampled_from([None, DAY, DAY + timedelta(30)]),
    )
    return [replace(claim, n=n) for n, claim in enumerate(draw(st.lists(claims, max_size=12)))]


@st.composite
def disturbed(draw: st.DrawFn, claims: Sequence[Claim]) -> list[Item]:
    """The same claims as an office may write them next month: nothing is new."""
    step = draw(st.sampled_from([1, 100, 10_000]))
    shift = draw(st.sampled_from([0, 1]))
    items = []
    for item in (claim.item() for claim in claims):
        name = item.creditor.name.removesuffix(FORMS[0]) + draw(st.sampled_from(FORMS))
        name = draw(
            st.sampled_from([name, name.replace("（", "(").replace("）", ")"), f" {name}　", name.replace(" ", "")])
        )
        creditor = Party(name, draw(st.sampled_from([None, item.creditor.uscc])))
        debtor = Party(item.debtor.name, draw(st.sampled_from([None, item.debtor.uscc])))
        number = str(int(item.ledger_no) + shift)
        written = replace(item, ledger_no=number, creditor=creditor, debtor=debtor)
        state = tuple(in_steps(part, step) for part in item.state)
        items.append(replace(written, amount=in_steps(item.amount, step), state=state))
    return draw(st.permutations(items))


def in_steps(amount: Shown, step: int) -> Shown:
    return Shown((amount.fen + step // 2) // step * step, step)


@st.composite
def months(draw: st.DrawFn) -> tuple[list[Item], list[Item]]:
    """Two months that have little or much to do with each other."""
    base = draw(ledgers())
    theirs = [replace(claim, n=100 + claim.n) for claim in draw(ledgers())]
    kept = [claim for claim in base if draw(st.booleans())]
    return draw(disturbed([*kept, *theirs])), [claim.item() for claim in base]


def say_the_same(one: Item, other: Item) -> bool:
    texts = one.contract_no == other.contract_no and one.project == other.project and one.category == other.category
    states = all(map(alike, one.state, other.state))
    return texts and states and one.due_on == other.due_on and alike(one.amount, other.amount)


@given(st.data())
def test_the_same_ledger_written_differently_proposes_nothing(data: st.DataObject) -> None:
    claims = data.draw(ledgers())
    base = {claim.n: claim.item() for claim in claims}
    theirs = {item.key: item for item in data.draw(disturbed(claims))}
    matching = match(list(theirs.values()), list(base.values()))
    assert (matching.asked, matching.new, matching.vanished) == ((), (), ())
    assert len(matching.sure) == len(claims)
    for pair in matching.sure:
        one, other = theirs[pair.theirs], base[int(pair.base)]
        assert say_the_same(one, other)
        assert CREDITORS.index(other.creditor.name.removesuffix(FORMS[0])) == claims[int(pair.theirs)].creditor


@given(st.data())
def test_just_the_real_changes_come_out(data: st.DataObject) -> None:
    """Of claims that each have a contract: some are new, some vanished, some have another amount."""
    claims = [replace(claim, contract=f"HT-{claim.n}") for claim in data.draw(ledgers())]
    fate = {claim.n: data.draw(st.sampled_from(["", "", "new", "vanished", "amount"])) for claim in claims}
    added = {"": 0, "amount": 10 * WAN, "new": 51_234_567}
    base = [claim.item() for claim in claims if fate[claim.n] != "new"]
    this_month = [
        replace(claim, amount=claim.amount + added[fate[claim.n]]) for claim in claims if fate[claim.n] != "vanished"
    ]
    theirs = data.draw(disturbed(this_month))
    matching = match(theirs, base)
    found = {
        "new": {*matching.new},
        "vanished": {*matching.vanished},
        "amount": {pair.theirs for pair in matching.sure if Field.AMOUNT in pair.differs},
    }
    assert found == {kind: {n for n, became in fate.items() if became == kind} for kind in found}
    assert all(pair.theirs == pair.base for pair in matching.sure)


@given(months())
def test_every_row_comes_out_once(two: tuple[list[Item], list[Item]]) -> None:
    matching = match(*two)
    pairs = [*matching.sure, *(asked.pair for asked in matching.asked)]
    sides = (
        [*(pair.theirs for pair in pairs), *matching.new, *matching.undecided_theirs],
        [*(pair.base for pair in pairs), *matching.vanished, *matching.undecided_base],
    )
    for keys, items in zip(sides, two, strict=True):
        assert sorted(map(str, keys)) == sorted(str(item.key) for item in items)


@given(st.data(), months())
def test_the_order_of_rows_changes_nothing(data: st.DataObject, two: tuple[list[Item], list[Item]]) -> None:
    theirs, base = two
    assert match(data.draw(st.permutations(theirs)), data.draw(st.permutations(base))) == match(theirs, base)


@given(months())
def test_backwards_the_same_is_sure_and_new_is_vanished(two: tuple[list[Item], list[Item]]) -> None:
    theirs, base = two
    forth, back = match(theirs, base), match(base, theirs)
    assert {(pair.base, pair.theirs) for pair in back.sure} == matched(forth)
    assert {*back.new} == {*forth.vanished}
    assert {*back.vanished} == {*forth.new}


@given(months())
def test_a_sure_pair_says_why_and_is_between_the_same_parties(two: tuple[list[Item], list[Item]]) -> None:
    def is_sound(pair: Pair) -> bool:
        return {Field.CREDITOR, Field.DEBTOR} <= {*pair.agrees} and 97 <= pair.confidence <= 99

    matching = match(*two)
    assert all(is_sound(pair) and str(pair.reason) for pair in matching.sure)
