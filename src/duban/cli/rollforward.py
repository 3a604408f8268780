"""`duban arrears rollforward`."""

import argparse
from typing import TYPE_CHECKING

from duban.cli.common import acting, answer, day, get_ready, say
from duban.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from duban.arrears.queries.rollforward import Rolled
    from duban.arrears.rules.rollforward import RollForward


_OPENING, _CLOSING = N_("Opening balance"), N_("Closing balance")


def add_to(arrears: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    roll = arrears.add_parser("rollforward", help="what is open on one day, what changed it, what is open on another")
    roll.add_argument("--unit", required=True)
    roll.add_argument("--from", dest="start", required=True, type=day, metavar="DATE")
    roll.add_argument("--to", dest="end", required=True, type=day, metavar="DATE")
    roll.add_argument("--as", dest="person")
    roll.add_argument("--json", action="store_true")
    roll.set_defaults(run=rollforward)


def rollforward(asked: argparse.Namespace) -> int:
    """`duban arrears rollforward --unit CODE --from DATE --to DATE`."""
    get_ready()
    from duban.arrears.queries.rollforward import rollforward as roll

    with acting(asked.person) as actor:
        found = roll(asked.unit, asked.start, asked.end, actor)
    if asked.json:
        answer(_as_json(found))
    else:
        _tell(found)
    return 0


def _as_json(found: "Rolled") -> dict[str, object]:
    outside = {part.value: {"opening": str(was), "closing": str(is_)} for part, (was, is_) in found.outside.items()}
    return {
        "unit": found.unit.code,
        "from": found.start.isoformat(),
        "to": found.end.isoformat(),
        **{view.value: _amounts(of_view) for view, of_view in found.views.items()},
        "outside": outside,
    }


def _amounts(of_view: "RollForward") -> dict[str, str]:
    terms = {term.value: str(of_view.figure(term)) for term in of_view.changes}
    ends = {"closing": str(of_view.closing), "difference": str(of_view.difference)}
    return {"opening": str(of_view.opening), **terms, **ends}


def _tell(found: "Rolled") -> None:
    for view, of_view in found.views.items():
        say(f"{found.unit.name} {found.start}—{found.end} {view.label}")
        say(f"  {Sentence(_OPENING)} {of_view.opening}")
        for term in of_view.changes:
            say(f"  {'−' if term.is_subtracted else '+'} {term.label} {of_view.figure(term)}")
        say(f"  = {Sentence(_CLOSING)} {of_view.closing}")
    for part, (was, is_) in found.outside.items():
        say(f"{part.label}: {was} → {is_}")
