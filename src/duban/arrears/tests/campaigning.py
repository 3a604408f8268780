"""What the tests of campaigns are made of; a test names only what it is about."""

from collections import Counter
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from tests import make

from duban.arrears.commands import campaign as commands
from duban.arrears.queries.campaigns.campaign import CampaignView, campaign
from duban.arrears.queries.campaigns.matching import changes
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.bases import OrderKind
from duban.arrears.rules.campaigns import Clause, ScopeRule
from duban.arrears.tests.making import days_ago, today
from duban.identity.models import Appointment
from duban.kernel.money import Money

_numbers = count(1)


def begin(clerk: Appointment, *, since: date | None = None, scope: ScopeRule | None = None, **rule: Any) -> UUID:  # noqa: ANN401 - of a scope rule
    """A campaign of the clerk's unit, with a scope rule that takes in what is undisputed there unless said."""
    with make.acting(clerk) as actor:
        made = commands.begin(
            code=f"专项{next(_numbers)}", name="清欠专项行动", source="国办发明电〔2018〕14号", began_on=days_ago(400),
            unit_code=actor.unit.code, today=today(), actor=actor,
        )  # fmt: skip
    set_scope(clerk, made.uid, since=since, scope=scope, **rule)
    return made.uid


def set_scope(
    clerk: Appointment, uid: UUID, *, since: date | None = None, scope: ScopeRule | None = None, **rule: Any  # noqa: ANN401 - as above
) -> None:  # fmt: skip
    with make.acting(clerk) as actor:
        named = {"units": frozenset({actor.unit.code}), "accounts": frozenset({Account.UNDISPUTED}), **rule}
        commands.set_clause(
            campaign=uid, clause=Clause.SCOPE, value=scope or ScopeRule(**named), since=since or days_ago(400),
            source="方案第二条", actor=actor,
        )  # fmt: skip


def view(clerk: Appointment, uid: UUID, *, on: date | None = None) -> CampaignView:
    with make.acting(clerk) as actor:
        return campaign(uid, actor=actor, on=on or today())


def proposed(clerk: Appointment, uid: UUID, *, on: date | None = None) -> dict[str, int]:
    """How many claims would enter ("in"), and leave for each reason."""
    found = view(clerk, uid, on=on or today())
    assert found.clauses.scope is not None
    with make.acting(clerk) as actor:
        rows = changes(found.id, found.clauses.scope, on=on or today(), actor=actor)
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.out.value if row.out else "in"] += row.claims
    return dict(counts)


def enter_members(clerk: Appointment, uid: UUID, *, on: date | None = None) -> commands.Moved:
    """Enter what is proposed."""
    counts = proposed(clerk, uid, on=on)
    entered = counts.pop("in", 0)
    with make.acting(clerk) as actor:
        return commands.enter_members(
            campaign=uid, on=on or today(), expected=commands.Moved(entered, sum(counts.values())), today=today(),
            actor=actor,
        )  # fmt: skip


def draft(clerk: Appointment, uid: UUID, kind: OrderKind = OrderKind.ESTABLISHED, *, on: date | None = None) -> UUID:
    with make.acting(clerk) as actor:
        return commands.draft_order(
            campaign=uid, kind=kind, act=commands.Act(on or today(), today(), "专班会议"), actor=actor
        ).uid


def correct(clerk: Appointment, uid: UUID, amounts: dict[str, str], *, on: date | None = None) -> UUID:
    paper = commands.Paper("proof", "批复.pdf", [b"%PDF"])
    act = commands.Act(on or today(), today(), "核对有误", papers=[paper])
    right = {number: Money.of(amount) for number, amount in amounts.items()}
    with make.acting(clerk) as actor:
        return commands.draft_correction(campaign=uid, amounts=right, act=act, actor=actor).uid


def approve(second: Appointment, order: UUID) -> None:
    with make.acting(second) as actor:
        commands.decide_order(order=order, is_approved=True, reason="同意", actor=actor)


def establish(clerk: Appointment, second: Appointment, uid: UUID, *, on: date | None = None) -> None:
    approve(second, draft(clerk, uid, on=on))
