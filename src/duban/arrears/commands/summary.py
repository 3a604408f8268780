"""What the preview of a statement says: counts and sums, and the reporter's roll-forward (期初 … 期末)."""

from collections.abc import Iterable, Iterator, Sequence

from duban.arrears import queries
from duban.arrears.commands.checked import Checked
from duban.arrears.commands.renewing import renewals
from duban.arrears.models import Statement
from duban.arrears.queries import KnownClaim
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.statement import Change, Move
from duban.arrears.sheet import LedgerReading
from duban.kernel.money import ZERO, Money
from duban.workbook.findings import Severity


def summarise(
    statement: Statement, reading: LedgerReading, checked: Checked, ledger: Sequence[KnownClaim]
) -> dict[str, object]:
    """The summary of a checked statement, in the form of the command line (amounts in fen)."""
    counts, sums = dict.fromkeys(map(str, Change), 0), dict.fromkeys(map(str, Change), ZERO)
    for change, amount in _all_changes(checked):
        counts[change] += 1
        sums[change] += abs(amount)
    clean = checked.clean
    severities = [found.severity for found in checked.findings]
    return {
        "rows": reading.row_count,
        "clean_rows": len(clean),
        "error_rows": reading.row_count - len(clean),
        "recognised_total": _sum(one.row.stated.amount for one in clean).fen,
        "cleared_total": _sum(one.row.stated.cleared for one in clean).fen,
        "opening": queries.latest_accepted_day(statement.unit_id) is None,
        "proposed": counts,
        "proposed_fen": {change: amount.fen for change, amount in sums.items()},
        "renewed": len(renewals(clean)),
        "refined": sum(bool(one.proposal.moves) and not one.proposal.changes for one in clean),
        "rollforward": _rollforward(checked, ledger),
        "warnings": severities.count(Severity.WARNING),
        "errors": severities.count(Severity.ERROR),
    }


def _all_changes(checked: Checked) -> Iterator[tuple[Change, Money]]:
    for one in checked.compared:
        if one.is_undecided:
            yield Change.CONFLICT, one.row.stated.amount
        else:
            yield from one.proposal.changes.items()
    for question in checked.gone:
        yield Change.VANISHED, question.amount


def _rollforward(checked: Checked, ledger: Sequence[KnownClaim]) -> dict[str, int]:
    """From what the ledger has owed to what it would have, if all that is asked were accepted, in fen.

    Opening + new + raised + returned - cleared - reduced = closing (期初, 新增, 调增, 冲回, 清偿, 核减, 期末), over all
    parts, due or not, and with those before a court. What a row in error states is in no term.
    """
    fresh = [move for one in checked.clean if one.claim is None for move in one.proposal.moves]
    known = [move for one in checked.clean if one.claim is not None for move in one.proposal.moves]
    terms = {
        "opening": _sum(claim.still_owed for claim in ledger),
        "new": _out_of(fresh, Account.RECOGNISED),
        "raised": _out_of(known, Account.RECOGNISED),
        "returned": _out_of(known, Account.REPORTED),
        "cleared": _into([*fresh, *known], Account.REPORTED),
        "reduced": _into(known, Account.REDUCED) + _sum(question.amount for question in checked.gone),
    }
    gained = terms["new"] + terms["raised"] + terms["returned"]
    closing = terms["opening"] + gained - terms["cleared"] - terms["reduced"]
    return {**{name: amount.fen for name, amount in terms.items()}, "closing": closing.fen}


def _out_of(moves: Iterable[Move], account: Account) -> Money:
    return _sum(move.amount for move in moves if move.source is account)


def _into(moves: Iterable[Move], account: Account) -> Money:
    return _sum(move.amount for move in moves if move.destination is account)


def _sum(amounts: Iterable[Money]) -> Money:
    return sum(amounts, ZERO)
