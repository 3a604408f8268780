"""`duban audit`."""

import argparse
from dataclasses import asdict

from duban.cli.common import acting, answer, get_ready, say
from duban.kernel.words import N_, Sentence


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this module's commands."""
    audit = commands.add_parser("audit", help="the proof").add_subparsers(required=True, metavar="WHAT")
    check = audit.add_parser("verify", help="recompute the ledger and its projections")
    check.add_argument("--as", dest="person")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=verify)


def verify(asked: argparse.Namespace) -> int:
    """`duban audit verify`: exit 1 when a row does not say what the rest of the books says."""
    get_ready()
    from duban.audit import verify as books

    with acting(asked.person):
        verdict = books.verify()
    if asked.json:
        answer(
            {"ok": verdict.ok, "checked": verdict.checked, "first": asdict(verdict.first) if verdict.first else None}
        )
    elif verdict.first is None:
        counts = ", ".join(f"{name} {count}" for name, count in verdict.checked.items())
        say(Sentence(N_("Nothing is wrong. Checked: {counts}."), {"counts": counts}))
    else:
        first = verdict.first
        say(
            Sentence(
                N_("{table} {uid}, {column}: {says}"),
                {"table": first.table, "uid": first.uid, "column": first.column, "says": first.says},
            )
        )
    return 0 if verdict.ok else 1
