"""Two campaigns of the fictional city, kept by its office: one of 2022 and the one that took its place."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from duban.arrears.commands import campaign as commands
from duban.arrears.queries.campaigns.bases import orders
from duban.arrears.queries.campaigns.campaign import campaign, campaigns
from duban.arrears.queries.campaigns.matching import changes
from duban.arrears.rules.accounts import Account, Rule
from duban.arrears.rules.bases import OrderKind, OrderState
from duban.arrears.rules.campaigns import Clause, ScopeRule
from duban.arrears.rules.targets import Layer, Metric, Target
from duban.demo.city import CITY_CODE, COUNTIES, OVERSEERS
from duban.identity import entry
from duban.identity.models import Appointment
from duban.kernel.money import Money

OFFICE = OVERSEERS[-1].code
FIRST_PERSON, SECOND_PERSON = "清欠办", "清欠办复核"

Enter = Callable[[], AbstractContextManager[Appointment]]


@dataclass(frozen=True, slots=True)
class DemoCampaign:
    """A campaign, what it counts, and by which paper."""

    code: str
    name: str
    source: str
    began_on: date
    accounts: frozenset[Account]
    counting: Rule
    small: Money


CAMPAIGNS = (
    DemoCampaign(
        "2022专项", "防范和化解拖欠中小企业账款专项行动", "专项行动工作方案（2022年）", date(2022, 5, 1),
        frozenset({Account.UNDISPUTED, Account.DISPUTED, Account.JUDICIAL}), Rule.C0, Money.of("500000.00"),
    ),
    DemoCampaign(
        "2026清欠", "加快加力清理拖欠企业账款行动", "加快加力清理拖欠企业账款工作方案（2026年）", date(2026, 1, 1),
        frozenset({Account.UNDISPUTED, Account.DISPUTED, Account.UNSETTLED}), Rule.C1, Money.of("100000.00"),
    ),
)  # fmt: skip


def make_campaigns(*, as_of: date, today: date, enter: Enter) -> None:
    """Make what is missing of the campaigns, with their bases of `as_of`; the later one has targets.

    One person of the office drafts, another approves.
    """
    with enter():
        first, second = (_appointment(name) for name in (FIRST_PERSON, SECOND_PERSON))
    for demo in CAMPAIGNS:
        with _as(first) as actor:
            found = {found.code: found.uid for found in campaigns(actor=actor, on=today)}
            uid = found.get(demo.code) or _make(demo, as_of=as_of, today=today, actor=actor)
        with _as(second) as actor:
            for order in orders(campaign(uid, actor=actor, on=today).id, actor=actor):
                if order.state is OrderState.WAITING:
                    commands.decide_order(order=order.uid, is_approved=True, reason="核对无误，同意", actor=actor)


def _appointment(name: str) -> Appointment:
    return Appointment.objects.select_related("person").get(person__name=name)


@contextmanager
def _as(appointment: Appointment) -> Iterator[Appointment]:
    """A transaction entered as somebody of the office."""
    token = entry.open_session(appointment.person_id, appointment_id=appointment.pk)
    assert token is not None  # noqa: S101 - they were appointed just before
    with entry.entered(token) as actor:
        yield actor


def _make(demo: DemoCampaign, *, as_of: date, today: date, actor: Appointment) -> UUID:
    uid = _begin(demo, as_of=as_of, today=today, actor=actor)
    _enter_members(uid, on=as_of, today=today, actor=actor)
    act = commands.Act(as_of, today, "按范围规则核定")
    commands.draft_order(campaign=uid, kind=OrderKind.ESTABLISHED, act=act, actor=actor)
    if demo is CAMPAIGNS[-1]:
        _set_targets(uid, today=today, actor=actor)
    return uid


def _begin(demo: DemoCampaign, *, as_of: date, today: date, actor: Appointment) -> UUID:
    begun = commands.begin(
        code=demo.code, name=demo.name, source=demo.source, unit_code=OFFICE, began_on=min(demo.began_on, as_of),
        today=today, actor=actor,
    )  # fmt: skip
    scope = ScopeRule(frozenset({CITY_CODE}), demo.accounts, from_the_beginning=True)
    clauses: dict[Clause, ScopeRule | Rule | Money | int] = {
        Clause.SCOPE: scope,
        Clause.COUNTING: demo.counting,
        Clause.SMALL: demo.small,
        Clause.EVIDENCE: 60,
    }
    for clause, value in clauses.items():
        commands.set_clause(
            campaign=begun.uid, clause=clause, value=value, since=begun.began_on, source=demo.source, actor=actor
        )
    return begun.uid


def _enter_members(uid: UUID, *, on: date, today: date, actor: Appointment) -> None:
    found = campaign(uid, actor=actor, on=on)
    assert found.clauses.scope is not None  # noqa: S101 - it was set just before
    entering = sum(row.claims for row in changes(found.id, found.clauses.scope, on=on, actor=actor))
    commands.enter_members(campaign=uid, on=on, expected=commands.Moved(entering, 0), today=today, actor=actor)


def _set_targets(uid: UUID, *, today: date, actor: Appointment) -> None:
    """Of the city by the province and by itself, and of two counties; the end of this year and of the next quarter."""
    year_end = date(today.year, 12, 31)
    soon = today + timedelta(days=45)
    wanted = [
        (CITY_CODE, Target(Layer.ABOVE, Metric.PROGRESS, year_end, rate=Decimal("0.5"))),
        (CITY_CODE, Target(Layer.OWN, Metric.PROGRESS, year_end, 20, Decimal("0.6"))),
        (CITY_CODE, Target(Layer.ABOVE, Metric.SMALL_ZERO, soon, 15)),
        (COUNTIES[0].code, Target(Layer.OWN, Metric.PROGRESS, soon, 10, Decimal("0.4"))),
        (COUNTIES[3].code, Target(Layer.OWN, Metric.AMOUNT, soon, 10, amount=Money.of("20000000.00"))),
    ]
    for unit_code, target in wanted:
        commands.set_target(
            campaign=uid, unit_code=unit_code, target=target, source="清欠工作目标责任书", today=today, actor=actor
        )
