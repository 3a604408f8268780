"""`duban arrears`."""

import argparse
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from duban.arrears.rules.statement import Change
from duban.cli import rollforward
from duban.cli.common import acting, answer, day, dimensions, get_ready, instant, notice, say, session
from duban.cli.people import NoSuchFile
from duban.kernel.money import Money
from duban.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from duban.arrears.models import Statement
    from duban.arrears.queries.position import PositionRow
    from duban.arrears.rules.position import Rates

CHUNK = 1024 * 1024
CHANGES = [change.value for change in Change]
ZONE = ZoneInfo("Asia/Shanghai")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this module's commands."""
    arrears = commands.add_parser("arrears", help="清欠").add_subparsers(required=True, metavar="WHAT")
    take = arrears.add_parser("import", help="take a ledger workbook in; --commit enters it")
    take.add_argument("file", type=Path)
    take.add_argument("--unit", required=True)
    take.add_argument("--as-of", required=True, type=day)
    take.add_argument("--mode", choices=["full", "changes"], default="full")
    take.add_argument(
        "--coverage",
        type=_pair,
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="of which part of the ledger it is: line, kind or category",
    )
    take.add_argument("--commit", action="store_true")
    take.add_argument(
        "--accept-reason",
        metavar="TEXT",
        help="accept what vanished, was taken back or was relabelled, with one text for all",
    )
    take.add_argument("--hold-errors", action="store_true")
    take.add_argument("--annotated", type=Path, metavar="OUT.xlsx", help="write the workbook with its findings marked")
    take.add_argument("--as", dest="person")
    take.add_argument("--json", action="store_true")
    take.set_defaults(run=take_in)

    give = arrears.add_parser("ledger", help="the ledger of a unit as the workbook for next month")
    give.add_argument("--unit", required=True)
    give.add_argument("--out", required=True, type=Path, metavar="FILE.xlsx")
    give.add_argument("--as", dest="person")
    give.set_defaults(run=give_out)

    due = arrears.add_parser("fall-due", help="move what has fallen due by today; for the night, and harmless again")
    due.add_argument("--as", dest="person")
    due.set_defaults(run=fall_due)

    where = arrears.add_parser("position", help="where the ledger stands")
    where.add_argument("--as-of", required=True, type=day)
    where.add_argument("--known-at", type=instant)
    where.add_argument("--by", type=dimensions, default=[])
    where.add_argument("--rule", choices=["C0", "C1"], default="C0")
    where.add_argument("--as", dest="person")
    where.add_argument("--json", action="store_true")
    where.set_defaults(run=position)

    rollforward.add_to(arrears)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals and value):
        raise argparse.ArgumentTypeError(str(Sentence(N_("Write it as KEY=VALUE, such as category=works."))))
    return key, value


def fall_due(asked: argparse.Namespace) -> int:
    """`duban arrears fall-due`."""
    from django.utils import timezone

    get_ready()
    from duban.arrears import commands

    with acting(asked.person) as actor:
        done = commands.fall_due(today=timezone.localdate(), actor=actor)
    commands.fold_flows()
    for skipped in done.skipped:
        notice(skipped)
    say(Sentence(N_("{count} claims fell due."), {"count": done.count}))
    return 0


# -- import -----------------------------------------------------------------------------------------------------------


def take_in(asked: argparse.Namespace) -> int:
    """`duban arrears import FILE`: receive, check, and with `--commit` enter, each a transaction of its own."""
    from django.utils import timezone

    get_ready()
    from duban.arrears import commands
    from duban.identity.entry import entered

    today = timezone.localdate()
    with session(asked.person) as token:
        with entered(token) as actor:
            statement = commands.receive(
                unit_code=asked.unit, as_of=asked.as_of, today=today, name=asked.file.name,
                content=_chunks(asked.file), mode=asked.mode, covers=dict(asked.coverage), actor=actor,
            )  # fmt: skip
        with entered(token) as actor:
            statement = commands.check(statement.uid, today=today, actor=actor)
            if asked.commit and asked.accept_reason is not None and statement.state == "checked":
                commands.answer_all(statement.uid, reason=asked.accept_reason, actor=actor)
            may_commit = asked.commit and _may_commit(statement, hold_errors=asked.hold_errors)
        if may_commit:
            with entered(token) as actor:
                commands.ask_to_accept(statement.uid, hold_errors=asked.hold_errors, actor=actor)
            with entered(token) as actor:
                statement = commands.accept(statement.uid, actor=actor)
            commands.fold_flows()
        with entered(token):
            report = _report(statement, hold_errors=asked.hold_errors)
            if asked.annotated:
                _annotate(statement, asked.annotated)
    if asked.json:
        answer(report)
    else:
        _tell(report)
    refused = statement.state == "refused" or (asked.commit and not report["committed"])
    return 1 if refused or (report["error_rows"] and not asked.hold_errors) else 0


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise NoSuchFile(path=path, reason=error.strerror or str(error)) from error


def _annotate(statement: "Statement", out: Path) -> None:
    from duban.arrears.queries import findings_of
    from duban.arrears.sheet import LEDGER
    from duban.evidence.commands import path_of
    from duban.workbook.annotated import write_annotated

    write_annotated(path_of(statement.file.sha256), findings_of(statement), out, schemas=[LEDGER])


def give_out(asked: argparse.Namespace) -> int:
    """`duban arrears ledger --unit CODE --out FILE.xlsx`."""
    from django.utils import timezone

    get_ready()
    from duban.arrears import commands

    try:
        with asked.out.open("wb") as file, acting(asked.person) as actor:
            rows = commands.give_ledger(file, unit_code=asked.unit, today=timezone.localdate(), actor=actor)
    except OSError as error:
        raise NoSuchFile(path=asked.out, reason=error.strerror or str(error)) from error
    say(Sentence(N_("Wrote {rows} rows into {file}."), {"rows": rows, "file": asked.out}))
    return 0


def _may_commit(statement: "Statement", *, hold_errors: bool) -> bool:
    from duban.arrears.queries import open_questions

    if statement.state != "checked":
        return False
    return hold_errors or not (statement.summary["error_rows"] or open_questions(statement))


def _report(statement: "Statement", *, hold_errors: bool) -> dict[str, Any]:
    from duban.arrears.queries import findings_of, open_questions
    from duban.workbook.findings import sentence_from_stored

    summary = {"proposed": dict.fromkeys(CHANGES, 0), "proposed_fen": dict.fromkeys(CHANGES, 0), **statement.summary}
    findings = [finding.as_json() for finding in findings_of(statement)]
    if statement.refusal:
        message = str(sentence_from_stored(statement.refusal))
        whole = {"rule": "file", "severity": "error", "sheet": "", "cell": "", "value": "", "expected": ""}
        findings.insert(0, {**whole, "message": message})
    return {
        "rows": summary.get("rows", 0),
        "clean_rows": summary.get("clean_rows", 0),
        "error_rows": summary.get("error_rows", 0),
        "held_rows": summary.get("held_rows", summary.get("error_rows", 0) if hold_errors else 0),
        "recognised_total": _yuan(summary.get("recognised_total", 0)),
        "cleared_total": _yuan(summary.get("cleared_total", 0)),
        "opening": summary.get("opening", False),
        "findings": findings,
        "proposed": summary["proposed"],
        "proposed_amounts": {change: _yuan(fen) for change, fen in summary["proposed_fen"].items()},
        "rollforward": {term: _yuan(fen) for term, fen in summary.get("rollforward", {}).items()},
        "questions": open_questions(statement),
        "committed": statement.state == "accepted",
        "submission": str(statement.uid),
    }


def _yuan(fen: int) -> str:
    return str(Money.from_fen(fen))


def _tell(report: dict[str, Any]) -> None:
    for finding in report["findings"]:
        say(f"{finding['severity']:8} {finding['sheet']}!{finding['cell']} {finding['rule']}: {finding['message']}")
    text = N_("{rows} rows, {clean_rows} without errors; recognised {recognised_total}, cleared {cleared_total}.")
    say(Sentence(text, report))
    if report["questions"]:
        text = N_("{count} questions are open: give --accept-reason for all, or decide on each on the page.")
        say(Sentence(text, {"count": report["questions"]}))
    say(Sentence(N_("Entered.")) if report["committed"] else Sentence(N_("Nothing was entered.")))


# -- position ---------------------------------------------------------------------------------------------------------


def position(asked: argparse.Namespace) -> int:
    """`duban arrears position --as-of DATE`.

    Without `--known-at` it is what is known now; the instant is part of the answer, so that it can be asked for again.
    """
    get_ready()
    from duban.arrears.queries import position as where
    from duban.arrears.rules import position as rules
    from duban.arrears.rules.accounts import Rule

    as_of, month = asked.as_of, asked.as_of.replace(day=1)
    with acting(asked.person) as actor:
        known_at = asked.known_at or where.now()
        rows = where.position(actor=actor, as_of=as_of, known_at=known_at, by=asked.by)
        new = where.newly_recognised(actor=actor, since=month, as_of=as_of, known_at=known_at)
    total = where.added_up(rows)
    stated, counted = rules.rates(total.balances, Rule.C0), rules.rates(total.balances, Rule.C1)
    if not asked.json:
        _tell_position(rows, rules.rates(total.balances, Rule(asked.rule)))
        return 0
    metrics = {
        "stated": _rates(stated),
        "counted": _rates(counted),
        "new": str(new),
        "rebound": None,
        "base": None,
        "reasons": {name: str(reason) for name, reason in {**stated.reasons, "base": rules.NO_BASE}.items()},
    }
    answer(
        {
            "as_of": as_of.isoformat(),
            "known_at": known_at.astimezone(ZONE).isoformat(),
            "rule": asked.rule,
            "rows": [_row(row) for row in rows],
            "metrics": metrics,
        }
    )
    return 0


def _row(row: "PositionRow") -> dict[str, object]:
    from duban.arrears.rules.position import recognised

    amounts = {account.value: str(amount) for account, amount in row.balances.items()}
    return {**row.keys, "claims": row.claims, "recognised": str(recognised(row.balances)), **amounts}


def _rates(rates: "Rates") -> dict[str, str | None]:
    names = ("progress", "undisputed_rate", "due_rate", "small_zero_rate", "plan_rate")
    return {name: _ratio(getattr(rates, name)) for name in names}


def _ratio(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate:.4f}"


def _tell_position(rows: "list[PositionRow]", rates: "Rates") -> None:
    from duban.arrears.rules.position import still_open

    for row in rows:
        keys = " ".join(row.keys.values())
        values = {"claims": row.claims, "open": still_open(row.balances)}
        say(f"{keys}  " + str(Sentence(N_("{claims} claims, {open} due and open"), values)))
    notice(Sentence(N_("Cleared: {progress}"), {"progress": _ratio(rates.progress) or "—"}))
