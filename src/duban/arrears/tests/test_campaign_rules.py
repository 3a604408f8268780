from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules import bases, campaigns, targets
from duban.arrears.rules.accounts import HELD, Account, Rule
from duban.arrears.rules.bases import BaseClaim, OrderKind
from duban.arrears.rules.campaigns import COVERABLE, Clause, Out, ScopeRule, Standing, judge
from duban.arrears.rules.targets import Figures, Layer, Metric, Reached, Target
from duban.kernel.money import ZERO, Money

DAY = date(2022, 6, 30)
HUNDRED = Money.of(100)

money = st.integers(0, 10**12).map(Money)
balances = st.dictionaries(st.sampled_from(HELD), money)
rules = st.builds(
    ScopeRule,
    units=st.just(frozenset({"East"})),
    accounts=st.frozensets(st.sampled_from(COVERABLE), min_size=1),
    debtor_kinds=st.frozensets(st.sampled_from(["agency", "platform"])),
    creditor_kinds=st.frozensets(st.sampled_from(["small", "micro"])),
    categories=st.frozensets(st.sampled_from(["works", "goods"])),
    due_before=st.none() | st.dates(date(2020, 1, 1), date(2024, 1, 1)),
    from_the_beginning=st.booleans(),
)
standings = st.builds(
    Standing,
    balances=balances,
    debtor_kind=st.sampled_from(["", "agency", "platform"]),
    creditor_kind=st.sampled_from(["", "small", "micro"]),
    category=st.sampled_from(["", "works", "goods"]),
    due_on=st.none() | st.dates(date(2020, 1, 1), date(2024, 1, 1)),
    is_in_place=st.booleans(),
)


def rule(*accounts: Account, **given: object) -> ScopeRule:
    return ScopeRule(units=frozenset({"East"}), accounts=frozenset(accounts or {Account.UNDISPUTED}), **given)  # type: ignore[arg-type]  # each test names only what it is about


def standing(**given: object) -> Standing:
    return Standing(**{"balances": {Account.UNDISPUTED: HUNDRED}, **given})  # type: ignore[arg-type]  # as above


# -- Who is in --------------------------------------------------------------------------------------------------------


def test_a_claim_is_in_when_nothing_keeps_it_out() -> None:
    assert judge(rule(), standing()) is None


@pytest.mark.parametrize(
    ("scope", "claim", "out"),
    [
        (rule(), standing(is_in_place=False), Out.PLACE),
        (rule(debtor_kinds=frozenset({"agency"})), standing(debtor_kind="platform"), Out.DEBTOR),
        (rule(debtor_kinds=frozenset({"agency"})), standing(), Out.DEBTOR),
        (rule(creditor_kinds=frozenset({"small"})), standing(creditor_kind="medium"), Out.CREDITOR),
        (rule(categories=frozenset({"works"})), standing(category="goods"), Out.CATEGORY),
        (rule(due_before=DAY), standing(due_on=DAY), Out.DUE),
        (rule(due_before=DAY), standing(), Out.DUE),
        (rule(), standing(balances={Account.JUDICIAL: HUNDRED}), Out.ELSEWHERE),
        (rule(), standing(balances={Account.CASH: HUNDRED}), Out.CLEARED),
        (rule(), standing(balances={Account.REDUCED: HUNDRED}), Out.REDUCED),
    ],
)
def test_the_first_condition_that_keeps_a_claim_out_is_named(scope: ScopeRule, claim: Standing, out: Out) -> None:
    assert judge(scope, claim) is out


def test_a_campaign_that_takes_in_what_is_unsettled_asks_no_due_day_of_it() -> None:
    scope = rule(Account.UNSETTLED, due_before=DAY)
    assert judge(scope, standing(balances={Account.UNSETTLED: HUNDRED})) is None
    assert judge(scope, standing(balances={Account.UNSETTLED: HUNDRED}, due_on=DAY)) is Out.DUE


def test_what_was_cleared_before_is_in_only_where_the_campaign_counts_from_the_beginning() -> None:
    paid = {Account.CASH: HUNDRED}
    assert judge(rule(from_the_beginning=True), standing(balances=paid)) is None
    assert campaigns.covered(rule(from_the_beginning=True), paid) == HUNDRED
    assert campaigns.settled_outside(rule(from_the_beginning=True), paid) == ZERO
    assert campaigns.settled_outside(rule(), paid) == HUNDRED


@given(rules, standings)
def test_whoever_is_in_has_a_base_and_fits_every_condition(scope: ScopeRule, claim: Standing) -> None:
    if judge(scope, claim) is None:
        assert campaigns.covered(scope, claim.balances) > ZERO
        assert claim.is_in_place
        assert not scope.debtor_kinds or claim.debtor_kind in scope.debtor_kinds


@given(rules)
def test_a_scope_rule_is_read_back_as_it_was_kept(scope: ScopeRule) -> None:
    assert campaigns.read_scope(campaigns.plain_scope(scope)) == scope


@pytest.mark.parametrize(
    ("clause", "value"),
    [
        (Clause.SMALL, ZERO),
        (Clause.EVIDENCE, 0),
        (Clause.COUNTING, 3),
        (Clause.SCOPE, ScopeRule(units=frozenset(), accounts=frozenset({Account.UNDISPUTED}))),
        (Clause.SCOPE, ScopeRule(units=frozenset({"East"}), accounts=frozenset())),
        (Clause.SCOPE, rule(Account.CASH)),
    ],
)
def test_a_clause_that_says_nothing_is_refused(clause: Clause, value: ScopeRule | Rule | Money | int) -> None:
    with pytest.raises(campaigns.BadClause, match=r"cannot be read"):
        campaigns.plain_clause(clause, value)


# -- The base and what is counted over it -----------------------------------------------------------------------------


def claim(amount: int, *, settled: int = 0, stated: int = 0, verified: int = 0) -> BaseClaim:
    return BaseClaim(Money(amount), Money(settled), Money(stated), Money(verified))


base_claims = st.builds(
    lambda amount, settled, verified, more: claim(amount, settled=settled, stated=verified + more, verified=verified),
    st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10**12),
)  # fmt: skip


def test_a_claim_counts_at_most_its_base() -> None:
    found = bases.progress([claim(100, stated=150, verified=30), claim(300)])
    assert (found.base, found.stated, found.verified) == (Money(400), Money(100), Money(30))
    assert (found.stated_rate, found.verified_rate) == (Decimal("0.25"), Decimal("0.075"))


def test_what_was_cleared_before_the_base_makes_no_progress() -> None:
    assert bases.progress([claim(100, settled=50, stated=50, verified=50)]).stated == ZERO
    assert bases.progress([claim(100, settled=50, stated=80, verified=50)]).stated == Money(30)


@given(st.lists(base_claims))
def test_progress_is_between_nothing_and_all_and_the_strict_rule_never_counts_more(claims: list[BaseClaim]) -> None:
    found = bases.progress(claims)
    assert ZERO <= found.verified <= found.stated <= found.base
    assert (found.stated_rate is None) == (found.base == ZERO) == (found.why_none is not None)


def test_nothing_owed_is_not_assessed_and_an_unsigned_base_gives_no_rate() -> None:
    assert bases.progress([]).why_none is bases.NOT_ASSESSED
    unsigned = bases.progress_of(base=HUNDRED, stated=ZERO, verified=ZERO, is_signed=False)
    assert (unsigned.why_none, unsigned.stated_rate) == (bases.BASE_NOT_SIGNED, None)


def test_orders_follow_each_other() -> None:
    first = {"is_established": False, "waiting": None, "on": DAY, "last": None}
    later = {"is_established": True, "waiting": None, "on": DAY, "last": DAY}
    bases.check_order(OrderKind.ESTABLISHED, **first)  # type: ignore[arg-type]  # a table of arguments
    bases.check_order(OrderKind.CORRECTED, **later)  # type: ignore[arg-type]  # as above
    with pytest.raises(bases.BaseOutOfOrder, match="there is no base yet"):
        bases.check_order(OrderKind.CORRECTED, **first)  # type: ignore[arg-type]  # as above
    with pytest.raises(bases.BaseOutOfOrder, match="established already"):
        bases.check_order(OrderKind.ESTABLISHED, **later)  # type: ignore[arg-type]  # as above
    with pytest.raises(bases.OrderWaits, match="Order 3 of this campaign"):
        bases.check_order(OrderKind.MEMBERS, **{**later, "waiting": 3})  # type: ignore[arg-type]  # as above
    with pytest.raises(bases.DayBeforeLast, match="Give 2022-06-30 or a later day"):
        bases.check_order(OrderKind.MEMBERS, **{**later, "on": DAY - timedelta(1)})  # type: ignore[arg-type]  # as above


@given(st.lists(st.tuples(money, money, st.sampled_from(list(Out)).map(str))))
def test_a_bridge_adds_up_to_the_cent(claims: list[tuple[Money, Money, str]]) -> None:
    found = bases.bridge(claims)
    assert found.adds_up
    assert found.old == sum((before for before, _, _ in claims), ZERO)
    assert found.new == sum((after for _, after, _ in claims), ZERO)


# -- Targets ----------------------------------------------------------------------------------------------------------


def figures(stated: int, *, verified: int = 0, small_left: Money | None = None, strict: bool = False) -> Figures:
    return Figures(bases.progress([claim(100, stated=stated, verified=verified)]), small_left, strict)


HALF = Target(Layer.OWN, Metric.PROGRESS, DAY, buffer_days=10, rate=Decimal("0.5"))


@pytest.mark.parametrize(
    ("stated", "days", "expected"),
    [(50, 30, Reached.REACHED), (49, 30, Reached.MISSED), (49, 0, Reached.NEAR), (49, -10, Reached.NEAR),
     (49, -11, Reached.AHEAD)],
)  # fmt: skip
def test_where_a_target_stands_is_told_by_the_figures_and_the_day(stated: int, days: int, expected: Reached) -> None:
    assert targets.standing(HALF, figures(stated), as_of=DAY + timedelta(days)) is expected


def test_a_target_is_held_against_the_counting_rule_of_the_campaign() -> None:
    assert targets.is_met(HALF, figures(60, verified=40)) is True
    assert targets.is_met(HALF, figures(60, verified=40, strict=True)) is False


def test_small_claims_are_at_zero_only_where_a_threshold_tells_which_they_are() -> None:
    zero = Target(Layer.ABOVE, Metric.SMALL_ZERO, DAY)
    assert targets.is_met(zero, figures(0)) is None
    assert targets.is_met(zero, figures(0, small_left=ZERO)) is True
    assert targets.is_met(zero, figures(0, small_left=Money(1))) is False


def test_a_target_without_anything_owed_is_not_missed() -> None:
    nothing = Figures(bases.progress([]), None, is_strict=False)
    assert targets.standing(HALF, nothing, as_of=DAY + timedelta(30)) is Reached.UNKNOWN


@pytest.mark.parametrize(
    "wrong",
    [
        Target(Layer.OWN, Metric.PROGRESS, DAY),
        Target(Layer.OWN, Metric.PROGRESS, DAY, rate=Decimal("1.01")),
        Target(Layer.OWN, Metric.AMOUNT, DAY, amount=ZERO),
        Target(Layer.OWN, Metric.SMALL_ZERO, DAY, amount=HUNDRED),
        Target(Layer.OWN, Metric.PROGRESS, DAY, buffer_days=366, rate=Decimal("0.5")),
    ],
)
def test_a_target_has_the_number_of_its_metric(wrong: Target) -> None:
    with pytest.raises(targets.BadTarget):
        targets.check_target(wrong)
