from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import make

from duban.audit import commands as audit
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.register import commands
from duban.register.commands import Named
from duban.register.models import Party
from duban.register.queries.party import name_as_of
from duban.register.rules import name_key
from duban.register.rules.dated import DayNotCome, PaperMissing, in_force
from duban.register.rules.naming import NameMissing, NameSince, name_on

TODAY = date(2026, 6, 1)
PAPER = "准予变更登记通知书 2025-03-01"


@pytest.fixture
def clerk(database: str) -> Iterator[Appointment]:
    with make.acting(make.appointment(of=make.unit("East"))) as actor:
        yield actor


@pytest.fixture
def party(clerk: Appointment) -> Party:
    posting = audit.open_posting(actor=clerk, kind="test", scope_id=scope_of(clerk.unit_id, None))
    (id_,) = commands.know([Named("甲厂")], posting=posting).values()
    return Party.objects.get(pk=id_)


def rename(actor: Appointment, party: Party, name: str, since: date, paper: str = PAPER) -> None:
    commands.rename(party=party.uid, name=name, since=since, paper=paper, today=TODAY, actor=actor)


def test_the_name_is_that_of_the_day(clerk: Appointment, party: Party) -> None:
    rename(clerk, party, "乙厂", date(2024, 1, 1))
    rename(clerk, party, "丙厂", date(2025, 1, 1))
    days = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1))
    assert [name_as_of(party.uid, day) for day in days] == ["甲厂", "乙厂", "乙厂", "丙厂"]


def test_a_later_entry_for_the_same_day_corrects_the_earlier_one_in_rule_and_search(
    clerk: Appointment, party: Party
) -> None:
    rename(clerk, party, "乙广", date(2024, 1, 1))
    rename(clerk, party, "乙厂", date(2024, 1, 1))
    assert name_as_of(party.uid, TODAY) == "乙厂"
    assert commands.find([Named("乙厂"), Named("乙广"), Named("甲厂")]) == {
        name_key("乙厂"): party.pk,
        name_key("甲厂"): party.pk,
    }


def test_a_paper_with_the_new_name_adds_no_party(clerk: Appointment, party: Party) -> None:
    rename(clerk, party, "乙厂", date(2024, 1, 1))
    posting = audit.open_posting(actor=clerk, kind="test", scope_id=scope_of(clerk.unit_id, None))
    assert commands.know([Named("乙 厂")], posting=posting) == {name_key("乙厂"): party.pk}
    assert Party.objects.count() == 1


def test_a_renaming_needs_a_name_a_paper_and_a_day_that_came(clerk: Appointment, party: Party) -> None:
    with pytest.raises(NameMissing, match="The new name of 甲厂 is empty"):
        rename(clerk, party, " ", TODAY)
    with pytest.raises(PaperMissing, match="needs the paper it rests on"):
        rename(clerk, party, "乙厂", TODAY, paper=" ")
    with pytest.raises(DayNotCome, match="2026-06-02 has not come yet"):
        rename(clerk, party, "乙厂", TODAY + timedelta(days=1))
    assert not party.renamings.exists()


names = st.lists(st.builds(NameSince, st.integers(), st.text(min_size=1), st.dates()), unique_by=lambda one: one.id)


@given(names, st.dates())
def test_the_order_in_which_names_are_read_does_not_matter(known: list[NameSince], day: date) -> None:
    shuffled = sorted(known, key=lambda one: hash((one.name, one.id)))
    assert in_force(shuffled) == in_force(known)
    assert name_on(day, shuffled, first="甲厂") == name_on(day, known, first="甲厂")
    assert len({one.since for one in in_force(known)}) == len(in_force(known))
