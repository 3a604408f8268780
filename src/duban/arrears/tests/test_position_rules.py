from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules import position as rules
from duban.arrears.rules.accounts import COUNTED, HELD, Account, Rule
from duban.kernel.money import ZERO, Money, Unit

POSITIONS = st.fixed_dictionaries({account: st.integers(0, 10**9).map(Money) for account in HELD})
RATES = ("progress", "undisputed_rate", "due_rate")


def held(**wan: str) -> dict[Account, Money]:
    return {Account(name): Money.parse(amount, Unit.WAN) for name, amount in wan.items()}


def test_quanzhou_2022_has_paid_all_that_was_due_although_a_dispute_is_left() -> None:
    found = rules.rates(held(reported="14944.0626", disputed="223.33"), Rule.C0)
    assert rules.due(held(reported="14944.0626", disputed="223.33")) == Money.parse("15167.3926", Unit.WAN)
    assert found.due_rate == 1
    assert found.progress == Decimal("14944.0626") / Decimal("15167.3926")
    assert found.undisputed_rate == 1


def test_where_nothing_is_owed_there_is_no_rate_and_a_reason() -> None:
    outside = held(not_due="5", unsettled="3", reduced="2")
    for balances in ({}, outside):
        found = rules.rates(balances, Rule.C0)
        assert [getattr(found, name) for name in RATES] == [None, None, None]
        assert all(found.reasons[name] == rules.NOTHING_OWED for name in RATES)


def test_what_is_all_disputed_has_progress_and_no_due_rate() -> None:
    found = rules.rates(held(disputed="7", judicial="1"), Rule.C0)
    assert [found.progress, found.due_rate, found.undisputed_rate] == [0, None, None]
    assert set(found.reasons) >= {"due_rate", "undisputed_rate"}


def test_small_claims_and_plan_have_no_rate_yet_and_say_why() -> None:
    found = rules.rates(held(undisputed="1"), Rule.C0)
    assert (found.small_zero_rate, found.plan_rate) == (None, None)
    assert (found.reasons["small_zero_rate"], found.reasons["plan_rate"]) == (rules.NO_THRESHOLD, rules.NO_PLAN)


def test_enforcement_is_progress_and_no_payment_of_the_undisputed() -> None:
    found = rules.rates(held(court="40", undisputed="60"), Rule.C0)
    assert [found.progress, found.undisputed_rate, found.due_rate] == [Decimal("0.4"), 0, Decimal("0.4")]


def test_what_is_only_stated_does_not_count_under_the_strict_rule() -> None:
    balances = held(reported="50", cash="30", instrument="10", offset="10", undisputed="100")
    assert (rules.cleared(balances, Rule.C0), rules.cleared(balances, Rule.C1)) == tuple(
        Money.parse(amount, Unit.WAN) for amount in ("100", "40")
    )
    assert rules.rates(balances, Rule.C1).progress == Decimal("0.2")


def test_where_nothing_was_verified_there_is_no_verified_rate_and_the_reason_is_said() -> None:
    stated_only = held(reported="10", undisputed="5")
    assert rules.rates(stated_only, Rule.C0).progress is not None
    verified = rules.rates(stated_only, Rule.C1)
    assert (verified.progress, verified.reasons["progress"]) == (None, rules.NOT_VERIFIED)
    assert rules.rates(held(reported="10", cash="5"), Rule.C1).progress == Decimal(5) / Decimal(15)


@given(POSITIONS, st.sampled_from(Rule))
def test_a_rate_lies_between_nothing_and_all(balances: dict[Account, Money], rule: Rule) -> None:
    found = rules.rates(balances, rule)
    for name in RATES:
        rate = getattr(found, name)
        assert rate is None or 0 <= rate <= 1
        assert (rate is None) == (found.reasons.get(name) in (rules.NOTHING_OWED, rules.NOT_VERIFIED))


@given(POSITIONS)
def test_the_strict_rule_never_counts_more(balances: dict[Account, Money]) -> None:
    stated, counted = rules.rates(balances, Rule.C0), rules.rates(balances, Rule.C1)
    assert set(COUNTED[Rule.C1]) <= set(COUNTED[Rule.C0])
    assert all((getattr(counted, name) or 0) <= (getattr(stated, name) or 0) for name in RATES)


@given(POSITIONS)
def test_everything_recognised_is_due_or_outside(balances: dict[Account, Money]) -> None:
    outside = balances[Account.NOT_DUE] + balances[Account.UNSETTLED] + balances[Account.REDUCED]
    assert rules.due(balances) + outside == rules.recognised(balances)
    assert rules.still_open(balances) + rules.cleared(balances, Rule.C0) == rules.due(balances)


def test_a_position_without_anything_adds_up_to_nothing() -> None:
    assert (rules.due({}), rules.recognised({}), rules.still_open({})) == (ZERO, ZERO, ZERO)
