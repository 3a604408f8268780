"""Many workbooks at once: taking them in, guessing whose each is, and handing in what a person confirmed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from uuid import UUID

from django.db import transaction

from duban.arrears.commands.statement.receiving import receive
from duban.arrears.models import DeliveredFile, Delivery, Statement
from duban.arrears.queries.deliveries import unit_names
from duban.audit import commands as audit
from duban.audit.progress import Meter, silent
from duban.evidence import commands as evidence
from duban.identity import access
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence
from duban.workbook import archive
from duban.workbook.findings import stored_sentence
from duban.workbook.guessing import Clue, UnitNames, guess_day, guess_unit
from duban.workbook.looking import clues_in_each
from duban.workbook.refusals import UnreadableWorkbook

CHUNK = 1024 * 1024
LONGEST_NAME = 255

Given = tuple[str, Iterable[bytes]]
"""The name of a file, and its bytes."""


class NothingDelivered(DomainError):
    """A delivery without a file."""

    text = N_("There is no file to hand in. Choose the workbooks, or a zip archive of them.")


class NotToBeHandedIn(DomainError):
    """A file that was handed in before, or that cannot be read."""

    text = N_("{file} cannot be handed in: it was handed in already, or it cannot be read.")

    def __init__(self, *, file: str) -> None:
        super().__init__(file=file)


@transaction.atomic
def deliver(files: Iterable[Given], *, actor: Appointment) -> Delivery:
    """Take several files in, as they are; unpacking and reading them is a step of its own.

    Raises:
        PermissionDenied: `actor` hands in for nobody.
        NothingDelivered, FileTooLarge: nothing was kept.
    """
    scope_id = scope_of(actor.unit_id, None)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=scope_id)
    delivery = Delivery.objects.create(scope_id=scope_id, appointment=actor)
    count = 0
    for count, given in enumerate(files, start=1):
        _add(delivery, count, given, actor=actor)
    if not count:
        raise NothingDelivered
    words = Sentence(N_("Handed in {count} files at once."), {"count": count})
    subject = ("arrears.delivery", str(delivery.uid))
    audit.record(actor=actor, action="arrears.delivered", subject=subject, scope_id=scope_id, words=words)
    return delivery


def _add(delivery: Delivery, n: int, given: Given, *, actor: Appointment) -> DeliveredFile:
    name, chunks = given
    file = evidence.keep(chunks, name=PurePosixPath(name).name, scope_id=delivery.scope_id, actor=actor)
    return DeliveredFile.objects.create(
        delivery=delivery, scope_id=delivery.scope_id, n=n, name=name[-LONGEST_NAME:], file=file
    )


# -- Sorting ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def sort_out(uid: UUID, *, today: date, actor: Appointment, progress: Meter = silent) -> Delivery:
    """Unpack the archives of a delivery, and guess whose and of which day each workbook is. Twice does no harm."""
    delivery = Delivery.objects.select_for_update().get(uid=uid)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=delivery.scope_id)
    if delivery.state != Delivery.State.WAITING:
        return delivery
    for packed in _waiting(delivery):
        _unpack(delivery, packed, actor)
    units = unit_names(actor=actor, today=today)
    waiting = _waiting(delivery)
    found = clues_in_each([(evidence.path_of(file.file.sha256), file.name) for file in waiting])
    for done, (file, clues) in enumerate(zip(waiting, found, strict=True)):
        progress(done, len(waiting))
        if isinstance(clues, UnreadableWorkbook):
            _refuse(file, clues)
        else:
            _guess(file, clues, units, today)
    delivery.state = Delivery.State.SORTED
    delivery.save(update_fields=["state"])
    return delivery


def _waiting(delivery: Delivery) -> list[DeliveredFile]:
    waiting = delivery.files.filter(state=DeliveredFile.State.WAITING)
    return list(waiting.select_related("file").order_by("n"))


def _unpack(delivery: Delivery, packed: DeliveredFile, actor: Appointment) -> None:
    """Put the workbooks of an archive into the delivery; a file that is none is left as it is."""
    path = evidence.path_of(packed.file.sha256)
    try:
        archive.check_kind(path, name=packed.name)
        if not archive.is_archive(path):
            return
        # All of an archive or nothing: a damaged member must not leave half of it behind.
        with transaction.atomic():
            passed_over = _add_members(delivery, packed, path, actor)
    except DomainError as refusal:
        _refuse(packed, refusal)
    else:
        packed.state, packed.guess = DeliveredFile.State.UNPACKED, {"passed_over": passed_over}
        packed.save(update_fields=["state", "guess"])


def _add_members(delivery: Delivery, packed: DeliveredFile, path: Path, actor: Appointment) -> list[str]:
    unpacked = archive.unpack(path, name=packed.name)
    for n, member in enumerate(unpacked.members, start=delivery.files.count() + 1):
        _add(delivery, n, (member.name, member.chunks()), actor=actor)
    return unpacked.passed_over


def _guess(file: DeliveredFile, clues: Sequence[Clue], units: Sequence[UnitNames], today: date) -> None:
    unit, day = guess_unit(clues, units), guess_day(clues, today=today)
    file.state = DeliveredFile.State.GUESSED
    file.guess = {
        "unit": unit.unit_code,
        "reason": stored_sentence(unit.reason),
        "confidence": unit.confidence,
        "rivals": list(unit.rivals),
        "day": day.day.isoformat() if day.day else None,
        "day_reason": stored_sentence(day.reason),
    }
    file.save(update_fields=["state", "guess"])


def _refuse(file: DeliveredFile, refusal: DomainError) -> None:
    file.state, file.refusal = DeliveredFile.State.REFUSED, stored_sentence(refusal.sentence)
    file.save(update_fields=["state", "refusal"])


# -- Confirming -------------------------------------------------------------------------------------------------------


@transaction.atomic
def hand_in(uid: UUID, n: int, *, unit_code: str, as_of: date, today: date, actor: Appointment) -> Statement:
    """Hand in one file of a delivery as the ledger of a unit at a day, as a person confirmed.

    Raises:
        DeliveredFile.DoesNotExist: there is no such file that `actor` may see.
        NotToBeHandedIn: it was handed in already, or cannot be read.
        UnknownUnit, AmbiguousUnit, PermissionDenied, FutureStatement: as for `receive`.
    """
    file = DeliveredFile.objects.select_for_update(of=("self",)).select_related("file").get(delivery__uid=uid, n=n)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=file.scope_id)
    if file.state != DeliveredFile.State.GUESSED:
        raise NotToBeHandedIn(file=file.name)
    file.statement = receive(
        unit_code=unit_code, as_of=as_of, today=today, name=file.file.name,
        content=_chunks(evidence.path_of(file.file.sha256)), actor=actor,
    )  # fmt: skip
    file.state = DeliveredFile.State.HANDED_IN
    file.save(update_fields=["state", "statement"])
    return file.statement


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
