"""`duban units` and `duban users`."""

import argparse
from pathlib import Path

from duban.cli.common import acting, answer, get_ready, notice, say
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class NoSuchFile(DomainError):
    """A file that is not there, or cannot be read."""

    text = N_("The file {path} cannot be read: {reason}. Check its name and whether you may read it.")

    def __init__(self, *, path: Path, reason: str) -> None:
        super().__init__(path=path, reason=reason)


class NotText(DomainError):
    """A CSV in an encoding that we do not know."""

    text = N_("The file {path} is neither UTF-8 nor GB18030 text. Save it as CSV in one of them.")

    def __init__(self, *, path: Path) -> None:
        super().__init__(path=path)


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this module's commands."""
    units = commands.add_parser("units", help="the organisation tree").add_subparsers(required=True, metavar="WHAT")
    load = units.add_parser("load", help="load a CSV: code,name,kind,region,parent,line,aliases")
    load.add_argument("file", type=Path)
    load.add_argument("--as", dest="person")
    load.add_argument("--json", action="store_true")
    load.set_defaults(run=load_units)

    users = commands.add_parser("users", help="people and appointments").add_subparsers(required=True, metavar="WHAT")
    add = users.add_parser("add", help="appoint a person; prints a first password for a new one")
    add.add_argument("name")
    add.add_argument("--unit", required=True)
    add.add_argument("--role", required=True)
    add.add_argument("--line", default="")
    add.add_argument("--as", dest="person")
    add.add_argument("--json", action="store_true")
    add.set_defaults(run=add_user)


def read_text(path: Path) -> str:
    """A text file in UTF-8 or GB18030."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NoSuchFile(path=path, reason=error.strerror or str(error)) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotText(path=path)


def load_units(asked: argparse.Namespace) -> int:
    """`duban units load FILE.csv`."""
    from django.utils import timezone

    get_ready()
    from duban.identity import commands, units

    rows = units.read_units(read_text(asked.file))
    with acting(asked.person) as actor:
        added, changed = commands.load_units(rows, on=timezone.localdate(), actor=actor)
    if asked.json:
        answer({"units": len(rows), "added": added, "changed": changed})
    else:
        say(Sentence(N_("Loaded units: {added} new, {changed} changed."), {"added": added, "changed": changed}))
    return 0


def add_user(asked: argparse.Namespace) -> int:
    """`duban users add NAME --unit CODE --role ROLE`."""
    from django.utils import timezone

    get_ready()
    from duban.identity import commands

    with acting(asked.person) as actor:
        appointment = commands.appoint(
            name=asked.name,
            unit_code=asked.unit,
            role=asked.role,
            line=asked.line,
            on=timezone.localdate(),
            actor=actor,
        )
        is_new = appointment.person.appointments.count() == 1
        password = commands.set_first_password(appointment.person, actor=actor) if is_new else None
    if asked.json:
        answer({"name": asked.name, "unit": asked.unit, "role": asked.role, "password": password})
    elif password:
        notice(Sentence(N_("The first password of {name}, to be changed at the first sign-in:"), {"name": asked.name}))
        say(password)
    return 0
