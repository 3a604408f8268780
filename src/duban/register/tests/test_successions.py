from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests import make

from duban.audit import commands as audit
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.identity.units import Kind
from duban.register import commands, queries
from duban.register.commands import Named
from duban.register.commands.acting import PartyUnknown
from duban.register.models import Party, SuccessionEntry
from duban.register.rules.dated import PaperMissing
from duban.register.rules.successions import NothingSucceeded, SucceedsItself, Succession, successors_on

TODAY, MERGED = date(2026, 6, 1), date(2025, 1, 1)
PAPER = "机构改革方案"


@pytest.fixture
def clerk(database: str) -> Iterator[Appointment]:
    with make.acting(make.appointment(of=make.unit("East", kind=Kind.COUNTY))) as actor:
        posting = audit.open_posting(actor=actor, kind="test", scope_id=scope_of(actor.unit_id, None))
        commands.know([Named("甲局"), Named("乙局"), Named("丙局"), Named("丁局")], posting=posting)
        yield actor


def id_of(name: str) -> int:
    return Party.objects.get(name=name).pk


def succeed(actor: Appointment, before: str, after: str, since: date = MERGED, paper: str = PAPER) -> None:
    party = Party.objects.get(name=before).uid
    commands.succeed(party=party, successor=after, since=since, paper=paper, today=TODAY, actor=actor)


def undo(actor: Appointment, before: str, after: str) -> None:
    party = Party.objects.get(name=before).uid
    commands.undo_succession(party=party, successor=after, paper="看错", today=TODAY, actor=actor)


def names(party: str, on: date = TODAY) -> set[str]:
    return {Party.objects.get(pk=id_).name for id_ in queries.who_is(id_of(party), on)}


def test_a_party_is_itself_until_the_day_of_the_merger_and_its_successor_from_then_on(clerk: Appointment) -> None:
    succeed(clerk, "甲局", "乙局")
    assert names("甲局", MERGED - timedelta(days=1)) == {"甲局"}
    assert names("甲局", MERGED) == names("乙局") == {"乙局"}


def test_a_split_has_several_successors_and_chains_are_followed(clerk: Appointment) -> None:
    succeed(clerk, "甲局", "乙局")
    succeed(clerk, "甲局", "丙局")
    succeed(clerk, "丙局", "丁局", date(2026, 1, 1))
    assert names("甲局", MERGED) == {"乙局", "丙局"}
    assert names("甲局") == {"乙局", "丁局"}


def test_a_merger_is_taken_back_by_another_row(clerk: Appointment) -> None:
    succeed(clerk, "甲局", "乙局")
    undo(clerk, "甲局", "乙局")
    assert names("甲局") == {"甲局"}
    with pytest.raises(NothingSucceeded, match="nothing to take back"):
        undo(clerk, "甲局", "乙局")
    succeed(clerk, "甲局", "乙局")
    assert (names("甲局"), SuccessionEntry.objects.count()) == ({"乙局"}, 3)


def test_nobody_comes_after_itself_by_any_chain(clerk: Appointment) -> None:
    succeed(clerk, "甲局", "乙局")
    succeed(clerk, "乙局", "丙局")
    for before, after in (("丙局", "甲局"), ("甲局", "甲局")):
        with pytest.raises(SucceedsItself):
            succeed(clerk, before, after)


def test_the_successor_of_a_duplicate_is_that_of_the_party_it_counts_as(clerk: Appointment) -> None:
    one, other = (Party.objects.get(name=name).uid for name in ("甲局", "丁局"))
    commands.call_same(alias=other, survivor=one, reason=PAPER, actor=clerk)
    succeed(clerk, "甲局", "乙局")
    assert names("丁局") == {"乙局"}


def test_an_entry_needs_a_paper_a_known_party_and_an_office(clerk: Appointment) -> None:
    with pytest.raises(PaperMissing):
        succeed(clerk, "甲局", "乙局", paper=" ")
    with pytest.raises(PartyUnknown):
        succeed(clerk, "甲局", "戊局")
    stranger = make.elsewhere(lambda: make.appointment(Role.DEPARTMENT, of="East"))
    for act in (succeed, undo):
        with pytest.raises(PermissionDenied):
            act(stranger, "甲局", "乙局")


def test_the_application_changes_no_succession(clerk: Appointment) -> None:
    for forbidden in ("UPDATE register_successionentry SET holds = false", "DELETE FROM register_successionentry"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cur:
            cur.execute(forbidden)


entries = st.lists(
    st.builds(
        Succession,
        st.integers(),
        st.integers(1, 5),
        st.integers(1, 5),
        st.dates(date(2020, 1, 1), TODAY),
        st.booleans(),
    ),
    unique_by=lambda entry: entry.id,
)


@given(entries, st.integers(1, 5), st.dates(date(2020, 1, 1), TODAY))
def test_a_party_is_always_somebody_in_whatever_order_the_entries_are_read(
    known: list[Succession], party: int, day: date
) -> None:
    found = successors_on(day, party, known)
    assert found
    assert found == successors_on(day, party, known[::-1])
