from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests import make

from duban.audit import commands as audit
from duban.audit.models import Event
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.identity.units import Kind
from duban.register import commands, queries
from duban.register.commands import Named
from duban.register.models import Decision, Party, Proposal
from duban.register.rules import name_key
from duban.register.rules.duplicates import IsAlias, NothingDecided, NotTwo, ReasonMissing

CODE, OTHER = "53640000MJX173680A", "91110000600037341L"
FIRM = "昆明市盘龙区宏达建筑有限公司"
SAME_FIRM = "昆明市盘龙区宏达建筑有限责任公司"
TODAY = date(2026, 6, 1)
WHY = "营业执照副本 2025-03-01"


@pytest.fixture
def clerk(database: str) -> Iterator[Appointment]:
    """A clerk of a county's office, in whose transaction the test runs."""
    with make.acting(make.appointment(of=make.unit("East", kind=Kind.COUNTY))) as actor:
        yield actor


def known(actor: Appointment, *named: Named) -> list[Party]:
    posting = audit.open_posting(actor=actor, kind="test", scope_id=scope_of(actor.unit_id, None))
    ids = commands.know(named, posting=posting)
    return [Party.objects.get(pk=ids[one.key]) for one in named]


def same(actor: Appointment, alias: Party, survivor: Party) -> Decision:
    return commands.call_same(alias=alias.uid, survivor=survivor.uid, reason=WHY, actor=actor)


def test_a_pair_is_proposed_once(clerk: Appointment) -> None:
    one, other = known(clerk, Named(FIRM, CODE), Named(SAME_FIRM))
    assert (commands.propose(today=TODAY, actor=clerk), commands.propose(today=TODAY, actor=clerk)) == (1, 0)
    assert list(Proposal.objects.values_list("first_id", "second_id", "ground")) == [(one.pk, other.pk, "same_parts")]


def test_whoever_is_called_the_same_is_found_as_the_survivor_from_then_on(clerk: Appointment) -> None:
    coded, plain = known(clerk, Named(FIRM, CODE), Named(SAME_FIRM))
    same(clerk, plain, coded)
    again = known(clerk, Named(SAME_FIRM), Named(FIRM, CODE))
    assert again == [coded, coded]
    assert queries.family(plain.pk) == queries.family(coded.pk) == {plain.pk, coded.pk}
    assert set(coded.names.values_list("name", flat=True)) == {FIRM, SAME_FIRM}


def test_a_decision_can_be_undone_and_made_again(clerk: Appointment) -> None:
    coded, plain = known(clerk, Named(FIRM, CODE), Named(SAME_FIRM))
    same(clerk, plain, coded)
    commands.undo_decision(first=coded.uid, second=plain.uid, reason="另一家", actor=clerk)
    assert commands.find([Named(SAME_FIRM)]) == {name_key(SAME_FIRM): plain.pk}
    with pytest.raises(NothingDecided, match="there is nothing to undo"):
        commands.undo_decision(first=coded.uid, second=plain.uid, reason="另一家", actor=clerk)
    same(clerk, plain, coded)
    assert queries.survivors([plain.pk]) == {plain.pk: coded.pk}
    assert list(Decision.objects.order_by("pk").values_list("verdict", flat=True)) == ["same", "open", "same"]


def test_a_chain_of_decisions_is_followed_to_its_end(clerk: Appointment) -> None:
    first, second, third = known(clerk, Named("甲厂"), Named("乙厂"), Named("丙厂"))
    same(clerk, first, second)
    same(clerk, second, third)
    assert set(queries.survivors([first.pk, second.pk, third.pk]).values()) == {third.pk}
    assert queries.family(first.pk) == {first.pk, second.pk, third.pk}
    with pytest.raises(NotTwo, match="the same party already"):
        same(clerk, third, first)
    (fourth,) = known(clerk, Named("丁厂"))
    with pytest.raises(IsAlias, match="甲厂 counts as 乙厂 already"):
        same(clerk, first, fourth)


def test_two_codes_of_one_name_no_longer_make_it_ambiguous_once_they_are_the_same(clerk: Appointment) -> None:
    one, other = known(clerk, Named(FIRM, CODE), Named(FIRM, OTHER))
    assert commands.find([Named(FIRM)]) == {}
    same(clerk, other, one)
    assert commands.find([Named(FIRM)]) == {name_key(FIRM): one.pk}


def test_what_is_different_is_not_proposed_again(clerk: Appointment) -> None:
    coded, plain = known(clerk, Named(FIRM, CODE), Named(SAME_FIRM))
    commands.call_different(first=plain.uid, second=coded.uid, reason=WHY, actor=clerk)
    assert commands.propose(today=TODAY, actor=clerk) == 0
    same(clerk, plain, coded)
    with pytest.raises(NotTwo):
        commands.call_different(first=plain.uid, second=coded.uid, reason=WHY, actor=clerk)


def test_an_alias_is_proposed_as_the_party_it_counts_as(clerk: Appointment) -> None:
    coded, plain, odd = known(clerk, Named("昆明宏达", CODE), Named(SAME_FIRM), Named(FIRM))
    same(clerk, plain, coded)
    assert commands.propose(today=TODAY, actor=clerk) == 1
    assert list(Proposal.objects.values_list("first_id", "second_id")) == [(coded.pk, odd.pk)]


def test_a_decision_needs_a_reason_and_leaves_a_trace(clerk: Appointment) -> None:
    coded, plain = known(clerk, Named(FIRM, CODE), Named(SAME_FIRM))
    with pytest.raises(ReasonMissing, match="needs what it rests on"):
        commands.call_same(alias=plain.uid, survivor=coded.uid, reason=" ", actor=clerk)
    same(clerk, plain, coded)
    event = Event.objects.get(action="register.same")
    assert event.text.format(**event.values) == f"{SAME_FIRM} counts as {FIRM} from now on: {WHY}"


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.LEADER, Role.ENTERPRISE])
def test_only_an_office_decides(database: str, role: Role) -> None:
    with make.acting(make.appointment(role, of=make.unit("East"))) as stranger:
        for act in (
            lambda: commands.propose(today=TODAY, actor=stranger),
            lambda: commands.call_same(alias=uuid4(), survivor=uuid4(), reason=WHY, actor=stranger),
            lambda: commands.call_different(first=uuid4(), second=uuid4(), reason=WHY, actor=stranger),
            lambda: commands.undo_decision(first=uuid4(), second=uuid4(), reason=WHY, actor=stranger),
            lambda: commands.rename(
                party=uuid4(), name="乙", since=date(2020, 1, 1), paper=WHY, today=date(2026, 1, 1), actor=stranger
            ),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_the_database_keeps_aliases_itself_and_refuses_one_of_an_alias(clerk: Appointment) -> None:
    first, second, third = sorted(known(clerk, Named("甲厂"), Named("乙厂"), Named("丙厂")), key=lambda one: one.pk)
    decision = same(clerk, first, second)
    with pytest.raises(DatabaseError, match="alias is not decided on again"), transaction.atomic():
        Decision.objects.create(
            first=first, second=third, verdict="same", survivor=third, reason=WHY, posting=decision.posting
        )
    for forbidden in (
        f"INSERT INTO register_alias (alias_id, survivor_id) VALUES ({third.pk}, {first.pk})",
        "DELETE FROM register_alias",
        "UPDATE register_decision SET verdict = 'open'",
        "DELETE FROM register_decision",
        "DELETE FROM register_proposal",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cur:
            cur.execute(forbidden)


def test_two_who_decide_at_once_never_make_a_ring(database: str) -> None:
    clerk = make.appointment(of=make.unit("East", kind=Kind.COUNTY))
    with make.acting(clerk) as actor:
        one, other = (party.uid for party in known(actor, Named("甲厂"), Named("乙厂")))

    def decide(alias: UUID, survivor: UUID) -> str:
        with make.acting(clerk) as actor:
            try:
                commands.call_same(alias=alias, survivor=survivor, reason=WHY, actor=actor)
            except NotTwo:
                return "refused"
        return "decided"

    with make.threads(2) as start:
        answers = [start(lambda: decide(one, other)), start(lambda: decide(other, one))]
        assert sorted(answer.result(timeout=20) for answer in answers) == ["decided", "refused"]


def test_finding_ten_thousand_asks_as_often_as_finding_ten(clerk: Appointment) -> None:
    coded, plain = known(clerk, Named(FIRM, CODE), Named(SAME_FIRM))
    same(clerk, plain, coded)
    asked = []
    for number in (10, 10_000):
        with CaptureQueriesContext(connection) as queries_made:
            commands.find([Named(FIRM, CODE), Named(SAME_FIRM), *(Named(f"{one}厂") for one in range(number))])
        asked.append(len(queries_made))
    assert asked == [4, 4]
