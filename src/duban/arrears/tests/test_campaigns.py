from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import make

from duban.arrears.commands import campaign as commands
from duban.arrears.commands.campaign import keeping, members
from duban.arrears.commands.claim.acting import DayNotCome
from duban.arrears.models import Campaign, CampaignMember
from duban.arrears.queries.campaigns.campaign import campaigns, clause_versions, managed
from duban.arrears.queries.campaigns.matching import asked, judged
from duban.arrears.rules.accounts import HELD, Account, Rule
from duban.arrears.rules.bases import DayBeforeLast
from duban.arrears.rules.campaigns import Clause, ScopeRule, Standing, covered, judge
from duban.arrears.tests import making
from duban.arrears.tests.campaigning import begin, enter_members, proposed, set_scope, view
from duban.arrears.tests.making import days_ago, enter, office, today
from duban.arrears.tests.test_campaign_rules import rules
from duban.audit import commands as audit
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.money import Money


@pytest.fixture
def clerk(database: str) -> Appointment:
    """A clerk of East, whose ledger of ten days ago has claims of several kinds."""
    clerk = office()
    enter(
        clerk,
        {"ledger_no": "1", "amount": 100, "debtor_kind": "机关", "category": "工程款", "cleared": 30},
        {"ledger_no": "2", "amount": 50, "project": "桥", "debtor_kind": "政府平台公司", "due_on": date(2023, 1, 1)},
        {"ledger_no": "3", "amount": 70, "project": "路", "judicial": 70, "undisputed": 0},
        {"ledger_no": "4", "amount": 20, "project": "园", "cleared": 20, "creditor_kind": "小型"},
        {"ledger_no": "5", "amount": 60, "project": "校", "disputed": 25, "undisputed": 35, "category": "货款"},
    )
    return clerk


def steps(clerk: Appointment, number: str) -> list[tuple[int, bool, bool, str]]:
    claim = making.claim(clerk, number)
    with make.acting(clerk):
        return list(
            CampaignMember.objects.filter(claim_id=claim.pk).order_by("campaign", "n")
            .values_list("n", "enters", "by_hand", "reason")
        )  # fmt: skip


# -- Keeping a campaign -----------------------------------------------------------------------------------------------


def test_a_campaign_says_who_keeps_it_and_what_holds_on_a_day(clerk: Appointment) -> None:
    uid = begin(clerk, since=days_ago(30))
    with make.acting(clerk) as actor:
        for days, rule in ((30, Rule.C0), (5, Rule.C1)):
            commands.set_clause(
                campaign=uid, clause=Clause.COUNTING, value=rule, since=days_ago(days), source="办法", actor=actor
            )
        commands.set_clause(
            campaign=uid,
            clause=Clause.SMALL,
            value=Money.of("500000.00"),
            since=days_ago(5),
            source="通知",
            actor=actor,
        )
    before, then, now = (view(clerk, uid, on=days_ago(days)).clauses for days in (31, 10, 0))
    assert (before.scope, before.counting, before.small) == (None, None, None)
    assert (then.counting, then.small) == (Rule.C0, None)
    assert (now.counting, now.small) == (Rule.C1, Money.of("500000.00"))
    assert now.since[Clause.COUNTING] == days_ago(5)
    with make.acting(clerk):
        assert len(clause_versions(view(clerk, uid).id)) == 4


def test_a_code_is_given_once(clerk: Appointment) -> None:
    uid = begin(clerk)
    code = view(clerk, uid).code
    with make.acting(clerk) as actor, pytest.raises(keeping.CodeTaken, match=f"campaign {code} already"):
        commands.begin(
            code=code, name="又一个", source="文", unit_code="East", began_on=today(), today=today(), actor=actor
        )


def test_only_who_keeps_a_campaign_changes_it(clerk: Appointment) -> None:
    uid = begin(clerk)
    make.unit("West")
    for stranger in (make.appointment(of="West"), make.appointment(Role.DEBTOR, of="East")):
        with make.acting(stranger) as actor, pytest.raises(PermissionDenied):
            commands.set_clause(
                campaign=uid, clause=Clause.COUNTING, value=Rule.C1, since=today(), source="x", actor=actor
            )


def test_a_county_sees_the_campaigns_of_its_city_and_not_those_of_its_neighbour(database: str) -> None:
    make.units(make.row("City"), make.row("East", under="City"), make.row("West", under="City"))
    city, east, west = (make.appointment(of=unit) for unit in ("City", "East", "West"))
    of_city, of_east = begin(city), begin(east)

    def seen(who: Appointment) -> list[Any]:
        with make.acting(who) as actor:
            return [(row.uid, row.may_manage) for row in campaigns(actor=actor, on=today())]

    assert sorted(seen(city), key=str) == sorted([(of_city, True), (of_east, True)], key=str)
    assert sorted(seen(east), key=str) == sorted([(of_city, False), (of_east, True)], key=str)
    assert seen(west) == [(of_city, False)]


# -- Who is in --------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=rules, day=st.sampled_from([0, 10, 11]))
def test_the_database_judges_as_the_rule_does(clerk: Appointment, rule: ScopeRule, day: int) -> None:
    on = days_ago(day)
    with make.acting(clerk) as actor, connection.cursor() as cursor:
        cursor.execute(judged(rule, managed(actor)), asked(0, rule, on))
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert len(found) == (0 if day == 11 else 5)
    for row in found:
        held: dict[Account, Money] = {account: Money(row[account.value]) for account in HELD}
        standing = Standing(held, row["debtor_kind"], row["creditor_kind"], row["category"], row["due_on"])
        assert row["out"] == judge(rule, standing)
        assert row["amount"] == covered(rule, held).fen


def test_members_enter_as_the_rule_says_in_one_act(clerk: Appointment) -> None:
    uid = begin(clerk)
    assert proposed(clerk, uid) == {"in": 3}
    assert enter_members(clerk, uid) == commands.Moved(3, 0)
    assert proposed(clerk, uid) == {}
    assert steps(clerk, "1") == [(1, True, False, "")]
    assert steps(clerk, "3") == []


def test_a_narrower_rule_lets_members_leave_with_the_reason_and_a_wider_one_lets_them_enter_again(
    clerk: Appointment,
) -> None:
    uid = begin(clerk)
    enter_members(clerk, uid, on=days_ago(9))
    set_scope(clerk, uid, since=days_ago(5), debtor_kinds=frozenset({"agency"}))
    assert proposed(clerk, uid, on=days_ago(4)) == {"debtor": 2}
    enter_members(clerk, uid, on=days_ago(4))
    set_scope(clerk, uid, since=days_ago(3), accounts=frozenset({Account.UNDISPUTED, Account.JUDICIAL}))
    assert enter_members(clerk, uid, on=days_ago(2)) == commands.Moved(3, 0)
    assert steps(clerk, "2") == [(1, True, False, ""), (2, False, False, "debtor"), (3, True, False, "")]


def test_a_member_that_is_paid_stays(clerk: Appointment) -> None:
    uid = begin(clerk)
    enter_members(clerk, uid)
    two = making.claim(clerk, "2")
    with make.acting(clerk) as actor:
        making.post(actor, two, ("undisputed", "reported", "50.00"), on=today())
    assert proposed(clerk, uid) == {}


def test_an_exception_by_hand_outlasts_the_rule(clerk: Appointment) -> None:
    uid = begin(clerk)
    enter_members(clerk, uid, on=days_ago(5))
    one, three = (making.claim(clerk, number).claim.uid for number in ("1", "3"))
    with make.acting(clerk) as actor:
        for claim, enters in ((one, False), (three, True)):
            commands.set_member(
                campaign=uid,
                claim=claim,
                on=days_ago(2),
                enters=enters,
                reason="专班会议纪要",
                today=today(),
                actor=actor,
            )
    assert proposed(clerk, uid) == {}
    assert steps(clerk, "1")[-1] == (2, False, True, "专班会议纪要")
    with make.acting(clerk) as actor, pytest.raises(members.AlreadySo, match="Claim 3 is already that way"):
        commands.set_member(campaign=uid, claim=three, on=today(), enters=True, reason="x", today=today(), actor=actor)


def test_nothing_enters_when_the_ledger_moved_since_it_was_looked_at(clerk: Appointment) -> None:
    uid = begin(clerk)
    with make.acting(clerk) as actor, pytest.raises(members.ProposalChanged, match="now 3 claims enter and 0 leave"):
        commands.enter_members(campaign=uid, on=today(), expected=commands.Moved(2, 0), today=today(), actor=actor)
    assert steps(clerk, "1") == []


def test_days_of_members_follow_each_other_and_have_come(clerk: Appointment) -> None:
    uid = begin(clerk)
    enter_members(clerk, uid, on=days_ago(2))
    for day, refusal in ((days_ago(3), DayBeforeLast), (days_ago(-1), DayNotCome)):
        with make.acting(clerk) as actor, pytest.raises(refusal):
            commands.enter_members(campaign=uid, on=day, expected=commands.Moved(0, 0), today=today(), actor=actor)


def test_without_a_scope_rule_nobody_enters(clerk: Appointment) -> None:
    uid = begin(clerk, since=days_ago(3))
    with make.acting(clerk) as actor, pytest.raises(members.NoScopeRule, match="has no scope rule"):
        commands.enter_members(campaign=uid, on=days_ago(4), expected=commands.Moved(0, 0), today=today(), actor=actor)


def test_a_campaign_of_a_county_takes_in_nothing_of_its_neighbour(database: str) -> None:
    make.units(make.row("City"), make.row("East", under="City"), make.row("West", under="City"))
    east, west = make.appointment(of="East"), make.appointment(of="West")
    for clerk in (east, west):
        enter(clerk, {"ledger_no": "1", "amount": 100})
    city = make.appointment(of="City")
    assert proposed(city, begin(city, units=frozenset({"East"}))) == {"in": 1}
    assert proposed(city, begin(city)) == {"in": 2}


def test_two_who_enter_members_at_once_enter_each_claim_once(clerk: Appointment) -> None:
    uid = begin(clerk)

    def act() -> object:
        with make.acting(clerk) as actor:
            try:
                return commands.enter_members(
                    campaign=uid, on=today(), expected=commands.Moved(3, 0), today=today(), actor=actor
                )
            except members.ProposalChanged as refusal:
                return refusal

    with make.threads(2) as start:
        done = [start(act) for _ in range(2)]
        answers = [one.result(timeout=30) for one in done]
    assert sorted(isinstance(answer, members.ProposalChanged) for answer in answers) == [False, True]
    assert len(steps(clerk, "1")) == 1


# -- What the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"n": 3, "enters": True}, "in turn"),
        ({"n": 2, "enters": True}, "odd_steps_of_a_member_enter"),
        ({"n": 2, "enters": False, "since": days_ago(30)}, "in turn"),
        ({"n": 2, "enters": False, "by_hand": True}, "an_exception_has_its_reason"),
    ],
)
def test_the_database_lets_members_enter_and_leave_only_in_turn(
    clerk: Appointment, values: dict[str, Any], says: str
) -> None:
    uid = begin(clerk)
    enter_members(clerk, uid)
    one = making.claim(clerk, "1")
    row = {"since": today(), "by_hand": False, **values}

    def write() -> None:
        with make.acting(clerk) as actor:
            held = keeping.hold(uid, actor)
            posting = keeping.open_act(held, "arrears.test", "", actor)
            CampaignMember.objects.create(campaign=held, claim_id=one.pk, scope_id=one.scope_id, posting=posting, **row)

    with pytest.raises(DatabaseError, match=says):
        write()


def test_a_clerk_who_may_post_where_the_claim_is_does_not_enter_it_into_anothers_campaign(database: str) -> None:
    make.units(make.row("City"), make.row("East", under="City"))
    city, east = make.appointment(of="City"), make.appointment(of="East")
    enter(east, {"ledger_no": "1", "amount": 100})
    uid = begin(city)
    one = making.claim(east, "1")

    def write(clerk: Appointment) -> None:
        with make.acting(clerk) as actor:
            posting = audit.open_posting(actor=actor, kind="arrears.test", scope_id=one.scope_id)
            CampaignMember.objects.create(
                campaign=Campaign.objects.get(uid=uid), claim_id=one.pk, scope_id=one.scope_id, posting=posting, n=1,
                since=today(), enters=True, by_hand=False,
            )  # fmt: skip

    with pytest.raises(DatabaseError, match="row-level security"):
        write(east)
    write(city)
