import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from tests import make

from duban.evidence import commands
from duban.evidence.commands import FileTooLarge, keep, path_of
from duban.evidence.models import File
from duban.identity.commands import scope_of
from duban.identity.models import Appointment, Scope
from duban.identity.units import Kind


@pytest.fixture
def clerk(database: str) -> Iterator[tuple[Appointment, int]]:
    """A clerk who has entered, and the scope of the county."""
    unit, _ = make.unit("East", kind=Kind.COUNTY), make.unit("West", kind=Kind.COUNTY)
    unit_id = make.unit_id(unit)
    with make.acting(make.appointment(of=unit)) as actor:
        yield actor, scope_of(unit_id, None)


def left_over() -> set[Path]:
    return {path for path in Path(settings.HOME.files).iterdir() if path.is_file()}


def test_a_file_is_kept_under_the_hash_of_its_content(clerk: tuple[Appointment, int]) -> None:
    actor, scope_id = clerk
    kept = keep([b"one ", b"two"], name="../up/台账.xlsx", scope_id=scope_id, actor=actor)
    assert kept.sha256 == hashlib.sha256(b"one two").hexdigest()
    assert (kept.name, kept.size) == ("台账.xlsx", 7)
    assert path_of(kept.sha256).read_bytes() == b"one two"


def test_the_same_content_again_is_another_row_and_the_same_file(clerk: tuple[Appointment, int]) -> None:
    actor, scope_id = clerk
    rows = [keep([b"same"], name=name, scope_id=scope_id, actor=actor) for name in ("a.xlsx", "b.xlsx")]
    assert len({row.sha256 for row in rows}) == 1
    assert File.objects.count() == 2


def test_a_file_that_is_too_large_leaves_nothing(
    clerk: tuple[Appointment, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, scope_id = clerk
    before = left_over()
    monkeypatch.setattr(commands, "LARGEST_FILE_BYTES", 1024 * 1024)
    with pytest.raises(FileTooLarge, match="larger than 1 MB"):
        keep([b"x" * 1024 * 512] * 3, name="big.xlsx", scope_id=scope_id, actor=actor)
    assert (left_over(), File.objects.count()) == (before, 0)


def test_a_reader_that_breaks_leaves_nothing(clerk: tuple[Appointment, int]) -> None:
    actor, scope_id = clerk

    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    before = left_over()
    with pytest.raises(ConnectionError):
        keep(broken(), name="half.xlsx", scope_id=scope_id, actor=actor)
    assert (left_over(), File.objects.count()) == (before, 0)


def test_nobody_hands_in_for_another_unit(clerk: tuple[Appointment, int]) -> None:
    actor, _ = clerk
    wests = Scope.objects.get(unit__code="West").pk
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        keep([b"x"], name="x", scope_id=wests, actor=actor)
