from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError
from django.utils import timezone
from tests import make

from duban.arrears.commands import campaign as commands
from duban.arrears.commands.campaign import keeping, orders
from duban.arrears.commands.claim.acting import SamePerson
from duban.arrears.models import BaseDecision, BaseLine, BaseOrder
from duban.arrears.queries.campaigns import bases, progress, targets
from duban.arrears.rules import bases as bases_rules
from duban.arrears.rules.accounts import Rule
from duban.arrears.rules.bases import (
    BASE_NOT_SIGNED,
    NOT_ASSESSED,
    BaseOutOfOrder,
    NothingInOrder,
    OrderKind,
    OrderState,
    OrderWaits,
)
from duban.arrears.rules.campaigns import Clause
from duban.arrears.rules.position import Dimension
from duban.arrears.rules.targets import Layer, Metric, Reached, Target
from duban.arrears.tests import making
from duban.arrears.tests.campaigning import approve, begin, correct, draft, enter_members, establish, set_scope, view
from duban.arrears.tests.making import days_ago, enter, office, today
from duban.arrears.tests.test_verify import tamper
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.money import ZERO, Money
from duban.postgres.server import Server


@pytest.fixture
def clerk(database: str) -> Appointment:
    """A clerk of East, whose ledger of ten days ago has 200 undisputed and 50 cleared before."""
    clerk = office()
    enter(
        clerk,
        {"ledger_no": "1", "amount": 150, "cleared": 50},
        {"ledger_no": "2", "amount": 60, "project": "桥"},
        {"ledger_no": "3", "amount": 40, "project": "路"},
    )
    return clerk


@pytest.fixture
def second(clerk: Appointment) -> Appointment:
    """Another person of the same office."""
    return make.appointment(of="East")


@pytest.fixture
def uid(clerk: Appointment, second: Appointment) -> UUID:
    """A campaign whose base of 200 yuan was established nine days ago."""
    uid = begin(clerk)
    enter_members(clerk, uid, on=days_ago(9))
    establish(clerk, second, uid, on=days_ago(9))
    return uid


def pay(clerk: Appointment, number: str, amount: str, *, on: date, to: str = "cash") -> None:
    now = making.claim(clerk, number)
    moves = [("undisputed", "reported", amount)] + ([("reported", to, amount)] if to != "reported" else [])
    with make.acting(clerk) as actor:
        making.post(actor, now, *moves, on=on)


def row(clerk: Appointment, uid: UUID, *, on: date | None = None) -> progress.ProgressRow:
    found = view(clerk, uid, on=on)
    with make.acting(clerk) as actor:
        [only] = progress.campaign_progress(found, as_of=on or today(), actor=actor, by=None)
    return only


def base(clerk: Appointment, uid: UUID, *, on: date | None = None) -> Money:
    return row(clerk, uid, on=on).progress.base


# -- Orders -----------------------------------------------------------------------------------------------------------


def test_a_base_is_what_the_ledger_held_on_its_day_claim_by_claim(clerk: Appointment, uid: UUID) -> None:
    pay(clerk, "2", "10.00", on=today())
    with make.acting(clerk) as actor:
        [made] = bases.orders(view(clerk, uid).id, actor=actor)
        lines = bases.order_lines(made.id, actor=actor, window=slice(0, 10))
    assert (made.number, made.kind, made.state, made.claims) == (1, OrderKind.ESTABLISHED, OrderState.APPROVED, 3)
    assert (made.before, made.after) == (ZERO, Money.of("200.00"))
    assert [(line.ledger_no, str(line.after), line.parts) for line in lines] == [
        ("1", "100.00", {"undisputed": Money.of("100.00")}),
        ("2", "60.00", {"undisputed": Money.of("60.00")}),
        ("3", "40.00", {"undisputed": Money.of("40.00")}),
    ]


def test_an_export_reads_every_line_of_an_order_once(
    clerk: Appointment, uid: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duban.arrears.queries.campaigns.bases.BATCH", 2)
    with make.acting(clerk) as actor:
        [made] = bases.orders(view(clerk, uid).id, actor=actor)
        read: list[bases.LineRow] = []
        while batch := bases.order_lines_after(made.id, actor, read[-1] if read else None):
            read += batch
    assert [line.ledger_no for line in read] == ["1", "2", "3"]


def test_whoever_drafted_an_order_does_not_approve_it_but_may_take_it_back(clerk: Appointment) -> None:
    uid = begin(clerk)
    enter_members(clerk, uid)
    order = draft(clerk, uid)
    with make.acting(clerk) as actor, pytest.raises(SamePerson):
        commands.decide_order(order=order, is_approved=True, reason="", actor=actor)
    with make.acting(clerk) as actor:
        commands.decide_order(order=order, is_approved=False, reason="口径有误", actor=actor)
        assert progress.campaign_progress(view(clerk, uid), as_of=today(), actor=actor) == []
    with make.acting(clerk) as actor, pytest.raises(orders.DecidedAlready, match="Order 1 was decided already"):
        commands.decide_order(order=order, is_approved=False, reason="", actor=actor)
    draft(clerk, uid)


def test_only_one_order_waits_and_the_first_establishes(clerk: Appointment, second: Appointment) -> None:
    uid = begin(clerk)
    enter_members(clerk, uid)
    with pytest.raises(BaseOutOfOrder):
        draft(clerk, uid, OrderKind.MEMBERS)
    draft(clerk, uid)
    with pytest.raises(OrderWaits, match="Order 1"):
        draft(clerk, uid)


def test_without_members_there_is_nothing_to_establish(clerk: Appointment) -> None:
    with pytest.raises(NothingInOrder):
        draft(clerk, begin(clerk))


def test_the_base_follows_its_members_only_by_an_order(clerk: Appointment, second: Appointment, uid: UUID) -> None:
    set_scope(clerk, uid, since=days_ago(5), categories=frozenset({"works"}))
    enter_members(clerk, uid, on=days_ago(5))
    assert base(clerk, uid) == Money.of("200.00")
    approve(second, draft(clerk, uid, OrderKind.MEMBERS, on=days_ago(4)))
    assert base(clerk, uid, on=days_ago(5)) == Money.of("200.00")
    assert base(clerk, uid) == ZERO
    set_scope(clerk, uid, since=days_ago(3))
    enter_members(clerk, uid, on=days_ago(3))
    pay(clerk, "1", "30.00", on=days_ago(2))
    approve(second, draft(clerk, uid, OrderKind.MEMBERS, on=days_ago(1)))
    assert base(clerk, uid) == Money.of("170.00")


def test_an_amount_is_corrected_with_evidence_before_and_after(
    clerk: Appointment, second: Appointment, uid: UUID
) -> None:
    order = correct(clerk, uid, {"2": "75.50"})
    assert base(clerk, uid) == Money.of("200.00")
    approve(second, order)
    assert base(clerk, uid) == Money.of("215.50")
    with make.acting(clerk) as actor:
        made, campaign = bases.order(order, actor=actor)
        [line] = bases.order_lines(made.id, actor=actor, window=slice(0, 10))
    assert (campaign, made.file_name, line.parts) == (uid, "批复.pdf", None)
    assert (line.before, line.after) == (Money.of("60.00"), Money.of("75.50"))


def test_what_cannot_be_corrected_is_refused_with_its_number(clerk: Appointment, uid: UUID) -> None:
    with pytest.raises(orders.NotInBase, match="Claim 9 is found 0 times"):
        correct(clerk, uid, {"9": "1.00"})
    with pytest.raises(orders.AmountBelowZero, match=r"-1\.00"):
        correct(clerk, uid, {"2": "-1.00"})
    with pytest.raises(NothingInOrder):
        correct(clerk, uid, {"2": "60.00"})
    with make.acting(clerk) as actor, pytest.raises(orders.NoEvidence):
        commands.draft_correction(campaign=uid, amounts={}, act=commands.Act(today(), today(), "x"), actor=actor)


def test_two_who_approve_an_order_at_once_approve_it_once(clerk: Appointment, second: Appointment, uid: UUID) -> None:
    third = make.appointment(of="East")
    order = correct(clerk, uid, {"2": "75.50"})

    def deciding(who: Appointment) -> Callable[[], object]:
        def act() -> object:
            try:
                approve(who, order)
            except orders.DecidedAlready as refusal:
                return refusal
            return None

        return act

    with make.threads(2) as start:
        done = [start(deciding(who)) for who in (second, third)]
        answers = [one.result(timeout=30) for one in done]
    assert sorted(isinstance(answer, orders.DecidedAlready) for answer in answers) == [False, True]


def test_only_who_may_decide_where_the_campaign_is_kept_decides(clerk: Appointment, uid: UUID) -> None:
    order = correct(clerk, uid, {"2": "75.50"})
    for stranger in (make.appointment(Role.DEBTOR, of="East"), make.appointment(of=make.unit("West"))):
        with pytest.raises(PermissionDenied):
            approve(stranger, order)


# -- What the database refuses ----------------------------------------------------------------------------------------


def _line(clerk: Appointment, order: BaseOrder, **given: Any) -> BaseLine:  # noqa: ANN401 - columns of a line
    two = making.claim(clerk, "2")
    values = {"before": 6000, "after": 1, "settled": 0, "by_hand": True, "posting_id": order.posting_id, **given}
    return BaseLine(order=order, claim_id=two.pk, scope_id=two.scope_id, **values)


def _order(actor: Appointment, uid: UUID, **given: Any) -> BaseOrder:  # noqa: ANN401 - columns of an order
    held = keeping.hold(uid, actor)
    posting = keeping.open_act(held, "arrears.test", "", actor)
    values = {
        "number": 2,
        "kind": "members",
        "effective_on": today(),
        "known_at": timezone.now(),
        "reason": "x",
        **given,
    }
    return BaseOrder.objects.create(campaign=held, scope_id=held.scope_id, posting=posting, **values)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"number": 3}, "follow each other"),
        ({"kind": "established"}, "follow each other"),
        ({"effective_on": days_ago(20)}, "follow each other"),
        ({"kind": "corrected"}, "a_correction_has_evidence"),
    ],
)
def test_the_database_lets_orders_follow_each_other(
    clerk: Appointment, uid: UUID, given: dict[str, Any], says: str
) -> None:
    def write() -> None:
        with make.acting(clerk) as actor:
            _order(actor, uid, **given)

    with pytest.raises(DatabaseError, match=says):
        write()


def test_the_database_refuses_an_approval_by_the_same_person_or_of_another_base(
    clerk: Appointment, second: Appointment, uid: UUID
) -> None:
    order = correct(clerk, uid, {"2": "75.50"})

    def decide(who: Appointment) -> None:
        with make.acting(who) as actor:
            held = keeping.hold(uid, actor)
            posting = keeping.open_act(held, "arrears.test", "", actor)
            BaseDecision.objects.create(
                order=BaseOrder.objects.get(uid=order), scope_id=held.scope_id, is_approved=True, posting=posting
            )

    with pytest.raises(DatabaseError, match="another person than drafted it"):
        decide(clerk)
    decide(second)

    def lie() -> UUID:
        with make.acting(clerk) as actor:
            lying = _order(actor, uid, number=3)
            _line(clerk, lying, before=6000).save()
            return lying.uid

    lying = lie()
    with pytest.raises(DatabaseError, match="another base before it"):
        approve(second, lying)


def test_the_database_adds_no_line_to_an_order_later(clerk: Appointment, uid: UUID) -> None:
    correct(clerk, uid, {"1": "75.50"})

    def write() -> None:
        with make.acting(clerk):
            _line(clerk, BaseOrder.objects.get(number=2)).save()

    with pytest.raises(DatabaseError, match="only in the transaction of their posting"):
        write()


# -- Progress ---------------------------------------------------------------------------------------------------------


def test_progress_is_what_came_since_over_the_base_under_both_rules(clerk: Appointment, uid: UUID) -> None:
    pay(clerk, "1", "40.00", on=days_ago(5))
    pay(clerk, "2", "60.00", on=days_ago(3), to="reported")
    found = row(clerk, uid).progress
    assert (found.base, found.stated, found.verified) == tuple(map(Money.of, ("200.00", "100.00", "0.00")))
    assert found.stated_rate == Decimal("0.5")
    assert row(clerk, uid, on=days_ago(4)).progress.stated == Money.of("40.00")
    pay(clerk, "3", "40.00", on=today())
    assert row(clerk, uid).progress.verified == Money.of("40.00")


def test_a_campaign_from_the_beginning_counts_what_was_cleared_before(clerk: Appointment, second: Appointment) -> None:
    uid = begin(clerk, from_the_beginning=True)
    enter_members(clerk, uid, on=days_ago(9))
    establish(clerk, second, uid, on=days_ago(9))
    found = row(clerk, uid).progress
    assert (found.base, found.stated) == (Money.of("250.00"), Money.of("50.00"))


def test_without_a_signed_base_there_is_no_rate(clerk: Appointment) -> None:
    uid = begin(clerk)
    enter_members(clerk, uid)
    draft(clerk, uid)
    with make.acting(clerk) as actor:
        rows = progress.campaign_progress(view(clerk, uid), as_of=today(), actor=actor)
    whole = progress.added_up(rows, is_signed=False).progress
    assert (rows, whole.stated_rate, whole.why_none) == ([], None, BASE_NOT_SIGNED)
    assert progress.added_up([]).progress.why_none is NOT_ASSESSED


def test_progress_goes_by_unit_and_shows_each_reader_what_they_see(database: str) -> None:
    make.units(make.row("City"), make.row("East", under="City"), make.row("West", under="City"))
    east, west, city, other = (make.appointment(of=unit) for unit in ("East", "West", "City", "City"))
    enter(east, {"ledger_no": "1", "amount": 100})
    enter(west, {"ledger_no": "1", "amount": 300})
    uid = begin(city)
    enter_members(city, uid, on=days_ago(9))
    establish(city, other, uid, on=days_ago(9))
    pay(west, "1", "75.00", on=today(), to="reported")

    def seen(who: Appointment) -> list[tuple[str, str, Decimal | None]]:
        with make.acting(who) as actor:
            rows = progress.campaign_progress(view(who, uid), as_of=today(), actor=actor)
        return [(found.key, str(found.progress.base), found.progress.stated_rate) for found in rows]

    assert seen(city) == [("East", "100.00", Decimal(0)), ("West", "300.00", Decimal("0.25"))]
    assert seen(east) == [("East", "100.00", Decimal(0))]
    with make.acting(city) as actor:
        for by in (Dimension.LINE, Dimension.KIND, Dimension.CATEGORY, None):
            rows = progress.campaign_progress(view(city, uid), as_of=today(), actor=actor, by=by)
            assert progress.added_up(rows).progress.base == Money.of("400.00")


def test_progress_is_the_sum_of_the_claims_that_it_opens_and_of_the_rule_over_them(
    clerk: Appointment, uid: UUID
) -> None:
    pay(clerk, "1", "40.00", on=days_ago(5))
    pay(clerk, "2", "60.00", on=days_ago(3), to="reported")
    found = view(clerk, uid)
    with make.acting(clerk) as actor:
        rows = progress.base_claims(found, as_of=today(), actor=actor, window=slice(0, 100), unit="East")
    whole = row(clerk, uid).progress
    sums = [sum((getattr(claim, name) for claim in rows), ZERO) for name in ("amount", "stated", "verified")]
    assert sums == [whole.base, whole.stated, whole.verified]
    assert [claim.ledger_no for claim in rows] == ["1", "2", "3"]
    # Of claim 1, 50 was cleared before the base; it stands in every account and counts for nothing.
    counted = bases_rules.progress(
        bases_rules.BaseClaim(claim.amount, Money.of(settled), Money.of(stated), Money.of(verified))
        for claim, settled, stated, verified in zip(
            rows, ("50", "0", "0"), ("90", "60", "0"), ("40", "0", "0"), strict=True
        )
    )
    assert (counted.stated, counted.verified) == (whole.stated, whole.verified)


def test_small_claims_are_those_below_the_threshold_in_force(clerk: Appointment, uid: UUID) -> None:
    assert row(clerk, uid).small_claims is None
    with make.acting(clerk) as actor:
        commands.set_clause(
            campaign=uid, clause=Clause.SMALL, value=Money.of("60.00"), since=days_ago(3), source="通知", actor=actor
        )
    assert (row(clerk, uid).small_claims, row(clerk, uid).small_left) == (1, Money.of("40.00"))
    pay(clerk, "3", "40.00", on=today())
    assert (row(clerk, uid).small_zero, row(clerk, uid).small_left) == (1, ZERO)
    assert row(clerk, uid).small_rate == Decimal(1)


# -- Targets ----------------------------------------------------------------------------------------------------------


def test_a_target_stands_where_the_figures_and_the_day_say(clerk: Appointment, uid: UUID) -> None:
    half = Target(Layer.OWN, Metric.PROGRESS, days_ago(-20), 10, Decimal("0.5"))
    amount = Target(Layer.ABOVE, Metric.AMOUNT, days_ago(2), amount=Money.of("150.00"))
    with make.acting(clerk) as actor:
        for target in (half, amount):
            commands.set_target(
                campaign=uid, unit_code="East", target=target, source="责任状", today=today(), actor=actor
            )
        commands.set_target(
            campaign=uid, unit_code="East", target=half, debtor="甲局", source="责任状", today=today(), actor=actor
        )

    def standings(as_of: date) -> list[tuple[str, str, Reached]]:
        with make.acting(clerk) as actor:
            rows = targets.targets(view(clerk, uid), as_of=as_of, actor=actor)
        return [(found.target.metric.value, found.debtor_name, found.standing) for found in rows]

    assert standings(today()) == [
        ("amount", "", Reached.MISSED), ("progress", "", Reached.AHEAD), ("progress", "甲局", Reached.AHEAD)
    ]  # fmt: skip
    pay(clerk, "1", "100.00", on=today(), to="reported")
    assert {found[2] for found in standings(today())[1:]} == {Reached.REACHED}
    with make.acting(clerk) as actor:
        commands.set_clause(
            campaign=uid, clause=Clause.COUNTING, value=Rule.C1, since=today(), source="办法", actor=actor
        )
    assert {found[2] for found in standings(today())[1:]} == {Reached.AHEAD}


def test_a_target_changes_by_a_new_version_and_is_taken_back_by_another(clerk: Appointment, uid: UUID) -> None:
    for rate, holds in (("0.5", True), ("0.8", True), ("0.8", False)):
        target = Target(Layer.OWN, Metric.PROGRESS, days_ago(-20), rate=Decimal(rate))
        with make.acting(clerk) as actor:
            commands.set_target(
                campaign=uid, unit_code="East", target=target, holds=holds, source="通知", today=today(), actor=actor
            )
            rows = targets.targets(view(clerk, uid), as_of=today(), actor=actor)
        assert [found.target.rate for found in rows] == ([Decimal(rate)] if holds else [])


# -- Audit ------------------------------------------------------------------------------------------------------------

TAMPERING = {
    "a part": ("UPDATE arrears_baseline SET undisputed = undisputed + 1, after = after + 1", "baseline", "undisputed"),
    "what was before": ("UPDATE arrears_baseline SET before = 1", "baseline", "before"),
    "a member away": ("UPDATE arrears_campaignmember SET n = 3", "campaignmember", "n"),
    "a number": ("UPDATE arrears_baseorder SET number = 2", "baseorder", "number"),
    "who approved": (
        "UPDATE arrears_basedecision SET posting_id = (SELECT min(posting_id) FROM arrears_baseorder)",
        "basedecision", "posting_id"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERING)
def test_verify_finds_what_somebody_changed_behind_the_books(
    clerk: Appointment, uid: UUID, what: str, server: Server, database: str
) -> None:
    pay(clerk, "1", "40.00", on=days_ago(9))
    with make.operator():
        assert verify().ok
    statement, table, column = TAMPERING[what]
    tamper(server, database, statement)
    with make.operator():
        broken = verify().first
    assert broken is not None
    assert (broken.table, broken.column) == (f"arrears_{table}", column)
