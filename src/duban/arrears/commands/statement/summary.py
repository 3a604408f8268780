"""What the preview of a statement says: counts and sums, and the reporter's roll-forward (期初 … 期末)."""

from collections.abc import Iterable, Sequence

from duban.arrears import queries
from duban.arrears.commands.statement.checked import Checked
from duban.arrears.commands.statement.comparing import Compared
from duban.arrears.commands.statement.renewing import renewals
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
    clean = checked.clean
    severities = [found.severity for found in checked.findings]
    in_doubt = [one.row.stated.amount for one in checked.compared if one.is_undecided]
    return {
        "rows": reading.row_count,
        "clean_rows": len(clean),
        "error_rows": reading.row_count - len(clean),
        "recognised_total": _sum(one.row.stated.amount for one in clean).fen,
        "cleared_total": _sum(one.row.stated.cleared for one in clean).fen,
        "opening": queries.latest_accepted_day(statement.unit_id) is None,
        **effect(clean, [question.claim for question in checked.gone], ledger, in_doubt=in_doubt),
        "renewed": len(renewals(clean)),
        "refined": sum(bool(one.proposal.moves) and not one.proposal.changes for one in clean),
        "warnings": severities.count(Severity.WARNING),
        "errors": severities.count(Severity.ERROR),
    }


def effect(
    rows: Sequence[Compared],
    gone: Sequence[KnownClaim],
    ledger: Sequence[KnownClaim],
    *,
    in_doubt: Sequence[Money] = (),
) -> dict[str, dict[str, int]]:
    """What entering rows does: how many changes of each kind, their sums in fen, and the roll-forward.

    Args:
        gone: the claims that vanish.
        ledger: all claims of the reporter, before it.
        in_doubt: what rows state of which nobody knows yet what they change.
    """
    changes = [change for one in rows for change in one.proposal.changes.items()]
    changes += [(Change.VANISHED, claim.still_owed) for claim in gone]
    changes += [(Change.CONFLICT, amount) for amount in in_doubt]
    counts, sums = dict.fromkeys(map(str, Change), 0), dict.fromkeys(map(str, Change), 0)
    for change, amount in changes:
        counts[change] += 1
        sums[change] += abs(amount).fen
    return {"proposed": counts, "proposed_fen": sums, "rollforward": _rollforward(rows, gone, ledger)}


def _rollforward(rows: Sequence[Compared], gone: Sequence[KnownClaim], ledger: Sequence[KnownClaim]) -> dict[str, int]:
    """From what the ledger has owed to what it has afterwards, in fen.

    Opening + new + raised + returned - cleared - reduced = closing (期初, 新增, 调增, 冲回, 清偿, 核减, 期末), over all
    parts, due or not, and with those before a court.
    """
    fresh = [move for one in rows if one.claim is None for move in one.proposal.moves]
    known = [move for one in rows if one.claim is not None for move in one.proposal.moves]
    terms = {
        "opening": _sum(claim.still_owed for claim in ledger),
        "new": _out_of(fresh, Account.RECOGNISED),
        "raised": _out_of(known, Account.RECOGNISED),
        "returned": _out_of(known, Account.REPORTED),
        "cleared": _into([*fresh, *known], Account.REPORTED),
        "reduced": _into(known, Account.REDUCED) + _sum(claim.still_owed for claim in gone),
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
