"""What all commands share: getting ready, who acts, and how an answer is printed."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

from duban.arrears.rules.position import Dimension
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from duban.identity.models import Appointment


class NotInitialised(DomainError):
    """A command needs the database, and there is none yet."""

    text = N_("Duban is not set up here yet. Run: duban init")


class StoppedOnPurpose(DomainError):
    """A process that is kept running finds the database stopped by `duban stop`."""

    text = N_("The database was stopped on purpose. Any command that needs it starts it again, such as: duban serve")


class UnknownPerson(DomainError):
    """`--as` names nobody."""

    text = N_("There is no person {name} with an appointment in force. Add one with: duban users add")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


def notice(sentence: object) -> None:
    """Say something on the side, where it is not taken for the answer."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - the command line speaks by printing


def answer(value: object) -> None:
    """Print the answer as JSON."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, default=str)
    sys.stdout.write("\n")


def say(text: object) -> None:
    """Print a line of the answer for people."""
    sys.stdout.write(f"{text}\n")


def speak_the_language() -> None:
    """Chinese, unless the environment asks for English."""
    from django.utils import translation

    asked = os.environ.get("DUBAN_LANGUAGE") or os.environ.get("LANG", "")
    translation.activate("en" if asked.startswith("en") else "zh-hans")


def set_up() -> None:
    """Set Django up, for a command that needs no database."""
    import django

    django.setup()
    speak_the_language()


def get_ready(*, migrated: bool = True, although_stopped: bool = True) -> None:
    """Start the database if it is ours and not running, and set Django up.

    Raises:
        NotInitialised: `migrated` is asked for and `duban init` has not been run.
        StoppedOnPurpose: without `although_stopped`, a database that `duban stop` has ended.
    """
    from django.conf import settings

    from duban.postgres.server import Server
    from duban.postgres.targets import make_ready

    set_up()
    home = settings.TARGET.home
    if home is not None and not although_stopped and not Server(home).revive(notice):
        raise StoppedOnPurpose
    make_ready(settings.TARGET, notice)
    if migrated and not is_initialised():
        raise NotInitialised


def is_initialised() -> bool:
    """Whether `duban init` has made the tables and the local operator."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('identity_key') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM identity_key)")
        return bool(cursor.fetchone()[0])


def person_id(name: str | None) -> int:
    """Who acts: the named person, or the local operator."""
    from duban.identity.setup import OPERATOR, person_named

    found = person_named(name or OPERATOR)
    if found is None:
        raise UnknownPerson(name=name or OPERATOR)
    return found


@contextmanager
def session(name: str | None) -> Iterator[str]:
    """The token of a session that lasts as long as the command."""
    from duban.identity import entry
    from duban.identity.origin import coming_from

    token = entry.open_session(person_id(name), agent="command line")
    if token is None:
        raise UnknownPerson(name=str(name))
    with coming_from("command line"):
        try:
            yield token
        finally:
            entry.end_session(token)


@contextmanager
def acting(name: str | None) -> "Iterator[Appointment]":
    """One transaction, entered as the named person or the local operator."""
    from duban.identity.entry import entered

    with session(name) as token, entered(token) as actor:
        yield actor


def day(text: str) -> date:
    """An argument that is a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            str(Sentence(N_("{text} is not a day; write 2026-03-31."), {"text": text}))
        ) from None


def instant(text: str) -> datetime:
    """An argument that is an instant, with its zone; without one it is taken in Asia/Shanghai."""
    from zoneinfo import ZoneInfo

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        words = Sentence(N_("{text} is not an instant; write 2026-03-31T18:00:00+08:00."), {"text": text})
        raise argparse.ArgumentTypeError(str(words)) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def port_number(text: str) -> int:
    """An argument that is a port."""
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(
        str(Sentence(N_("{text} is not a port; give a number from 1 to 65535."), {"text": text}))
    )


def dimensions(text: str) -> list[Dimension]:
    """An argument that names dimensions of a position, parted by commas."""
    try:
        return [Dimension(name.strip()) for name in text.split(",") if name.strip()]
    except ValueError:
        values = {"text": text, "names": ", ".join(Dimension)}
        words = Sentence(N_("{text}: a position is broken down by {names}, parted by commas."), values)
        raise argparse.ArgumentTypeError(str(words)) from None
