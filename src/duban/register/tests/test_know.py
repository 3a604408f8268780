from collections.abc import Iterator

import pytest
from tests import make

from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.identity.commands import scope_of
from duban.identity.units import Kind
from duban.register.commands import Named, find, know
from duban.register.models import Party
from duban.register.rules import LONGEST_KEY, name_key

CODE, OTHER = "53640000MJX173680A", "91110000600037341L"


@pytest.fixture
def posting(database: str) -> Iterator[Posting]:
    """A posting of a county's clerk, in whose transaction the test runs."""
    unit = make.unit("East", kind=Kind.COUNTY)
    unit_id = make.unit_id(unit)
    with make.acting(make.appointment(of=unit)) as actor:
        yield audit.open_posting(actor=actor, kind="test", scope_id=scope_of(unit_id, None))


@pytest.mark.parametrize("typed", ["甲（东）公司", "甲(东)公司", " 甲 〔东〕公司　", "甲﹙东﹚公司"])
def test_a_name_is_one_however_it_is_typed(typed: str) -> None:
    assert name_key(typed) == name_key("甲(东)公司")


def test_latin_letters_are_one_in_any_case_and_width() -> None:
    assert name_key("ＡＢＣ Trading") == name_key("abc trading") == "abctrading"


def test_another_name_is_another_one_and_none_is_too_long() -> None:
    assert name_key("甲公司") != name_key("乙公司")
    assert len(name_key("㈱" * 150)) == LONGEST_KEY


def test_a_party_is_added_once_as_unverified_under_every_name_it_was_given(posting: Posting) -> None:
    named = [Named("甲局", CODE), Named("甲局（原名）", CODE), Named("乙公司"), Named("乙 公司")]
    ids = know(named, posting=posting)
    assert set(ids) == {CODE, name_key("乙公司")}
    assert know(named, posting=posting) == ids == find(named)
    coded, plain = (Party.objects.get(pk=ids[key]) for key in (CODE, name_key("乙公司")))
    assert (coded.name, coded.verifications.exists(), plain.uscc) == ("甲局", False, None)
    assert set(coded.names.values_list("name", flat=True)) == {"甲局", "甲局（原名）"}
    assert set(plain.names.values_list("name", flat=True)) == {"乙公司", "乙 公司"}


def test_a_name_without_code_means_the_only_party_of_that_name(posting: Posting) -> None:
    ids = know([Named("甲局"), Named("甲局", CODE)], posting=posting)
    assert ids[name_key("甲局")] == ids[CODE]


def test_a_name_that_two_codes_have_means_neither(posting: Posting) -> None:
    ids = know([Named("甲局", CODE), Named("甲局", OTHER), Named("甲局")], posting=posting)
    assert len(set(ids.values())) == 3


def test_a_code_decides_whatever_the_name(posting: Posting) -> None:
    first = know([Named("甲局", CODE)], posting=posting)
    assert know([Named("新名局", CODE)], posting=posting) == first


def test_what_nobody_named_is_not_found(posting: Posting) -> None:
    assert find([]) == find([Named("甲局"), Named("乙局", CODE)]) == know([], posting=posting) == {}
