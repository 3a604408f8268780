from pathlib import Path

from conftest import CITY_CLAIMS, CITY_SEED
from django.utils import timezone

from duban.arrears.queries.deliveries import unit_names
from duban.demo.build import end_of_last_month
from duban.demo.workbooks import write_ledgers
from duban.workbook.guessing import Clue, Where, guess_day, guess_unit
from duban.workbook.looking import clues_in
from tests import make


def test_the_unit_and_the_day_of_every_workbook_of_the_city_are_guessed(city: str, tmp_path: Path) -> None:
    today = timezone.localdate()
    as_of = end_of_last_month(today)
    with make.operator() as actor:
        units = unit_names(actor=actor, today=today)
    for code, path in write_ledgers(tmp_path, claims=CITY_CLAIMS, seed=CITY_SEED, as_of=as_of):
        named = clues_in(path, name=path.name)
        assert guess_unit(named, units).unit_code == code, named
        # Without the file's name, what stands in the sheets must not name another unit.
        inside = [clue for clue in named if clue.where is not Where.FILE]
        assert guess_unit(inside, units).unit_code in {code, None}, inside
        assert guess_day([*named, Clue(Where.FILE, f"{as_of:%Y%m}")], today=today).day == as_of, named
